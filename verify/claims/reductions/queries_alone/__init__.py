"""Claims about queries of the source in the place of queries about batches (Theorem 2c, Lemma 5c)."""
