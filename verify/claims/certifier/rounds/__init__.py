"""Claims about how rounds are proved."""
