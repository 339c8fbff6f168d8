"""What a command says of a method that asks queries; what it means is found in :mod:`verify.arguments.query_method`."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOptions:
    """What a command says of a method; None is what it leaves open.

    Parameters
    ----------
    n : bits of a point. tau : the tolerance. k : how many queries, for a method that is built for a number of them.
    """

    n: int | None = None
    tau: Fraction | None = None
    k: int | None = None
