"""Section 5 and Appendix C: gates, query graphs, read-outs, output controls, and the networks made of them."""
