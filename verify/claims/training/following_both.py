"""Claims about training a network on both labels (S6): it is its machine that runs; and Lemma 3b's statement for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

from constructions.computation.both_labels import in_pairs
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine
from constructions.networks.both_network import BothPlan
from constructions.networks.queries import DYADIC, STRONG
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED
from constructions.training.batches import Batch, as_arrays
from constructions.training.engine import engine_of
from constructions.training.following_both import follow_both
from constructions.training.network_methods import lemma_3b
from verify.claims.models.answering.any_method import no_more_error_by_rounds
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
BATCH, TAU = 2, 4
NEAR = "within 4 rho"
PLANS: dict[str, Callable[[], BothPlan]] = {
    "one step": lambda: BothPlan(machine=in_pairs(best_literal_machine(1, fraction=8)), rho=F(1, 8), batch=BATCH),
    "two steps": lambda: BothPlan(
        machine=in_pairs(conjunction_machine(1, fraction=8, tau="1/8")), rho=F(2, 9), setting=STRONG, batch=BATCH
    ),
}
Change = Callable[[BothPlan], Trainable]


@cache
def plan_named(name: str) -> BothPlan:
    """A plan, which all runs share: no run changes it."""
    return PLANS[name]()


def as_built(plan: BothPlan) -> Trainable:
    """The network of a plan."""
    return plan.trainable


def flatter(plan: BothPlan) -> Trainable:
    """The network of a plan in which a steep copy of round 1 has the weight of a usual one to the output (a twin's)."""
    net, made = plan.trainable, plan.blocks[0]
    c = next(c for c, copy in enumerate(plan.copies) if copy.place)
    vertex = int(plan.starts[0]) + int(made.to_output[c])
    begin, end = (int(at) for at in net.network.offsets[net.output : net.output + 2])
    tails: list[int] = net.network.sources[begin:end].tolist()
    return net.with_moved({begin + tails.index(vertex): F(DYADIC.gain_prime)})


def batches_of(plan: BothPlan) -> list[Batch]:
    """All batches of the plan's size, but for their order, any labels at any points."""
    samples = [(x, y) for x in product((0, 1), repeat=plan.inputs) for y in (0, 1)]
    return [as_arrays(batch) for batch in combinations_with_replacement(samples, plan.batch)]


def _runs() -> Iterator[dict[str, Any]]:
    return ({"plan": plan, "adversary": name} for plan in range(len(PLANS)) for name in range(len(NAMED)))


@obligation(
    "lemma3b.both.trained",
    paper="Lemma 3b",
    kind="enumeration",
    domain=_runs,
    expect=Verdict.CHECKED,
    finite="the best literal in one step and a conjunction in two, n = 1, all sequences of batches of 2, each named "
    "adversary",
    of=lambda case: as_built,
    twin=lambda case: flatter,
    erratum="S6",
)
def the_machine_runs(built: Change, case: Case) -> None:
    """Whatever the batches are: no kink is met, the output is 1 + offset rho on each sample in each step, each answer
    is within the decoder's tolerance, which is at most 4 rho, of the mean of its query over the whole batch, and the
    trained network predicts what the machine predicts after these answers."""
    plan = plan_named(list(PLANS)[int(case.integer("plan"))])
    adversary = list(NAMED)[int(case.integer("adversary"))]
    net, failures = built(plan), []
    for batches in product(batches_of(plan), repeat=plan.machine.rounds):
        engine = engine_of(net, adversary=adversary, seed=5)
        run = follow_both(plan, batches, engine=engine)
        failures += [run.failure] if run.failure else []
    case.show("the tolerance", plan.decoder.tolerance <= TAU * plan.rho)
    case.show("none fails", not failures)


@dataclass(frozen=True, slots=True)
class BothRun:
    """The simulation, and within how many multiples of rho the answers are."""

    simulation: Any
    within: Fraction


def _as_near_as(multiples: int) -> Callable[[Case], BothRun]:
    return lambda case: BothRun(lemma_3b(None), F(multiples))


@obligation("lemma3b.both.runs", paper="Lemma 3b", kind="induction", of=_as_near_as(TAU), twin=_as_near_as(TAU + 1))
def a_trained_network_on_both_labels_is_a_run(subject: BothRun, case: Case) -> None:
    """For every rho > 0, every bSQ method with tolerance tau = 4 rho whose queries are 0 and 1 on both labels (a
    function of its random bits and answers) and every source: let what is read in each round of a training run be
    within 4 rho of the mean of its query over the batch, and let the network end as the predictor of the method's last
    state. Then the network has at most the error of the method."""
    rho, tau = case.real("rho"), case.real("tau")
    case.assume(rho > 0, tau == TAU * rho)
    case.assume(case.integer("k") >= 0, label="there are k rounds")
    no_more_error_by_rounds(subject.simulation, case, subject.within * rho, same=False)


@obligation(
    "lemma3b.both.simulates",
    paper="Lemma 3b",
    of=lambda case: lemma_3b(None),
    twin=lambda case: replace(lemma_3b(None), delta=F(-1)),
    finite="that the arrays hold what the gadgets are: three networks; whole runs: two",
    expect=Verdict.CHECKED,
    erratum="S6",
)
def bsgd_on_a_network_does_what_bsq_does(simulation: Any, case: Case) -> None:
    """For every rho < 1/4, b, k, p, r, every bSQ method with tolerance tau = 4 rho whose queries are 0 and 1 on both
    labels and every source: bSGD on the network on both labels of the method, all of whose edges train, takes k steps
    and has at most the error of the method. What is made of the three copies of a query is within 4 rho of its mean
    (``lemma3b.both.answer``), so a training run is a run of the method (``lemma3b.both.runs``)."""
    rho, k, tau, space = case.real("rho"), case.integer("k"), case.real("tau"), case.real("space")
    losses = {name: case.real(name) for name in ("loss of A", "loss of A'")}
    case.assume(rho > 0, rho < F(1, 4), tau == TAU * rho, k >= 0)
    case.use("lemma3b.both.held", "the output", rho=rho)
    case.use("lemma3b.both.answer", NEAR, rho=rho)
    runs = case.use("lemma3b.both.runs", "no more error", rho=rho, tau=tau, k=k, space=space, **losses)
    case.assume(runs.premises, label="what is read in each round is made of three copies, and what the losses are")
    mean = case.word("mean")
    given, made = (mean(space, value) for value in losses.values())
    case.show("no more error", simulation.allows(given, made))
