"""Claims about constructions/networks."""
