"""The lines of the errata, a file for each field of the paper."""
