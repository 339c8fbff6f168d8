"""Claims about the adversary that plays against any SQ method about parities."""
