"""Claims about the network that reads whole batches with any labels."""
