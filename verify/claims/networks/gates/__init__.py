"""Claims about the gates of Lemma 10."""
