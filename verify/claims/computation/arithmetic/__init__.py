"""Claims about the arithmetic of circuits: a cell for one place, and its fold over every width."""
