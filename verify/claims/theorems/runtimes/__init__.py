"""Running times: what the clauses of the theorems say, which of them fall short, and how large networks are."""
