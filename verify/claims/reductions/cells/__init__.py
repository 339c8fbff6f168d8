"""Claims about answers that are held to a grid (Lemmas 5d and 7; Theorem 2d and Lemma 2 looking ahead)."""
