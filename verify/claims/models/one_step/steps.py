"""Equation (9) and Lemma 8: one step writes the answers to one-label queries, for every batch and every rounding."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, some, within
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.vectors import VectorSum
from constructions.models.answering import training
from constructions.models.blocks_in_turn import NONE_BEFORE, Passage, slope_by_answer, slope_by_clock, whole_output
from constructions.models.one_step import OneStep, products
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
SHUT = F(0)
NUMBERS = ("rho", "epsilon", "slope")
Numbers = Callable[..., OneStep]


@dataclass(frozen=True, slots=True)
class AnyBlock:
    """A block at some weights, of which one answer (any) and the clock are looked at; all other answers are behind the
    ``output``."""

    edges: Mapping[str, Number]

    def with_weights(self, changes: Mapping[str, Number]) -> "AnyBlock":
        """The block at other weights."""
        return AnyBlock({**self.edges, **changes})


def label_of(case: Case) -> Number:
    """The label that a round asks about, 0 or 1."""
    label = case.integer("label")
    case.assume(some(label == 0, label == 1))
    return label


def numbers_of(case: Case, made: Numbers = OneStep) -> OneStep:
    """Lemma 8's numbers: any rho > 0, epsilon >= 0 and slope >= 0."""
    rho, epsilon, slope = case.real("rho"), case.real("epsilon"), case.real("slope")
    case.assume(rho > 0, epsilon >= 0, slope >= 0)
    return made(rho=rho, epsilon=epsilon, slope=slope)


def sample_of(case: Case) -> tuple[Number, Number]:
    """One sample: the value of the query there on the round's label, in [-1, 1], and the sample's label y."""
    value, y = case.real("value"), case.integer("y")
    case.assume(within(value, F(1)), some(y == 0, y == 1))
    return value, y


def others_of(case: Case) -> tuple[Number, Number]:
    """What the other blocks give at a sample: those before the first shut gate, and those behind it."""
    total, rest = case.real("total"), case.real("rest")
    case.assume(total == 0, label="the blocks before give 0, as all their gates are open")
    return total, rest


def untouched(
    numbers: OneStep, label: Number, value: Number, y: Number, total: Number = NONE_BEFORE.total, rest: Number = SHUT
) -> dict[str, Number]:
    """The derivative of the loss of the whole model on a sample by an answer and by the clock of the first block with a
    shut gate, all of whose parameters are 0.

    ``total`` is what the blocks before it give at the sample, ``rest`` what those behind it and the predictor do.
    """
    output, before = numbers.held(label), Passage(total, NONE_BEFORE.open)
    lost = whole_output(before, SHUT, output, rest) - y
    by_answer = slope_by_answer(before, SHUT, numbers.coefficient(label, value), F(0), rest)
    by_clock = slope_by_clock(before, SHUT, numbers.of_clock(label), F(0), output, rest)
    return {"answer": lost * by_answer, "clock": lost * by_clock}


def of_query(label: Number, value: Number, y: Number) -> Number:
    """The value of the one-label query at a sample: 0 on the other label."""
    return select(y == label, value, F(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversed(OneStep):
    """The same with the other sign at the parameters (the twins')."""

    def coefficient(self, label: Number, value: Number) -> Number:
        """The negative of what it should be."""
        return (1 - 2 * label) * value


def any_numbers(made: Numbers) -> Callable[[Case], OneStep]:
    """Any numbers for Lemma 8."""
    return lambda case: numbers_of(case, made)


@obligation("lemma8.sample", paper="Lemma 8", of=any_numbers(OneStep), twin=any_numbers(Reversed))
def gradient_of_a_sample(numbers: OneStep, case: Case) -> None:
    """For all epsilon and slope, both labels, every sample and every query value in [-1, 1], in the first block with a
    shut gate, whatever the blocks behind it are: less the clipped derivative of the whole model's loss by the answer's
    parameter is within epsilon of the value of the query at the sample, and less that by the clock is at most 1, and
    at least 1 or at least epsilon times the slope."""
    label = label_of(case)
    value, y = sample_of(case)
    total, rest = others_of(case)
    found = untouched(numbers, label, value, y, total, rest)
    answer, clock = clip(found["answer"]), clip(found["clock"])
    case.show("the answer", within(-answer - of_query(label, value, y), numbers.epsilon))
    case.show("the clock", some(-clock >= 1, -clock >= numbers.epsilon * numbers.slope))
    case.show("not above 1", every(-clock <= 1, -clock >= 0))


@obligation(
    "equation9.sample",
    paper="Equation (9)",
    of=lambda case: OneStep(rho=F(1, 4), epsilon=F(0)),
    twin=lambda case: OneStep(rho=F(1, 4), epsilon=F(1, 8)),
)
def gradient_of_equation_9(numbers: OneStep, case: Case) -> None:
    """For epsilon = 0, both labels, every sample and every query value in [-1, 1], the derivative by the answer's
    parameter is less the value of the query at the sample; clipping leaves it as it is."""
    label = label_of(case)
    value, y = sample_of(case)
    found = untouched(numbers, label, value, y)["answer"]
    case.show("the derivative", found == -of_query(label, value, y))
    case.show("clipping does nothing", clip(found) == found)


def batch_run(
    case: Case, descent: Descent, bound: Number, least: Number, label: Number, sample: Mapping[str, Number]
) -> State:
    """The sums over a batch of any size, one sample after the other, as gradient descent adds them up: the clipped
    derivatives by one answer and by the clock, and the values of the query. Returns the sums at the end."""
    state = {"b": case.integer("b")} | {name: case.real(name) for name in ("answers", "clocks", "values")}

    def advance(s: State) -> State:
        before = VectorSum(count=s["b"], totals={"answer": s["answers"], "clock": s["clocks"]})
        one: Any = (tuple(s[name] for name in ("value", "total", "rest")), s["y"])
        added = before.added(descent.sample_gradient(AnyBlock({"answer": F(0), "clock": F(0)}), one))  # type: ignore[arg-type]
        values = s["values"] + of_query(label, s["value"], s["y"])
        return {"b": added.count, "answers": added.totals["answer"], "clocks": added.totals["clock"], "values": values}

    def holds(s: State) -> Formula:
        near = within(-s["answers"] - s["values"], bound * s["b"])
        moved = every(-s["clocks"] >= least * s["b"], -s["clocks"] <= s["b"])
        return every(s["b"] >= 0, near, moved, within(s["values"], s["b"]))

    run = case.induction(
        "over the batch",
        state=state,
        start={name: F(0) for name in state},
        inputs=dict(sample),
        advance=advance,
        holds=holds,
    )
    return case.reached(run)


def shut_block(numbers: OneStep, label: Number) -> Descent:
    """Gradient descent on the block whose turn it is, all of whose parameters are 0."""
    of_sample: Any = lambda net, one: untouched(numbers, label, one[0][0], one[1], *one[0][1:])  # noqa: E731
    return replace(training(numbers), derivative=of_sample)


def mean_of(case: Case, name: str, total: Number, b: Number) -> Number:
    """The mean of something whose sum over b samples is known."""
    mean = case.real(name)
    case.assume(mean * b == total, label=f"{name} is a mean over b samples")
    return mean


def stepped(case: Case, descent: Descent, rho: Number, means: Mapping[str, Number]) -> dict[str, Number]:
    """The block's parameters after a step from 0 with any valid rounding of the ``means``, and the multiples that were
    picked (``answer picked``, ``clock picked``)."""
    picked = {name: case.integer(f"{name} picked") for name in means}
    for name, mean in means.items():
        case.assume(is_valid(picked[name], mean, rho), label=f"a valid rounding of the mean by the {name}")
    start = AnyBlock({"answer": F(0), "clock": F(0)})
    moved: Any = descent.moved(start, {name: rho * multiple for name, multiple in picked.items()})  # type: ignore[arg-type]
    return {**moved.edges, **{f"{name} picked": multiple for name, multiple in picked.items()}}


@obligation("lemma8.step", paper="Lemma 8", kind="induction", of=any_numbers(OneStep), twin=any_numbers(Reversed))
def one_step_writes_an_answer(numbers: OneStep, case: Case) -> None:
    """For all epsilon >= 0, slope >= 0 and rho > 0, any number p of queries on one label with values in [-1, 1], every
    b >= 1, every batch of b samples and all valid roundings of its clipped gradient (equations 1 to 3): after a step
    from theta = 0, kappa = 0, each entry of theta is within epsilon + 3 rho/4 of the mean of its query over the batch,
    and kappa is at least min(1, epsilon slope) - 3 rho/4. Both are multiples of rho."""
    label, rho = label_of(case), numbers.rho
    value, y = sample_of(case)
    total, rest = others_of(case)
    sample = {"value": value, "y": y, "total": total, "rest": rest}
    used = case.use("lemma8.sample", label=label, **sample, **numbers_given(numbers))
    case.lemma("what one sample gives", used.premises)
    least = case.real("least")
    case.assume(least >= 0, least <= 1, least <= numbers.epsilon * numbers.slope, label="least <= min(1, eps slope)")
    descent = shut_block(numbers, label)
    at = batch_run(case, descent, numbers.epsilon, least, label, sample)
    b = at["b"]
    case.assume(b >= 1, label="the batch is not empty")
    means = {
        "answer": mean_of(case, "mean answer", at["answers"], b),
        "clock": mean_of(case, "mean clock", at["clocks"], b),
    }
    wanted = mean_of(case, "mean value", at["values"], b)
    case.lemma("sums", within((-means["answer"] - wanted) * b, numbers.epsilon * b))
    case.lemma("the means are near", within(-means["answer"] - wanted, numbers.epsilon))
    case.lemma("sums of the clock", every((-means["clock"] - least) * b >= 0, (1 + means["clock"]) * b >= 0))
    case.lemma("the clock's mean", every(-means["clock"] >= least, -means["clock"] <= 1))
    case.lemma("the mean of the query", within(wanted, F(1)))
    after = stepped(case, descent, rho, means)
    case.show("each answer is within epsilon + 3 rho/4", within(after["answer"] - wanted, numbers.error()))
    case.show("the clock has moved", after["clock"] >= least - 3 * rho / 4)
    case.show("an answer is a multiple of rho", after["answer"] == rho * -after["answer picked"])
    case.show("so is the clock", after["clock"] == rho * -after["clock picked"])
    case.show("the mean of the query is in [-1, 1]", within(wanted, F(1)))


def numbers_given(numbers: OneStep) -> dict[str, Any]:
    """Lemma 8's numbers for a claim that is used."""
    return dict(zip(NUMBERS, (numbers.rho, numbers.epsilon, numbers.slope), strict=True))


@obligation(
    "lemma8.output",
    paper="Lemma 8",
    kind="induction",
    of=lambda case: products,
    twin=lambda case: lambda coefficients, parameters, *, before: products(coefficients, parameters, before=before) + 1,
)
def parameters_at_0_add_nothing(adding: Callable[..., Number], case: Case) -> None:
    """For every number of queries and all their values, a sum of products with parameters that are 0 is 0: the output
    of a block all of whose parameters are 0 is the value at which it is held."""
    coefficient = case.real("coefficient")
    run = case.induction(
        "over the parameters",
        state={"p": case.integer("p"), "sum": case.real("sum")},
        start={"p": F(0), "sum": F(0)},
        inputs={"coefficient": coefficient},
        advance=lambda s: {"p": s["p"] + 1, "sum": adding([s["coefficient"]], [F(0)], before=s["sum"])},
        holds=lambda s: s["sum"] == 0,
    )
    at = case.reached(run)
    numbers, label = numbers_of(case), label_of(case)
    case.show("the output is held", numbers.held(label) + at["sum"] == numbers.held(label))


@obligation(
    "equation9.step",
    paper="Equation (9)",
    kind="induction",
    of=lambda case: OneStep(rho=F(1, 4), epsilon=F(0), slope=F(0)),
    twin=lambda case: OneStep(rho=F(1, 4), epsilon=F(1, 8), slope=F(0)),
)
def one_step_of_equation_9(numbers: OneStep, case: Case) -> None:
    """For every rho > 0, every number p of queries on one label with values in [-1, 1], every b >= 1, every batch and
    all valid roundings: after one step of size 1 from w = 0, each entry of w is within 3 rho/4 of the mean of its query
    over the batch; before the rounding, less the gradient is this mean."""
    given = {"epsilon": numbers.epsilon, "slope": numbers.slope}
    step = case.use("lemma8.step", **given)
    case.assume(step.premises, label="a step on a batch of any size")
    mean, wanted, rho = step.values["mean answer"], step.values["mean value"], step.values["rho"]
    picked = step.values["answer picked"]
    case.lemma("an answer after the step", step["each answer is within epsilon + 3 rho/4"])
    case.show("within 3 rho/4 of the mean", within(rho * -picked - wanted, 3 * rho / 4))
    over = {name: step.values[f"over the batch reached: {name}"] for name in ("b", "answers", "values")}
    sums = within(-over["answers"] - over["values"], numbers.epsilon * over["b"])
    case.lemma("the sums", sums)
    case.lemma("times b", within((-mean - wanted) * over["b"], numbers.epsilon * over["b"]))
    case.show("less the gradient is the mean", mean == -wanted)


def _of_size(most: Number | None) -> Callable[[Case], Any]:
    return lambda case: most


def lemma_8_as_printed(most: Number | None, case: Case) -> None:
    """For every epsilon > 0 (the repair: at most 1) and slope 1, rho > 0, both labels, all batches of one sample, all
    valid roundings: after the step each entry of theta is within epsilon + rho of the mean of its query, and kappa is
    at least epsilon - rho."""
    rho, epsilon, label = case.real("rho"), case.real("epsilon"), label_of(case)
    case.assume(rho > 0, epsilon > 0)
    if most is not None:
        case.assume(epsilon <= most)
    numbers = OneStep(rho=rho, epsilon=epsilon)
    value, y = sample_of(case)
    descent = shut_block(numbers, label)
    found: Any = descent.sample_gradient(AnyBlock({"answer": F(0), "clock": F(0)}), ((value,), y))  # type: ignore[arg-type]
    after = stepped(case, descent, rho, found)
    case.show("theta", within(after["answer"] - of_query(label, value, y), epsilon + rho))
    case.show("kappa", after["clock"] >= epsilon - rho)


obligation("lemma8.printed", paper="Lemma 8", of=_of_size(None), expect=Verdict.REFUTED, erratum="E100")(
    lemma_8_as_printed
)
obligation("lemma8.repaired", paper="Lemma 8", of=_of_size(F(1)), twin=_of_size(F(3)), erratum="E100")(
    lemma_8_as_printed
)
