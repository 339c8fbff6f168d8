"""Claims about the learners of Section 4's examples, from samples and by queries."""
