"""Claims about differentiable models."""
