"""Claims about one step of gradient descent: Equation (9), Lemma 8, and the range of its numbers."""
