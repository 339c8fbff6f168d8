"""Training runs: plain gradient descent on a network, and what came of it."""
