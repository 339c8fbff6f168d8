"""Claims about queries to one batch (Lemmas 5a, 5b and 6)."""
