"""Claims about reading a batch with errors: which queries there are, what they tell apart, and what no queries can."""
