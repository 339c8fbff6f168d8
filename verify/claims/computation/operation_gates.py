"""How many gates operations on vectors write: a fold writes so many times what its cell writes, and a builder that
merges equal gates writes no more.

A cell writes the same number of gates whatever its literals are (``gates.cells``); the number of turns is counted by
induction (``gates.fold``, ``gates.product``); that the loops take these turns is seen on some widths
(``gates.written``). Merging and folding make nothing more (``gates.merged``, ``gates.fewer``), so what a formula says
of a machine before it bounds the machine after it.
"""

from collections.abc import Callable, Iterator
from inspect import signature
from itertools import product as pairs
from typing import Any

from constructions.computation import arithmetic, operation_gates
from constructions.computation.bits import mux
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.operation_gates import AGREE, CHOICE, FULL_ADDER, GATE, LESS, PRODUCT_CELL, gates_of
from constructions.computation.tally import GateTally, gates_written
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

CELLS = (
    (arithmetic.full_adder, FULL_ADDER),
    (arithmetic.product_cell, PRODUCT_CELL),
    (arithmetic.choice_cell, CHOICE),
    (arithmetic.agree_cell, AGREE),
    (arithmetic.less_cell, LESS),
)
FOLDS = (
    ("added", operation_gates.added, FULL_ADDER, 0),
    ("chosen", operation_gates.chosen, CHOICE, 0),
    ("same", operation_gates.same, AGREE, GATE),
    ("less", operation_gates.less, LESS, 0),
)
Formula = Callable[[Number], Number]


class SealedLiteral:
    """A literal of which a cell can learn nothing: it can be negated, and nothing else.

    >>> sealed = SealedLiteral()
    >>> (sealed ^ 1) is sealed, sealed == 3
    Traceback (most recent call last):
        ...
    TypeError: a sealed literal cannot be compared
    """

    __hash__ = None  # type: ignore[assignment]

    def __xor__(self, other: int) -> "SealedLiteral":
        return self

    def _refuse(self, *_: object) -> Any:
        raise TypeError("a sealed literal cannot be compared")

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __index__ = __and__ = __rshift__ = _refuse
    __eq__ = __ne__ = _refuse


class SealedTally(GateTally):
    """A tally whose literals are sealed, so that what it counts cannot depend on them.

    >>> gates_of(arithmetic.full_adder, SealedTally)
    9
    """

    def __init__(self) -> None:
        super().__init__()
        self.open_loops: list[tuple[object, int]] = []

    def _new(self, literals: int = 2) -> Any:
        super()._new(literals)
        return SealedLiteral()

    def input(self, name: str) -> Any:
        """A literal of which nothing is known."""
        return SealedLiteral()


class AnyLength:
    """A vector of any number of literals, for code that goes through it: one turn is run, on a literal of which nothing
    can be learned, and what it writes is counted as often as the vector is long. Vectors that are gone through together
    (``zip``) count once, and a loop in a turn of another one counts in each.

    Parameters
    ----------
    tally : what the code writes into. length : how long it is, a term.

    >>> tally = SealedTally()
    >>> rows, row = AnyLength(tally, 5), AnyLength(tally, 7)
    >>> for a in rows:
    ...     for b, c in zip(row, AnyLength(tally, 7), strict=True):
    ...         _ = tally.both(b, c)
    >>> tally.made
    35
    """

    def __init__(self, tally: SealedTally, length: Any) -> None:
        self.tally, self.length = tally, length

    def __iter__(self) -> Iterator[Any]:
        open_loops, start, mark = self.tally.open_loops, self.tally.made, object()
        open_loops.append((mark, start))
        yield SealedLiteral()
        if all(one is not mark for one, _ in open_loops):
            return  # another vector, gone through together with this one, has counted
        while open_loops[-1][0] is not mark:
            _, at = open_loops.pop()
            assert at is start, "a loop was left before its end"
        open_loops.pop()
        self.tally.made = start + self.length * (self.tally.made - start)


@obligation(
    "gates.cells",
    paper="Lemma 10",
    kind="enumeration",
    domain=lambda: ({"cell": i} for i in range(len(CELLS))),
    expect=Verdict.CHECKED,
    finite=f"the {len(CELLS)} cells",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def cells_write_alike(more: int, case: Case) -> None:
    """Each cell writes as many gates as the formulas take it to write, whatever its literals are: it is run on literals
    of which it can learn nothing."""
    cell, many = CELLS[int(case.integer("cell"))]
    case.show("gates", gates_of(cell, SealedTally) == many + more)


@obligation(
    "gates.fold",
    paper="Lemma 10",
    kind="induction",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def folds_are_counted(more: int, case: Case) -> None:
    """For every width: if a fold calls its cell once for each place and writes what stands at its end, then sums,
    choices, comparisons and equalities have as many gates as the formulas say."""
    for name, formula, cell, end in FOLDS:
        _fold(case, name, formula, cell + more, end)


def _fold(case: Case, name: str, formula: Formula, cell: int, end: int) -> None:
    at = case.reached(
        case.induction(
            f"over the places, {name}",
            state={what: case.integer(f"{name} {what}") for what in ("places", "gates")},
            start={"places": 0, "gates": end},
            inputs={},
            advance=lambda s: {"places": s["places"] + 1, "gates": s["gates"] + cell},
            holds=lambda s: every(s["places"] >= 0, s["gates"] == formula(s["places"])),
        )
    )
    case.show(name, at["gates"] == formula(at["places"]))


@obligation(
    "gates.product",
    paper="Lemma 10",
    kind="induction",
    of=lambda case: arithmetic.cells_of_row,
    twin=lambda case: lambda row, digits, width: digits,
)
def products_are_counted(cells_of_row: Callable[..., Number], case: Case) -> None:
    """For every width: the rows of a product, each of which calls its cell as often as the function says by which the
    builder's loop goes, have together as many gates as the formula says."""
    formula = operation_gates.product
    width = case.integer("width")
    case.assume(width >= 0)
    at = case.reached(
        case.induction(
            "over the rows",
            state={name: case.integer(name) for name in ("row", "gates")},
            start={"row": 0, "gates": 0},
            inputs={},
            advance=lambda s: {
                "row": s["row"] + 1,
                "gates": s["gates"] + PRODUCT_CELL * cells_of_row(s["row"], width, width),
            },
            holds=lambda s: every(
                s["row"] >= 0, 2 * s["gates"] == PRODUCT_CELL * s["row"] * (2 * width - s["row"] + 1)
            ),
        )
    )
    case.show("as the formula says", at["gates"] == formula(width), given=at["row"] == width)


LOOPS: tuple[tuple[str, Callable[..., object], Formula], ...] = (
    ("a + b", lambda tally, a, b: arithmetic.added(tally, a, b), operation_gates.added),
    ("a - b", lambda tally, a, b: arithmetic.subtracted(tally, a, b), operation_gates.added),
    ("a < b", lambda tally, a, b: arithmetic.less(tally, a, b), operation_gates.less),
    ("a == b", lambda tally, a, b: arithmetic.same(tally, a, b), operation_gates.same),
    ("mux", lambda tally, a, b: arithmetic.chosen(tally, SealedLiteral(), a, b), operation_gates.chosen),  # type: ignore[arg-type]
)


@obligation("gates.loops", paper="Lemma 10", of=lambda case: 0, twin=lambda case: 1)
def loops_of_any_width_are_counted(more: int, case: Case) -> None:
    """For every width: the code of sums, differences, comparisons, equalities and choices, run on vectors of this width
    of whose literals it can learn nothing, writes as many gates as the formulas say. One turn of each of its loops is
    run, and counted as often as the vector is long."""
    width = case.integer("width")
    case.assume(width >= 1)
    for name, write, formula in LOOPS:
        tally = SealedTally()
        write(tally, AnyLength(tally, width), AnyLength(tally, width))
        case.show(name, tally.made + more == formula(width))


WIDTHS = range(1, 9)


@obligation(
    "gates.written",
    paper="Lemma 10",
    kind="enumeration",
    domain=lambda: ({"width": width} for width in WIDTHS),
    expect=Verdict.CHECKED,
    finite=f"{WIDTHS[0]} to {WIDTHS[-1]} places",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def loops_take_these_turns(more: int, case: Case) -> None:
    """The operations on vectors, made to write every gate that they are asked for, write as many as the formulas
    say."""
    width = int(case.integer("width"))

    def written(write: Callable[..., object]) -> int:
        names = list(signature(write).parameters)
        return gates_written(lambda design: write(*(design.input(name, width) for name in names)))

    case.show("a + b", written(lambda a, b: a + b) == operation_gates.added(width) + more)
    case.show("a - b", written(lambda a, b: a - b) == operation_gates.added(width))
    case.show("a < b", written(lambda a, b: a < b) == operation_gates.less(width))
    case.show("a == b", written(lambda a, b: a == b) == operation_gates.same(width))
    case.show("a * b", written(lambda a, b: a * b) == operation_gates.product(width))
    case.show("mux", written(lambda a, b: mux(a[0], a, b)) == operation_gates.chosen(width))
    case.show("a & b", written(lambda a, b: a & b) == width * GATE)
    case.show("any", written(lambda a: a.any()) == GATE)


def some_calls() -> Iterator[dict[str, Any]]:
    """Every call of a builder with literals from constants, inputs, a gate, and their negations."""
    for call, a, b, c in pairs(range(len(CALLS)), range(len(LITERALS)), range(len(LITERALS)), range(len(LITERALS))):
        yield {"call": call, "a": a, "b": b, "c": c}


CALLS: tuple[tuple[str, Callable[[Builder, int, int, int], int]], ...] = (
    ("both", lambda builder, a, b, c: builder.both(a, b)),
    ("either", lambda builder, a, b, c: builder.either(a, b)),
    ("xor", lambda builder, a, b, c: builder.xor(a, b)),
    ("mux", lambda builder, a, b, c: builder.mux(a, b, c)),
    ("every", lambda builder, a, b, c: builder.every([a, b, c])),
    ("some", lambda builder, a, b, c: builder.some([a, b, c])),
)
LITERALS = (FALSE, TRUE, 0, 1, 2, 3, 4, 5, 6, 7)  # three inputs and one gate


@obligation(
    "gates.merged",
    paper="Lemma 10",
    kind="enumeration",
    domain=some_calls,
    expect=Verdict.CHECKED,
    finite="six kinds of calls with all literals of three inputs, one gate, and constants",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def merging_adds_nothing(more: int, case: Case) -> None:
    """In each call a builder that merges equal gates and folds constants writes at most as many gates as one that
    writes every gate that it is asked for, and none that is wider than its widest."""
    call = CALLS[int(case.integer("call"))][1]
    chosen = [LITERALS[int(case.integer(name))] for name in ("a", "b", "c")]
    merging, tally = Builder(), GateTally()
    for builder in (merging, tally):
        for name in ("p", "q", "r"):
            builder.input(name)
        builder.both(0, 2)
    before = len(merging), len(tally)
    made, _ = (call(builder, *chosen) for builder in (merging, tally))
    fan_in = merging.circuit(None, {"made": made}).gates.fan_in
    case.show("no more", len(merging) - before[0] + more <= len(tally) - before[1])
    case.show("no wider", int(fan_in.max(initial=0)) <= tally.widest)


@obligation("gates.fewer", paper="Lemma 10", kind="induction", of=lambda case: 0, twin=lambda case: 1)
def merged_machines_are_smaller(more: int, case: Case) -> None:
    """However many calls a construction makes: if in each of them the merging builder writes at most as many gates as
    the other one, it does so in all, and what is left of these when gates are left out that no output needs is not
    more."""
    asked, made, kept = (case.integer(name) for name in ("asked", "made", "kept"))
    case.assume(made >= 0, made <= asked)
    at = case.reached(
        case.induction(
            "over the calls",
            state={name: case.integer(f"all {name}") for name in ("asked", "made")},
            start={"asked": 0, "made": 0},
            inputs={"asked now": asked, "made now": made},
            advance=lambda s: {"asked": s["asked"] + s["asked now"], "made": s["made"] + s["made now"] + more},
            holds=lambda s: every(s["made"] >= 0, s["made"] <= s["asked"]),
        )
    )
    case.show("at most the formula", kept <= at["asked"], given=kept <= at["made"])
