"""Claims about the memory of signed sums."""
