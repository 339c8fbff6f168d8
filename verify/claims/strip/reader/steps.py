"""A step of gradient descent on a block: it writes the means of its queries, for every batch and every rounding, and it
leaves all other blocks alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some, within
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.vectors import VectorSum
from constructions.models.bumps import bump, bump_place, side
from constructions.strip.reader import Reader, any_labels, slope
from constructions.strip.simulations import tolerance_of, training
from verify.claims.strip.reader.samples import sample_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
NO_SLOPE = F(0)


def slope_in(values: Mapping[str, Number], *, record_slope: Number = NO_SLOPE) -> Number:
    """The slope by a parameter where bumps are constant; ``record_slope`` is that of the bump about 0."""
    return slope({**values, "record'": record_slope, "bump'": F(0)})


AROUND = ("rest", "rest'", "zeros", "others", "v")
"""Of what a slope is made beside the coefficient, where bumps are constant."""


def _flat(record_slope: Number) -> Callable[[Case], Any]:
    return lambda case: record_slope


@obligation("strip.reader.slopes", paper="the strip", of=_flat(F(0)), twin=_flat(F(1)))
def slopes_of_blocks(record_slope: Number, case: Case) -> None:
    """Whatever the blocks behind and the predictor are, where bumps are constant the derivative of the model's output
    by a parameter of a block, which sympy takes of the expression, is the parameter's coefficient in the block's output
    if it is the block's turn (the gates before it are open, and its record is 1), and 0 if it is not (a gate before it
    is shut, or its record is 0)."""
    coefficient, record, open_ = case.real("coefficient"), case.real("record"), case.real("open")
    around = {name: case.real(name) for name in AROUND}
    case.assume(some(record == 0, record == 1), some(open_ == 0, open_ == 1))
    values = {**around, "coefficient": coefficient, "record": record, "open": open_}
    found = slope_in(values, record_slope=record_slope)
    turn = every(open_ == 1, record == 1, around["zeros"] == 1)
    case.show("its turn", implies(turn, found == coefficient))
    other = some(open_ == 0, record == 0, around["zeros"] == 0)
    case.show("not its turn", implies(other, found == 0))


@obligation(
    "strip.reader.records",
    paper="the strip",
    kind="induction",
    of=lambda case: bump,
    twin=lambda case: lambda value, centre, rho, *, step: bump(value, centre, 4 * rho, step=step),
)
def records_are_clocks(bumped: Callable[..., Number], case: Case) -> None:
    """For every rho > 0 and any number of parameters that are multiples of rho: each bump about 0 is asked where it is
    constant, and their product, the record of the block, is 1 if all of them are 0, and 0 if one of them is not."""
    rho, k = case.real("rho"), case.integer("k")
    case.assume(rho > 0)
    used = case.use("bumps.grid", rho=rho, k=k, m=F(0), apart=k)
    case.lemma("at another multiple", implies(k != 0, used.premises))
    own = case.use("bumps.grid", rho=rho, k=F(0), m=F(-1), apart=F(1))
    case.lemma("at 0", own.premises)
    place = bump_place(rho * k, F(0), rho)
    case.show("it is constant there", some(place >= 1, place <= 0))
    state = {"product": case.real("product"), "moved": case.bit("one is not 0")}
    run = case.induction(
        "over the parameters",
        state=state,
        start={"product": F(1), "moved": False},
        inputs={"k": k},
        advance=lambda s: {
            "product": s["product"] * bumped(rho * s["k"], F(0), rho, step=side),
            "moved": some(s["moved"], s["k"] != 0),
        },
        holds=lambda s: every(implies(s["moved"], s["product"] == 0), some(s["moved"], s["product"] == 1)),
    )
    at = case.reached(run)
    case.show("0 if one is not 0", implies(at["moved"], at["product"] == 0))
    case.show("1 if all are 0", some(at["moved"], at["product"] == 1))


@dataclass(frozen=True, slots=True)
class OneParameter:
    """A block of which one parameter is looked at."""

    edges: Mapping[str, Number]

    def with_weights(self, changes: Mapping[str, Number]) -> "OneParameter":
        """The block at other weights."""
        return OneParameter({**self.edges, **changes})


def any_reader(case: Case) -> Reader:
    """M (if c = 1/2, where slope 1/c is the only one that is used) or M*: any c in (0, 1/2]."""
    held = case.real("c")
    case.assume(held > 0, 2 * held <= 1)
    return any_labels(held)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversedReader(Reader):
    """The same with the other sign at the parameters (the twin's)."""

    def unclipped(self, group: int, value: Number, y: Number) -> Number:
        """The negative of what it should be."""
        return -Reader.unclipped(self, group, value, y)


def reversed_reader(case: Case) -> Any:
    """Gradients of the other sign (the twin's)."""
    right = any_reader(case)
    return ReversedReader(held=right.held, slopes=right.slopes)


@obligation("strip.reader.step", paper="the strip", kind="induction", of=any_reader, twin=reversed_reader)
def a_step_writes_the_means(reader: Reader, case: Case) -> None:
    """For every c in (0, 1/2], rho > 0, b >= 1, every batch of b samples, whatever its labels are, every query with
    values 1 and -1, either slope, whatever the blocks behind and the predictor are, and all valid roundings of the
    clipped gradient (equations 1 to 3): a step from 0 on the block whose turn it is takes the query's parameter to less
    a multiple of rho that is within 3 rho/4 of the mean over the batch of the query that is answered."""
    value, y = sample_of(case)
    rho = case.real("rho")
    case.assume(rho > 0)
    around = {name: case.real(name) for name in ("rest", "rest'")}
    inner = {**around, "zeros": F(1), "v": F(0), "others": reader.held, "open": F(1), "record": F(1)}
    wanted = Reader(held=reader.held, slopes=reader.slopes)
    for group in (0, 1):
        coefficient = reader.slopes[group] * value
        found = clip((reader.held - y) * slope_in({**inner, "coefficient": coefficient}))
        case.lemma(f"the gradient, group {group}", found == reader.gradient(group, value, y))
    case.lemma("within 1", every(*(within(reader.gradient(group, value, y), F(1)) for group in (0, 1))))

    def of_sample(s: State, made: Reader, group: int) -> Number:
        return made.gradient(group, s["value"], s["y"])

    at = _over_a_batch(case, {"value": value, "y": y}, reader, wanted, of_sample)
    b = at["b"]
    case.assume(b >= 1, label="the batch is not empty")
    for group in (0, 1):
        mean, asked = (case.real(f"{name} {group}") for name in ("mean", "wanted"))
        picked = case.integer(f"picked {group}")
        case.assume(mean * b == at[f"gradients {group}"], asked * b == at[f"asked {group}"])
        case.assume(is_valid(picked, mean, rho), label=f"a valid rounding of the mean, group {group}")
        case.lemma(f"the means, group {group}", mean == asked)
        moved: Any = training(rho).moved(OneParameter({"v": F(0)}), {"v": rho * picked})  # type: ignore[arg-type]
        after = moved.edges["v"]
        case.show(f"within 3 rho/4, group {group}", within(-after - asked, tolerance_of(rho)))
        case.show(f"a multiple of rho, group {group}", after == rho * -picked)
        case.lemma(f"the sum, group {group}", within(asked * b, b))
        case.show(f"the mean is in [-1, 1], group {group}", within(asked, F(1)))


def _over_a_batch(
    case: Case, sample: State, reader: Reader, wanted: Reader, of_sample: Callable[[State, Reader, int], Number]
) -> State:
    """The sums over a batch of any size, one sample after the other, as gradient descent adds them up: the clipped
    derivatives by a parameter of each group, and the queries that are to be answered."""
    names = [f"{what} {group}" for what in ("gradients", "asked") for group in (0, 1)]
    descent = replace(training(F(1, 4)), derivative=lambda net, one: {})

    def advance(s: State) -> State:
        before = VectorSum(count=s["b"], totals={name: s[name] for name in names})
        one = {f"gradients {group}": descent.clipping(of_sample(s, reader, group)) for group in (0, 1)}
        one |= {f"asked {group}": of_sample(s, wanted, group) for group in (0, 1)}
        added = before.added(one)
        return {"b": added.count, **added.totals}

    state = {"b": case.integer("b")} | {name: case.real(name) for name in names}
    run = case.induction(
        "over the batch",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs=sample,
        advance=advance,
        holds=lambda s: every(s["b"] >= 0, *(_same_and_small(s, group) for group in (0, 1))),
    )
    return case.reached(run)


def _same_and_small(s: State, group: int) -> Formula:
    """Whether both sums are the same, and no larger than the batch."""
    return every(s[f"gradients {group}"] == s[f"asked {group}"], within(s[f"asked {group}"], s["b"]))


@obligation("strip.reader.idle", paper="the strip", kind="induction", of=_flat(F(0)), twin=_flat(F(1)))
def other_blocks_are_left_alone(record_slope: Number, case: Case) -> None:
    """For every block whose turn it is not, every batch of any size, whatever outputs and labels are, and all valid
    roundings: a step leaves each parameter as it is. For, bumps are asked where they are constant, so the derivative is
    0 on every sample, and 0 rounds only to 0."""
    rho, record, open_ = case.real("rho"), case.real("record"), case.real("open")
    inputs = {name: case.real(name) for name in (*AROUND, "coefficient", "lost")}
    case.assume(rho > 0, some(record == 0, record == 1), some(open_ == 0, open_ == 1))
    case.assume(some(open_ == 0, record == 0), label="it is not this block's turn")
    descent = training(F(1, 4))

    def gradient(s: State) -> Number:
        values = {name: s[name] for name in (*AROUND, "coefficient")}
        return s["lost"] * slope_in({**values, "record": record, "open": open_}, record_slope=record_slope)

    case.lemma("no gradient", gradient(inputs) == 0)

    def advance(s: State) -> State:
        added = VectorSum(count=s["b"], totals={"v": s["sum"]}).added({"v": descent.clipping(gradient(s))})
        return {"b": added.count, "sum": added.totals["v"]}

    run = case.induction(
        "over the batch",
        state={"b": case.integer("b"), "sum": case.real("sum")},
        start={"b": F(0), "sum": F(0)},
        inputs=inputs,
        advance=advance,
        holds=lambda s: every(s["b"] >= 0, s["sum"] == 0),
    )
    at = case.reached(run)
    mean, picked, before = case.real("mean"), case.integer("picked"), case.real("before")
    case.assume(at["b"] >= 1, mean * at["b"] == at["sum"], label="the mean over the batch")
    case.lemma("the mean is 0", mean == 0)
    case.assume(is_valid(picked, mean, rho), label="a valid rounding of the mean")
    case.lemma("0 rounds to 0", picked == 0)
    moved: Any = training(rho).moved(OneParameter({"v": before}), {"v": rho * picked})  # type: ignore[arg-type]
    case.show("no step", moved.edges["v"] == before)
