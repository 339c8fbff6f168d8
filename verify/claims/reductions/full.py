"""FULL: every batch of small sizes is read, from any answers within the tolerance."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

from constructions.errors import ConstructionError
from constructions.learning.error import error
from constructions.learning.learners import memoriser, parity
from constructions.learning.models import PAC, QueryMethod, SampleMethod
from constructions.learning.problems import Bits, Table
from constructions.reductions.full import Powers, full, newton, number, word_of
from constructions.reductions.one_bit import nearest_counts
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

SIZES = ((1, 1), (1, 2), (1, 3), (1, 6), (2, 1), (2, 2), (2, 3), (2, 5), (3, 1), (3, 2), (3, 3), (4, 2))
FINITE = "all 388 batches of the sizes 1 to 4 bits by 1 to 6 points"
TINY = Fraction(1, 10**9)


def batches_of(width: int, b: int) -> list[tuple[Bits, ...]]:
    """Every batch, as a sorted tuple of words."""
    return list(combinations_with_replacement(product((0, 1), repeat=width), b))


def _batches() -> Iterator[dict[str, Any]]:
    """Every batch of every size, by number."""
    for width, b in SIZES:
        for i in range(len(batches_of(width, b))):
            yield {"width": Fraction(width), "b": Fraction(b), "batch": Fraction(i)}


Reader = Callable[[Powers, tuple[int, ...]], tuple[Bits, ...]]


def read_all(ask: Powers, counts: tuple[int, ...]) -> tuple[Bits, ...]:
    """The batch that is read."""
    return ask.read(counts)


def read_support(ask: Powers, counts: tuple[int, ...]) -> tuple[Bits, ...]:
    """The batch without its multiplicities (the twin's)."""
    return tuple(sorted(set(ask.read(counts))))


def _reads(tau: Fraction, reader: Reader) -> Callable[[Case], tuple[Fraction, Reader]]:
    return lambda case: (tau, reader)


@obligation(
    "theorem2a.full",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_batches,
    finite=FINITE,
    expect=Verdict.CHECKED,
    of=_reads(Fraction(1, 2) - TINY, read_all),
    twin=_reads(Fraction(1, 2) - TINY, read_support),
)
@obligation(
    "theorem2a.full.edge",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_batches,
    finite=FINITE,
    expect=Verdict.CHECKED,
    of=_reads(Fraction(1, 2) - TINY, read_all),
    twin=_reads(Fraction(1, 2), read_all),
)
def every_batch_is_read(subject: tuple[Fraction, Reader], case: Case) -> None:
    """For every batch of the finite case, from answers at the very edge of the tolerance (all of them high, all of them
    low, or in turns), FULL reads the whole batch with multiplicities."""
    edge, reader = subject
    width, b, i = (int(case.integer(name)) for name in ("width", "b", "batch"))
    ask, batch = Powers(width, b), batches_of(width, b)[i]
    counts = ask.counts(batch)
    for name, signs in (("high", (1, 1)), ("low", (-1, -1)), ("in turns", (1, -1))):
        answers = [(count + signs[j % 2] * edge) / b for j, count in enumerate(counts)]
        case.show(f"answers {name}", _read(ask, nearest_counts(answers, b), reader) == batch)


def _read(ask: Powers, counts: tuple[int, ...], reader: Reader) -> tuple[Bits, ...] | None:
    """What the reader makes of the counts, or None if they are no batch's."""
    try:
        return reader(ask, counts)
    except ConstructionError:
        return None


def _many() -> Iterator[dict[str, Any]]:
    for width, b in product(range(1, 13), (1, 2, 3, 7, 20, 100)):
        yield {"width": Fraction(width), "b": Fraction(b)}


@obligation(
    "theorem2a.full.queries",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_many,
    finite="n + 1 <= 12, b <= 100",
    expect=Verdict.CHECKED,
    of=lambda case: 1,
    twin=lambda case: 2,
)
def full_asks_few_queries(lost: int, case: Case) -> None:
    """For each word length n + 1 and batch size b of the finite case, the prime that FULL uses is larger than every
    word (as a number) and than b, and it asks b (n + 2) - 1 queries if b < 2^(n+1)."""
    width, b = int(case.integer("width")), int(case.integer("b"))
    ask = Powers(width, b)
    case.show("the prime", ask.prime >= 2**width and ask.prime > b)
    case.show("queries", ask.parallel == b * (width + 1) - lost, given=b < 2**width)


def _roots() -> Iterator[dict[str, Any]]:
    """Every choice of roots modulo some primes."""
    for prime, size in ((3, 2), (5, 3), (7, 4), (11, 2)):
        for roots in combinations_with_replacement(range(prime), size):
            yield {"prime": Fraction(prime)} | {f"root{i}": Fraction(root) for i, root in enumerate(roots)}


@obligation(
    "theorem2a.full.newton",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_roots,
    expect=Verdict.CHECKED,
    finite="all roots: (prime, size) = (3, 2), (5, 3), (7, 4), (11, 2)",
    of=lambda case: newton,
    twin=lambda case: lambda sums, prime: newton((*sums[:-1], sums[-1] + 1), prime),
)
def newton_returns_the_product(identities: Callable[..., list[int]], case: Case) -> None:
    """For all roots of the finite case, Newton's identities turn the power sums of the roots, modulo a prime above
    their number, into the coefficients of the product of their linear factors."""
    prime = int(case.integer("prime"))
    size = {3: 2, 5: 3, 7: 4, 11: 2}[prime]
    roots = [int(case.integer(f"root{i}")) for i in range(size)]
    found = identities([sum(root**j for root in roots) % prime for j in range(1, size + 1)], prime)
    wanted = [1]
    for root in roots:
        wanted = [(a - root * c) % prime for a, c in zip([*wanted, 0], [0, *wanted], strict=True)]
    case.show("the coefficients", found == wanted)


def _first(sample: Any, bits: Bits) -> Any:
    """The label of the first point."""
    return lambda x: sample[0][1]


SOURCES = (
    Table(1, {((0,), 0): Fraction(1, 8), ((1,), 1): Fraction(7, 8)}),
    Table(1, {((0,), 0): Fraction(1, 4), ((0,), 1): Fraction(1, 4), ((1,), 1): Fraction(1, 2)}),
)
METHODS = (
    SampleMethod(n=1, budget=PAC(m=3), learn=_first),
    SampleMethod(n=1, budget=PAC(m=3, r=1), learn=lambda sample, bits: lambda x: sample[2][1] ^ bits[0] & x[0]),
    parity(1, 3),
    memoriser(1, 2),
)


def _runs() -> Iterator[dict[str, Any]]:
    for b, source, method in product((1, 2, 3), range(len(SOURCES)), range(len(METHODS))):
        yield {"b": Fraction(b), "source": Fraction(source), "method": Fraction(method)}


def _full(symmetric: bool) -> Callable[[Case], Callable[[SampleMethod, int], QueryMethod]]:
    """FULL for methods that look at the order of their sample; the twin's takes the sorted batch for them all the
    same."""
    return lambda case: lambda method, b: full(1, b=b, tau=Fraction(1, 2 * b + 1), symmetric=symmetric)(method)


@obligation(
    "theorem2a.full.simulates",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_runs,
    expect=Verdict.CHECKED,
    finite="n = 1, four methods of two or three samples, b <= 3, two sources",
    of=_full(False),
    twin=_full(True),
)
def full_loses_nothing(reduce: Callable[[SampleMethod, int], QueryMethod], case: Case) -> None:
    """For each method A, source D and batch size b of the finite case, FULL simulates A, which has m samples, by a
    method A' with err(A', D) <= err(A, D), in ceil(m/b) rounds and without further random bits, though A looks at the
    order of its sample. (The broken twin runs A on sorted batches, which costs error.)"""
    b, source = int(case.integer("b")), SOURCES[int(case.integer("source"))]
    method = METHODS[int(case.integer("method"))]
    made = reduce(method, b)
    case.show("the budget", made.budget.k == -(-method.budget.m // b) and made.budget.r == method.budget.r)
    case.show("the error", error(made, source) <= error(method, source))


@obligation(
    "theorem2a.full.words",
    paper="Theorem 2a",
    kind="enumeration",
    finite="all words up to 6 bits",
    expect=Verdict.CHECKED,
    domain=lambda: iter([{"width": Fraction(width)} for width in range(1, 7)]),
    of=lambda case: number,
    twin=lambda case: sum,
)
def words_are_integers(value: Callable[[Bits], int], case: Case) -> None:
    """Every word of n + 1 bits is one integer below 2^(n+1), and this integer gives back the word."""
    width = int(case.integer("width"))
    words = list(product((0, 1), repeat=width))
    case.show("the integers", [value(word) for word in words] == list(range(2**width)))
    case.show("the words", [word_of(i, width) for i in range(2**width)] == words)


SMALL = ((1, 1), (1, 2), (2, 1), (2, 2), (3, 1))


def _any_counts() -> Iterator[dict[str, Any]]:
    """Every vector of counts from 0 to b, whether some batch has them or not, by number."""
    for width, b in SMALL:
        for i in range((b + 1) ** Powers(width, b).parallel):
            yield {"width": width, "b": b, "counts": i}


def read_wrapped(ask: Powers, counts: tuple[int, ...]) -> tuple[Bits, ...]:
    """The batch that is read; if there is none, the word of zeros b times (the twin's)."""
    try:
        return ask.read(counts)
    except ConstructionError:
        return (word_of(0, ask.width),) * ask.b


@obligation(
    "theorem2a.full.refuses",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_any_counts,
    finite="every vector of counts for n + 1 <= 3 and b = 1, and for n + 1 <= 2 and b = 2",
    expect=Verdict.CHECKED,
    of=lambda case: read_all,
    twin=lambda case: read_wrapped,
)
def only_batches_are_read(reader: Reader, case: Case) -> None:
    """Whatever the counts are, if FULL reads a batch from them, it is one of b words whose power sums are those of the
    counts modulo P; and it refuses only counts that have the power sums of no batch."""
    width, b, code = (int(case.integer(name)) for name in ("width", "b", "counts"))
    ask = Powers(width, b)
    counts = tuple(code // (b + 1) ** j % (b + 1) for j in range(ask.parallel))
    sums = ask.sums(counts)
    fitting = [batch for batch in batches_of(width, b) if ask.sums(ask.counts(batch)) == sums]
    case.show("the batch, or none", _read(ask, counts, reader) == (fitting[0] if fitting else None))
    case.show("no other batch", len(fitting) <= 1)
