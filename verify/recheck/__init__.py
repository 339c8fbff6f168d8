"""The checker of certificates (Lemma 3b for one network): it alone says "certified"."""
