"""Claims about the layout of an emulation network."""
