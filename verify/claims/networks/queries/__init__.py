"""Claims about the gadget of Lemma 11, a copy for one query, and about what is false in it as printed."""
