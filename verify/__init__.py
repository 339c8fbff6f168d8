"""Proof obligations of the constructions, the provers that discharge them, and the command that prints the verdicts."""
