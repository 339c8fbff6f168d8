"""Appendix B.1: the whole network, with any number of parts, is Lemma 3a's model wherever gradient descent goes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from itertools import product
from typing import Any

from constructions.computation.learner_machines import best_literal_machine
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some
from constructions.foundations.network import Edge, Network
from constructions.foundations.walks import backward, forward
from constructions.learning.learners import best_literal
from constructions.models.answering import AnsweringModel, answer_edge, clock_edge
from constructions.models.blocks_in_turn import Passage, slope_by_answer, slope_by_clock
from constructions.models.one_step import OneStep, as_printed
from constructions.networks.trainable import Trainable
from constructions.theorems.frozen import OUTPUT
from constructions.theorems.frozen_network import FrozenNetwork
from constructions.training.batches import as_arrays
from constructions.training.by_fractions import RATIONALS, EngineSettings, any_engine
from verify.claims.models.one_step.steps import numbers_given
from verify.claims.theorems.frozen import KINDS, LABELS, register
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

F = Fraction


def slope_in_model(clock: bool, coefficient: Number, *, passed: Number, gate: Number) -> Number:
    """The derivative of the output of Lemma 3a's model by a parameter of a block, as sympy finds it from the
    expression: ``passed`` is the product of the gates before the block, and ``gate`` its own."""
    before = Passage(F(0), passed)
    if clock:
        return slope_by_clock(before, gate, coefficient, F(0), F(0), F(0))
    return slope_by_answer(before, gate, coefficient, F(0), F(1))


def the_network_is_the_model(adding: Callable[[Number, Number], Number], case: Case) -> None:
    """Wherever gradient descent goes, the network of any number of parts is Lemma 3a's model. Let parts of the round
    whose turn it is have weight 0, and all others be idle: each adds nothing, so for any number of them the output is
    what Lemma 8 asks for. Its derivative by the weight of each part is that of the model by its parameter, as sympy
    finds it: the coefficient in the turn, where the gates before are open and its own is shut, and 0 otherwise. So with
    the same roundings both take the same steps, and the trained network has at most the error of the method (used is
    lemma3a.simulates)."""
    names = ("rho", "epsilon", "slope", "weight")
    given = {name: case.real(name) for name in names}
    case.assume(given["rho"] > 0, label="a precision")
    run = case.induction(
        "over the parts",
        state={"added": case.real("added")},
        start={"added": F(0)},
        inputs={"adds": case.real("adds")},
        given=lambda s: s["adds"] == 0,
        advance=lambda s: {"added": adding(s["added"], s["adds"])},
        holds=lambda s: s["added"] == 0,
    )
    case.show("all parts add nothing", case.reached(run)["added"] == 0)
    numbers = OneStep(rho=given["rho"], epsilon=given["epsilon"], slope=given["slope"])
    passed, gate = case.real("open"), case.real("gate")
    for kind, clock in KINDS:
        for label in LABELS:
            asked = {"query": case.integer("query"), **given}
            used = case.use(f"b1.turn.{kind}{label}", "it adds nothing", "the output", "the derivative", **asked)
            coefficient = numbers.coefficient(label, numbers.slope if clock else asked["query"])
            same = slope_in_model(clock, coefficient, passed=F(1), gate=F(0)) == coefficient
            said = every(used["it adds nothing"], used["the output"], used["the derivative"], same)
            case.show(f"{kind}, label {label}: in its turn", said, given=used.premises)
            idle = case.use(f"b1.idle.{kind}{label}", **given)
            none = slope_in_model(clock, coefficient, passed=passed, gate=gate) == 0
            said = every(idle["it adds nothing"], idle["no gradient within it"], none)
            elsewhere = every(idle.premises, some(passed == 0, gate == 1))
            case.show(f"{kind}, label {label}: at any other time", said, given=elsewhere)
    losses = {name: case.real(name) for name in ("loss of A", "loss of A'")}
    losses |= numbers_given(numbers)
    trained = case.use("lemma3a.simulates", "no more error", space=case.real("space"), **losses)
    case.show("no more error", trained["no more error"], given=trained.premises)


register(
    "b1.network",
    the_network_is_the_model,
    kind="induction",
    of=lambda case: lambda total, more: total + more,
    twin=lambda case: lambda total, more: total + more + 1,
)


@cache
def small_network(broken: bool) -> tuple[FrozenNetwork, AnsweringModel, Network]:
    """The network and the model of the best literal of one bit, at rho = 1/8; the twin's has a gate too weak."""
    numbers = as_printed(F(1, 2))
    made = FrozenNetwork(machine=best_literal_machine(1, fraction=3), numbers=numbers)
    model = AnsweringModel(method=best_literal(1, b=2, tau=F(1, 2)), numbers=numbers)
    net = made.network
    edge = ("1.query 0.head", "1.query 0.passage")
    return made, model, net.with_weight(*edge, F(1, 2)) if broken else net


def reached_weights() -> Iterator[dict[str, Any]]:
    """How many rounds are over, the records of the two queries, and x."""
    some_records = (0, 1, 5, 8)
    for over, x in product((0, 1, 2), (0, 1)):
        records = product(some_records, repeat=2) if over else [(0, 0)]
        yield from ({"over": over, "x": x, "first": one, "second": two} for one, two in records)


@obligation(
    "b1.whole",
    paper="Appendix B.1",
    kind="enumeration",
    domain=reached_weights,
    finite="the best literal of one bit, rho = 1/8; 66 points that training reaches",
    of=lambda case: small_network(False),
    twin=lambda case: small_network(True),
    expect=Verdict.CHECKED,
)
def the_whole_network_is_the_model(subject: tuple[FrozenNetwork, AnsweringModel, Network], case: Case) -> None:
    """A whole network, gates and all, beside the model of its method: at weights that training reaches, both return the
    same, and every derivative of the output by a parameter is the same. No vertex on a kink passes a gradient, but for
    the output when all rounds are over."""
    made, model, net = subject
    over, bit, one, two = (int(case.integer(name)) for name in ("over", "x", "first", "second"))
    rho, rows = made.numbers.rho, ((1 + one % 8, one, two), (1 + two % 8, two, one))
    held = dict(zip(made.trained, [rho * m for row in rows[:over] for m in row], strict=False))
    weights = dict(zip(made.trained, model_edges(), strict=True))
    here = model.start(()).with_weights({weights[edge]: value for edge, value in held.items()})
    run = forward(net.with_weights(held), {"x1": F(bit)})
    case.equal("the output", run.out[OUTPUT], here.output((bit,)))
    slopes, gradient = here.slopes(here.reached(), (bit,)), backward(run, {OUTPUT: F(1)}, report_kinks=True)
    case.show("no kink", gradient.first_kink is None or over == len(rows))
    for edge in made.trained:
        case.equal(f"the derivative by {' -> '.join(edge)}", gradient.edges[edge], slopes[weights[edge]])


def model_edges() -> list[Edge]:
    """The parameters of the model in the order of the network's: clock and answers, round by round."""
    return [edge for t in (1, 2) for edge in (clock_edge(t), answer_edge(t, 1), answer_edge(t, 2))]


@dataclass(frozen=True, slots=True)
class TwoForms:
    """The network of the two-stage ramp, and that of ReLUs, with the edges of each that hold parameters."""

    ramp: Trainable
    relus: Trainable
    edges: tuple[list[int], list[int]]


@cache
def two_forms(unfrozen: bool) -> TwoForms:
    """Both forms of a small network; with ``unfrozen`` all edges between the ReLUs train."""
    made = small_network(False)[0]
    version, ramp = made.relus, replace(made.trainable, batch=2)
    frozen = set(ramp.frozen.tolist())
    moving = [edge for edge in range(len(ramp.network.sources)) if edge not in frozen]
    relus = replace(version.unfrozen if unfrozen else version.net, batch=2)
    return TwoForms(ramp, relus, (moving, version.edges.tolist()))


ALIKE = ("nearest", "up", "down")
"""Adversaries who do not look at the number of an edge, so that they round alike in both networks."""
FIRST = (((0, 0), (1, 1)), ((0, 1), (1, 1)), ((1, 0), (1, 0)))
"""Batches of (x, y)."""


def _runs() -> Iterator[dict[str, Any]]:
    return ({"adversary": adversary, "batch": batch} for adversary in range(len(ALIKE)) for batch in range(len(FIRST)))


def same_in_both_forms(forms: TwoForms, case: Case) -> None:
    """In two steps of gradient descent with the same roundings: no kink is met, the ReLU network returns on each sample
    what the network of the ramp returns, each edge that holds a parameter moves by as much, and at the end both return
    the same at every point."""
    adversary, first = ALIKE[int(case.integer("adversary"))], FIRST[int(case.integer("batch"))]
    ramp, relus = (
        any_engine(net, EngineSettings(system=RATIONALS), adversary=adversary) for net in (forms.ramp, forms.relus)
    )
    before = [ramp.weight(one) - relus.weight(other) for one, other in zip(*forms.edges, strict=True)]
    apart = []
    for batch in (first, FIRST[0]):
        steps = [engine.step(*as_arrays([((x,), y) for x, y in batch])) for engine in (ramp, relus)]
        apart += [step.kink for step in steps if step.kink is not None]
        apart += [1] if steps[0].outputs != steps[1].outputs else []
    after = [ramp.weight(one) - relus.weight(other) for one, other in zip(*forms.edges, strict=True)]
    points = as_arrays([((0,), 0), ((1,), 0)])[0]
    case.show("the steps", not apart)
    case.show("the parameters", before == after)
    case.show("the predictor", ramp.outputs(points) == relus.outputs(points))


def _forms(unfrozen: bool, case: Case) -> TwoForms:
    return two_forms(unfrozen)


_finite = "the best literal of one bit, rho = 1/8, batches of 2; three adversaries, three pairs of batches"
for _id, _unfrozen in (("followed", False), ("unfrozen", True)):
    registry().add(
        Obligation(
            id=f"b1.relu.{_id}",
            paper="Appendix B.1",
            claim=same_in_both_forms,
            kind="enumeration",
            domain=_runs,
            finite=_finite,
            of=partial(_forms, _unfrozen),
            twin=None if _unfrozen else partial(_forms, True),
            expect=Verdict.REFUTED if _unfrozen else Verdict.CHECKED,
        )
    )
