"""Claims about the certifier: the lemmas that its note argues, over its own functions."""
