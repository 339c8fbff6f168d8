"""Claims about learning from batches of which a few points are read wrongly (Results B and C)."""
