"""Small changes to the constructions, and whether the claims and the tests notice them."""
