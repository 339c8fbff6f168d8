"""Claims about sums with random signs: how likely a random query tells two batches apart."""
