"""Claims about the training of an emulation network."""
