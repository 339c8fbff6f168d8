"""A user's whole job from Python, as in a notebook: claims, proofs, pictures, networks, runs and certificates."""
