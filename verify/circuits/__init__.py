"""Lemma 10 for circuits: that the network of a circuit emulates it."""
