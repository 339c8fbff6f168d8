"""Claims about methods, their budgets and simulations (Definition 1)."""
