"""Claims about the queries that determine a batch: why they do, for all sizes, and exhaustively for small ones."""
