"""Claims about constructions/computation/formats."""
