"""Claims about how many rounds SAMPLE-EXTRACT (Algorithm 1) takes."""
