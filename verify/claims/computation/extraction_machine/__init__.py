"""Claims about the machine of Lemma 1, a sequential circuit that extracts samples."""
