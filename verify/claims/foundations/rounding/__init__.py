"""Claims about valid roundings: Equation (3)."""
