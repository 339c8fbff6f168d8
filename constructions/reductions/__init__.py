"""Reductions between learning models (Section 4, Appendix A): functions from method to method."""
