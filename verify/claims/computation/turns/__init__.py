"""Claims about the code of builders for all sizes: what is written by loops of any number of turns."""
