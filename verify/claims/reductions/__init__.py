"""Claims about constructions/reductions."""
