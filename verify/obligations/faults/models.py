"""What is wrong, or wider than printed, in Lemmas 3a, 8 and 9, the corollaries and B.1: differentiable models."""

from verify.obligations.faults.erratum import Erratum

MODELS = (
    Erratum(
        "E46", "Lemma 9: the value rounded to the grid may leave the domain", "1/delta is whole, or clamp the grid"
    ),
    Erratum("E19", "Lemma 3a: rounding the random bits"),
    Erratum("E21", "indices in Lemmas 8 and 3a"),
    Erratum("E33", "Corollaries 1 and 2: rho < 1/8"),
    Erratum("E34", "B.1: a parameter that is a multiplier and an input"),
)
