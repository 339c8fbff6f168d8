"""The numbered items of the paper, a file for each of its sections."""
