"""Claims about whole training runs of M and M*."""
