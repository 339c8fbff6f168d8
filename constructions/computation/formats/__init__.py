"""Files of circuits and machines: AIGER 1.9 (ASCII and binary) and BENCH."""
