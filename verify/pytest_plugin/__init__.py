"""Obligations as tests: pytest collects a file with claims, and examines each claim and its broken twin."""
