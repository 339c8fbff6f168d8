"""Re-establish a reviewer's statements from a proof file: the standard library, a solver of the reviewer's, and nothing
else of this project."""
