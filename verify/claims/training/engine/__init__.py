"""Claims about the array engine: its steps, its numbers, what it leaves out, and the top statement."""
