"""Claims about constructions/learning."""
