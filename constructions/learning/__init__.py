"""Learning models: source distributions, methods with budgets, valid answers, and the error of a method."""
