"""Claims about constructions/training."""
