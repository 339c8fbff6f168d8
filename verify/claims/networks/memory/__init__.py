"""Claims about every graph of Definition 2's shape that meets the predicate `is_memory`."""
