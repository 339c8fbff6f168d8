"""The second evaluator: exact replay of witnesses and of recorded training, sharing no walk with the provers."""
