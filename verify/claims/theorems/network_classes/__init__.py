"""Claims about Corollaries 1, 2 and 3 for neural networks: sizes and times over budgets, and the top statements."""
