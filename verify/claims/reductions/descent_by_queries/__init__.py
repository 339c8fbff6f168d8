"""Claims about gradient descent by queries: Lemmas 4 and 13."""
