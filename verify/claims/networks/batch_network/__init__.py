"""Claims about the network that reads a whole batch in one step."""
