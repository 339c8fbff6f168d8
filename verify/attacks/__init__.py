"""Attacks on the certifier: changed networks, machines and files, written from the paper and the file format only."""
