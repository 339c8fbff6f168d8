"""Claims about the pipelines."""
