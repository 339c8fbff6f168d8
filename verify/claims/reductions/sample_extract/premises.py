"""Theorem 2a and Lemma 1: what the simulations of PAC by batch queries refuse, what they predict if the rounds run out,
and how many rounds pass on a coin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.models import PAC, QueryMethod, SampleMethod
from constructions.learning.oracles import after_rounds
from constructions.learning.problems import Bits, Point, Predictor
from constructions.reductions.extract_bounds import idle_rounds_of_coin
from constructions.reductions.full import full
from constructions.reductions.one_bit import LOOK, PREFIX
from constructions.reductions.sample_extract import Extraction, extraction_method
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

HALF = Fraction(1, 2)


def refuses(make: Callable[[], Any]) -> type[Exception] | None:
    """The kind of error by which what is made is refused, if it is.

    >>> refuses(lambda: full(1, b=2, tau=HALF)).__name__, refuses(lambda: full(1, b=2, tau=HALF / 3))
    ('PremiseError', None)
    """
    try:
        make()
    except ConstructionError as error:
        return type(error)
    return None


@dataclass(frozen=True, slots=True)
class Makers:
    """What makes an extraction of a b, a tau and a delta, and what makes FULL of a b and a tau."""

    extraction: Callable[[int, Fraction, Fraction], Any]
    full: Callable[[int, Fraction], Any]


def _extraction(b: int, tau: Fraction, delta: Fraction) -> Extraction:
    return Extraction(n=1, b=b, tau=tau, delta=delta, version=PREFIX, bits=1)


def _premises() -> Iterator[dict[str, Any]]:
    for b, tau, delta in product((1, 2, 3), range(-1, 14), (-1, 0, 1)):
        yield {"b": b, "tau": Fraction(tau, 24), "delta": Fraction(delta, 8)}


@obligation(
    "theorem2a.premises",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_premises,
    finite="b <= 3, tau in 24ths, delta of both signs and 0",
    expect=Verdict.CHECKED,
    of=lambda case: Makers(_extraction, lambda b, tau: full(1, b=b, tau=tau)),
    twin=lambda case: Makers(
        lambda b, tau, delta: _extraction(b, min(abs(tau), Fraction(1, 9)), Fraction(1)),
        lambda b, tau: full(1, b=b, tau=min(abs(tau), Fraction(1, 9))),
    ),
)
def premises_are_asked(make: Makers, case: Case) -> None:
    """The extraction (Theorem 2a, Lemma 1) is refused exactly if tau is negative, b tau is 1/2 or more, or delta is not
    above 0; FULL exactly if tau is negative or b tau is 1/2 or more."""
    b, tau, delta = int(case.integer("b")), Fraction(case.real("tau")), Fraction(case.real("delta"))
    wrong = tau < 0 or b * tau >= HALF
    extraction = refuses(lambda: make.extraction(b, tau, delta))
    case.show("the extraction", extraction == (PremiseError if wrong or delta <= 0 else None))
    case.show("FULL", refuses(lambda: make.full(b, tau)) == (PremiseError if wrong else None))


def last_label(m: int) -> SampleMethod:
    """The method that predicts a third of the last label of its sample, and 0 from none.

    >>> str(last_label(1).learn((((0,), 1),), ())((0,)))
    '1/3'
    """

    def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
        return lambda x: Fraction(sum(y for _, y in sample[-1:]), 3)

    return SampleMethod(n=1, budget=PAC(m=m), learn=learn)


def _extracted(version: int, m: int) -> QueryMethod:
    """The method that extracts m samples, from batches of one, for :func:`last_label`."""
    how = Extraction(
        n=1, b=1, tau=Fraction(1, 4), delta=Fraction(1, 8), version=(PREFIX, LOOK)[version], alternating=False
    )
    return extraction_method(last_label(m), how)


def _early(version: int, m: int) -> QueryMethod:
    """The method of one sample less (the twin's)."""
    return _extracted(version, m - 1)


@obligation(
    "theorem2a.unfinished",
    paper="Theorem 2a",
    kind="enumeration",
    domain=lambda: (
        {"version": v, "m": m, "rounds": t, "label": y} for v, m, t, y in product((0, 1), (1, 2), range(5), (0, 1))
    ),
    finite="n = 1, batches of one point, one and two samples",
    expect=Verdict.CHECKED,
    of=lambda case: _extracted,
    twin=lambda case: _early,
)
def half_if_rounds_run_out(method_of: Callable[[int, int], QueryMethod], case: Case) -> None:
    """A method that extracts its samples predicts 1/2 until it has all of them, and then what the learner predicts.
    From batches of one point each round extracts it."""
    version, m, rounds, label = (int(case.integer(name)) for name in ("version", "m", "rounds", "label"))
    method = method_of(version, m)
    state = after_rounds(method, method.start((0,) * method.budget.r), [(((1,), label),)] * rounds)
    wanted = Fraction(label, 3) if rounds >= m else HALF
    case.show("what is predicted", method.predictor(state)((0,)) == wanted)


@obligation(
    "theorem2a.idle",
    paper="Theorem 2a",
    kind="enumeration",
    domain=lambda: ({"b": b, "bits": bits} for b, bits in product(range(1, 6), range(9))),
    finite="b <= 5, at most 8 random bits",
    expect=Verdict.CHECKED,
    of=lambda case: idle_rounds_of_coin,
    twin=lambda case: lambda b, bits: Fraction(1, 2**bits),
)
def rounds_on_a_coin(idle: Callable[[int, int], Fraction], case: Case) -> None:
    """With c random bits a round a coin stays open with a chance of at most 2^-c in each round. So the expected number
    e of idle rounds on it is at most 2^-c (1 + e), and the code's number makes this an equality; it is 0 where a coin
    is decided at once, and refused where there is a coin and no bit."""
    b, bits = int(case.integer("b")), int(case.integer("bits"))
    need = b > 1 and bits == 0
    found = None if need else idle(b, bits)
    case.show("refused without a bit", need == (refuses(lambda: idle(b, bits)) is PremiseError))
    wanted = found == 0 if b == 1 or (b == 2 and bits) else found is None or found * 2**bits == 1 + found
    case.show("the number", wanted)
