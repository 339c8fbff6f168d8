"""Claims about parities on uniform bits, all at once."""
