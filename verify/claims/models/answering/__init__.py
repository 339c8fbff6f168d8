"""Claims about the models of Lemma 3a."""
