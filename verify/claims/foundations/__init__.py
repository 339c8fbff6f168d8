"""Claims about constructions/foundations."""
