"""Differentiable models that answer queries by gradient descent: Section 5, Appendix B (Lemmas 3a, 8, 9, Fact 1)."""
