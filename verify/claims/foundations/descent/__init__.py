"""Claims about gradient descent: Equations (1) and (2)."""
