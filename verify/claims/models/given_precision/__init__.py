"""Claims about Corollary 2 on models: its parts over budgets, and its top statement."""
