"""How far a number of a claim may move before the claim fails: the ends, exactly, from the claim's own formulas."""
