"""Claims about simulations between methods of statistical queries."""
