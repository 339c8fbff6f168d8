"""The theorem store: what is proved, keyed by the content of its statement, and written only by its rules."""
