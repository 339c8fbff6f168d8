"""Claims about valid answers to queries, and about oracles: Equation (8)."""
