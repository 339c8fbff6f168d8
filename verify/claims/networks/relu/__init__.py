"""Claims about Section 3's remark: ReLU networks with fixed weights."""
