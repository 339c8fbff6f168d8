"""Claims about one step that reads a whole batch: gradients, records, and the step itself."""
