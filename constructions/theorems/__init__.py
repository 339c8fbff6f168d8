"""Theorems end to end: pipelines of named stages with exact budgets, and measured runs of the methods that they
give."""
