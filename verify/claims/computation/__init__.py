"""Claims about constructions/computation."""
