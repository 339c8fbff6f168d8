"""What was proved, written out for a checker that shares nothing with this project."""
