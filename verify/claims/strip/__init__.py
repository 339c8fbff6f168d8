"""Claims about the strip: one step of gradient descent that reads a whole batch."""
