"""Claims about SAMPLE-EXTRACT (Algorithm 1) as a simulation: decoding, budgets and error."""
