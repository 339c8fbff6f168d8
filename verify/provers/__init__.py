"""The four ways of discharging an obligation: solver, identity, enumeration, induction."""
