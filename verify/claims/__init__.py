"""What is claimed of the constructions: one module for each of theirs, every claim stated over the graph it is
given."""
