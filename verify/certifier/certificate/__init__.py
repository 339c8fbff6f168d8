"""The certificate: what was found of a network, written down for the checker, with proofs, and handed over to it."""
