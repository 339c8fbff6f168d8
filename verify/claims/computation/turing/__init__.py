"""Turing machines as circuits: the tableau, one cell of it, its size, and what its outputs say."""
