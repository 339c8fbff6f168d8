"""A second reading of the paper: networks, training and query machines, from Section 2 and Appendix C, with the
standard library alone.

Nothing here imports querygrad, and a test sees to it. What is taken from querygrad is what is written down: the form of
a network file, the grammar of a machine's comment, the form of a certificate's rounds, and what a decoder's four
numbers mean.

========  =====================================================================================================
aiger     AIGER files, and the query machine in one: queries, updates, predictions, all bits of a word at once
network   network files
train     Section 2: outputs, derivatives, clipping, valid roundings; every weight a whole number of one unit
judge     a run and the answers that explain its last network, if any do; ``python -m independent.judge``
every     all batches, labels and valid roundings of a small network
========  =====================================================================================================
"""
