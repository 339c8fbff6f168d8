"""Claims about the read-out of Lemma 11 and about the record that it reads."""
