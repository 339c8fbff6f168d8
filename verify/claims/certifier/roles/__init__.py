"""Claims about how roles are found."""
