"""A second program that checks transcripts of ``querygrad lowerbound``; it imports nothing but Python's own library."""
