"""The array engine's integer comparisons are equation (3), and what its pass says of sums and pieces holds, for all
numbers."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, some, within
from constructions.foundations.rounding import is_valid
from constructions.training import formulas
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

Formula = Callable[..., Any]


def _given(*subject: Any) -> Callable[[Case], Any]:
    return lambda case: subject if len(subject) > 1 else subject[0]


def _upside_down(total: Number, full: Number, batch: Number, up: Number, under: Number) -> tuple[Number, Number]:
    return total * up, batch * under * full


@obligation(
    "engine.quotient",
    paper="Equation (3)",
    kind="identity",
    of=_given(formulas.above_and_cell),
    twin=_given(_upside_down),
)
def the_quotient_is_the_batch_sum_in_units_of_b_rho(above_and_cell: Formula, case: Case) -> None:
    """For a sum of gradients G = total/full over a batch of size b and a precision rho = up/under, the quotient
    above/cell that the engine forms is G/(b rho). A divisor that full and under have in common may be taken out
    first."""
    total, full, batch, up, under, shared = (case.real(name) for name in ("total", "full", "b", "up", "under", "g"))
    above, cell = above_and_cell(total, full, batch, up, under)
    case.equal("the quotient", above / cell, total / full / (batch * (up / under)))
    more, wider = above_and_cell(total, full * shared, batch, up, under * shared)
    case.equal("with a shared divisor", more / wider, total / (full * shared) / (batch * (up / (under * shared))))
    case.equal("and without it", above / cell, more / wider)


@obligation(
    "engine.neighbours",
    paper="Equation (3)",
    needs=("rounding.valid", "engine.quotient"),
    of=_given(formulas.lower_is_valid, formulas.upper_is_valid),
    twin=_given(formulas.lower_is_valid, lambda rest, cell: 2 * rest >= cell),
)
def comparisons_of_integers_are_validity(rules: tuple[Formula, Formula], case: Case) -> None:
    """Let the mean of the gradients be (below + rest/cell) rho, for an integer ``below`` and 0 <= rest < cell. Then the
    engine's comparison for the lower multiple says exactly whether ``below`` times rho is a valid rounding, and its
    comparison for the upper multiple says exactly whether ``below + 1`` times rho is. No other multiple is valid, and
    at least one of the two is."""
    lower, upper = rules
    rho, below, rest, cell, part, j = (
        case.real("rho"),
        case.integer("q"),
        case.real("r"),
        case.real("c"),
        case.real("s"),
        case.integer("j"),
    )
    case.assume(rho > 0, cell > 0, rest >= 0, rest < cell, part * cell == rest)
    case.lemma("the part", every(part >= 0, part < 1))
    case.lemma(
        "the lower comparison",
        every(implies(lower(rest, cell), 4 * part <= 3), implies(4 * part <= 3, lower(rest, cell))),
    )
    case.lemma(
        "the upper comparison",
        every(implies(upper(rest, cell), 4 * part >= 1), implies(4 * part >= 1, upper(rest, cell))),
    )
    value = rho * below + rho * part
    for name, rule, multiple in (("lower", lower, below), ("upper", upper, below + 1)):
        case.show(f"{name}: only if valid", implies(rule(rest, cell), is_valid(multiple, value, rho)))
        case.show(f"{name}: if valid", implies(is_valid(multiple, value, rho), rule(rest, cell)))
    case.show("no other", implies(is_valid(j, value, rho), some(j == below, j == below + 1)))
    case.show("one of them", some(lower(rest, cell), upper(rest, cell)))


def _careless(b: Number, plus: Number, minus: Number, low: Number, high: Number) -> Number:
    return b + plus * high + minus * high


@obligation(
    "exactness.sums",
    paper="the engine",
    kind="induction",
    of=_given(formulas.least_sum, formulas.greatest_sum, formulas.size_of_sums),
    twin=_given(formulas.least_sum, _careless, formulas.size_of_sums),
)
def every_partial_sum_is_within_its_bounds(bounds: tuple[Formula, Formula, Formula], case: Case) -> None:
    """For any number of edges into a vertex, let the output of each tail be between ``low`` and ``high`` and at most
    ``reach`` in size, and let each weight, split into a part ``plus`` >= 0 and a part ``minus`` <= 0, be at most
    ``weight`` in size. Then every partial sum of weights times outputs is between the least and the greatest sum that
    the engine computes, and at most the size that it computes."""
    least, greatest, grown = bounds
    names = ("plus", "minus", "low", "high", "out", "reach", "weight")
    plus, minus, low, high, out, reach, weight = (case.real(name) for name in names)
    case.assume(plus >= 0, minus <= 0, some(plus == 0, minus == 0), low <= out, out <= high)
    case.assume(within(out, reach), within(plus, weight), within(minus, weight))
    case.lemma("a positive weight", every(plus * low <= plus * out, plus * out <= plus * high))
    case.lemma("a negative weight", every(minus * high <= minus * out, minus * out <= minus * low))
    case.lemma("the size of a positive term", within(plus * out, weight * reach))
    case.lemma("the size of a negative term", within(minus * out, weight * reach))
    state = {name: case.real(f"the {name}") for name in ("sum", "least", "greatest", "size")}
    edge = dict(zip(names, (plus, minus, low, high, out, reach, weight), strict=True))

    def advance(s: State) -> State:
        bounds = [s[name] for name in ("plus", "minus", "low", "high")]
        return {
            "sum": s["sum"] + s["plus"] * s["out"] + s["minus"] * s["out"],
            "least": least(s["least"], *bounds),
            "greatest": greatest(s["greatest"], *bounds),
            "size": grown(s["size"], s["weight"], s["reach"]),
        }

    def holds(s: State) -> Any:
        return every(s["least"] <= s["sum"], s["sum"] <= s["greatest"], within(s["sum"], s["size"]))

    run = case.induction(
        "over the edges",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        advance=advance,
        holds=holds,
        inputs=edge,
    )
    case.show("after any number of edges", every(holds(case.reached(run))))


@obligation(
    "exactness.lattice",
    paper="the engine",
    kind="identity",
    of=_given(formulas.least_sum),
    twin=_given(lambda a, plus, minus, low, high: a + plus * low + minus * (high + 1)),
)
def a_sum_of_progressions_is_on_a_progression(least: Formula, case: Case) -> None:
    """Let a sum be k steps of size d above its least value, and let one more edge come from a vertex whose output is m
    grids above ``low`` and m' grids below ``high``, such that its weight times the grid is p d if it is positive or n d
    if it is negative. Then the new sum is k + p m - n m' steps of size d above the new least value."""
    a, low, grid, d, p, n, k, m, other = (
        case.real(name) for name in ("a", "low", "grid", "d", "p", "n", "k", "m", "m'")
    )
    plus, minus, out = p * d / grid, n * d / grid, low + m * grid
    high = low + (m + other) * grid
    after = a + k * d + plus * out + minus * out
    case.equal("so many steps", after - least(a, plus, minus, low, high), d * (k + p * m - n * other))


@obligation(
    "exactness.piece",
    paper="the engine",
    kind="identity",
    of=_given(formulas.image),
    twin=_given(lambda slope, x, intercept, under: slope * x + intercept),
)
def the_image_is_the_piece_in_integers(image: Formula, case: Case) -> None:
    """For an affine piece of an activation, given by integers over a common denominator, and an x over a denominator of
    its own: the integer image over the product of both denominators is slope times x plus intercept, and k steps of x
    become k times slope steps of the image."""
    slope, x, intercept, under, over, k, step = (
        case.real(name) for name in ("s", "x", "i", "under", "over", "k", "step")
    )
    case.equal(
        "the value", image(slope, x, intercept, under) / (over * under), slope / over * (x / under) + intercept / over
    )
    case.equal(
        "the steps",
        image(slope, x + k * step, intercept, under) - image(slope, x, intercept, under),
        k * (slope * step),
    )


@obligation(
    "exactness.ends",
    paper="the engine",
    of=_given(formulas.image),
    twin=_given(lambda slope, x, intercept, under: slope * x * x + intercept * under),
)
def the_ends_of_an_interval_bound_its_image(image: Formula, case: Case) -> None:
    """For every slope and intercept and every x between ``begin`` and ``end``, the image of x under the affine piece
    lies between the images of ``begin`` and ``end``."""
    slope, begin, x, end, intercept, under = (case.real(name) for name in ("s", "begin", "x", "end", "i", "under"))
    case.assume(begin <= x, x <= end)
    case.lemma("rising", implies(slope >= 0, every(slope * begin <= slope * x, slope * x <= slope * end)))
    case.lemma("falling", implies(slope <= 0, every(slope * begin >= slope * x, slope * x >= slope * end)))
    one, value, other = (image(slope, at, intercept, under) for at in (begin, x, end))
    case.show("between", some(every(one <= value, value <= other), every(other <= value, value <= one)))
