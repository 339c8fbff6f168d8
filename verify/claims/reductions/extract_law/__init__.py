"""Claims about what SAMPLE-EXTRACT (Algorithm 1) returns, and about the walk over its prefixes."""
