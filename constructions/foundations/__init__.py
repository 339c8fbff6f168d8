"""Section 2: exact numbers, activations, networks, the two walks, roundings and the descent step."""
