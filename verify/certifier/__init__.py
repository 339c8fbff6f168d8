"""The certifier: a proof about a finished network, from its weights alone (Lemma 3b, Appendix C)."""
