"""Result G's model is trained as its learner says; and what its history is, which fixes the h of a window."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, some
from constructions.foundations.rounding import Grid
from constructions.learning.problems import Bits
from constructions.strip.mistake_models import MistakeBlock, mistake_model, stage_of
from constructions.strip.mistakes import MajorityStage, MistakeLearner, stays
from constructions.strip.one_batch_models import OneBatchModel, OneBatchWeights
from constructions.strip.readout import word_length
from constructions.strip.sign_queries import all_queries
from constructions.strip.simulations import training
from verify.claims.strip.mistakes import lenient
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
STEPS = 2
RHO = F(1, 8)


def forgetful(learner: MistakeLearner, steps: int) -> OneBatchModel:
    """The model whose blocks all hold the first majority (the twin's)."""
    made = mistake_model(learner, steps)
    return OneBatchModel(
        method=made.method,
        whole=made.whole,
        rho=made.rho,
        asked=lambda stage: MistakeBlock(learner, learner.start),
    )


def labelled_as(bits: tuple[int, ...]) -> Callable[[Bits], int]:
    """The function of one bit with these values."""
    return lambda x: bits[x[0]]


@obligation(
    "strip.mistakes.trained",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"target": target} for target in range(4)),
    expect=Verdict.CHECKED,
    finite="n = 1, b = 2, rho = 1/8, all functions as the class, two steps: all realizable batches and valid roundings",
    of=lambda case: mistake_model,
    twin=lambda case: forgetful,
)
def the_model_goes_as_the_learner(made: Callable[..., OneBatchModel], case: Case) -> None:
    """In exact arithmetic over all parameters of the model: at every moment the gradient of the block whose turn it is
    is that of the learner at its stage, all others are 0, the output is the learner's majority, held off by e, and the
    stage that is read off the weights is the learner's."""
    class_ = [labelled_as(bits) for bits in product((0, 1), repeat=2)]
    learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 2), rho=RHO, window=1)
    target = class_[int(case.integer("target"))]
    batches = [tuple(((bit,), target((bit,))) for bit in bits) for bits in ((0, 0), (0, 1), (1, 1))]
    found = list(_moments(made(learner, STEPS).start(()), learner, learner.start, batches))
    case.show("there are runs", bool(found))
    right = [(weights, stage) for weights, stage in found if stage is not None and stage_of(weights) == stage]
    case.show("the stage", len(right) == len(found))
    case.show("the gradient", all(_as_the_learner(weights, stage, learner, batches) for weights, stage in right))
    case.show("the output", all(_held_off(weights, stage, learner) for weights, stage in right))


Moment = tuple[OneBatchWeights, MajorityStage | None]


def _moments(weights: OneBatchWeights, learner: MistakeLearner, stage: MajorityStage, batches: Any) -> Iterator[Moment]:
    """All moments of all runs: the weights, and the stage of the learner that saw the same roundings."""
    yield weights, stage
    turn = stage.steps + 1
    if turn > STEPS:
        return
    grid, descent = Grid(rho=RHO), training(RHO)
    for batch in batches:
        gradient = descent.batch_gradient(weights, batch)  # type: ignore[arg-type]
        for picked in product(*(grid.valid(value) for value in gradient.values())):
            estimate = dict(zip(gradient, picked, strict=True))
            after: Any = descent.moved(weights, estimate)  # type: ignore[arg-type]
            answers = tuple(estimate[edge] for edge in weights.model.block(turn))
            try:
                then = learner.after(stage, answers)
            except PremiseError:  # as of a model that does not go as the learner
                yield after, None
            else:
                yield from _moments(after, learner, then, batches)


def _as_the_learner(weights: OneBatchWeights, stage: MajorityStage, learner: MistakeLearner, batches: Any) -> bool:
    """Whether the gradients over all batches are the learner's, in the block whose turn it is and nowhere else."""
    turn = stage.steps + 1
    own = set(weights.model.block(turn)) if turn <= STEPS else set()
    for batch in batches:
        gradient = training(RHO).batch_gradient(weights, batch)  # type: ignore[arg-type]
        wanted = learner.gradient(stage, batch) if own else ()
        if tuple(value for edge, value in gradient.items() if edge in own) != wanted:
            return False
        if any(value for edge, value in gradient.items() if edge not in own):
            return False
    return True


def _held_off(weights: OneBatchWeights, stage: MajorityStage, learner: MistakeLearner) -> bool:
    """Whether the output is the majority, held off by e; behind the last block it is what is learned."""
    e, ended = learner.held, stage.steps == STEPS
    learned = learner.learned(stage) if ended else learner.majority(stage.left)
    return all(weights.output((x,)) == (learned((x,)) if ended else abs(learned((x,)) - e)) for x in (0, 1))


@obligation(
    "strip.mistakes.history", paper="the strip", kind="induction", of=lambda case: stays, twin=lambda case: lenient
)
def a_history_says_what_is_left(kept: Callable[[Number, Number], Any], case: Case) -> None:
    """Fix a *history*: a sequence of U lists of mistakes, the empty one allowed, before anything is drawn. What it
    leaves of a hypothesis after u of its lists is a number that depends on the history and u alone. In every run whose
    updates read the lists of the history in turn, and for every hypothesis, what is left after any steps is that number
    for the present u; in particular it is the same all through a window without an update. An empty list leaves all as
    it was, so a history of fewer than U lists may be filled up with empty ones. So before any batch is drawn there are
    as many possible h for a window as histories, and each of these h is fixed."""
    kappa, u, left, updated = case.integer("kappa"), case.integer("u"), case.integer("left"), case.bit("an update")
    wrong, says = case.function("wrong on the list", 1), case.function("left by the history", 1)
    case.assume(kappa >= 0, says(F(0)) == 1)
    run = case.induction(
        "over the steps",
        state={"u": u, "left": left},
        start={"u": F(0), "left": F(1)},
        inputs={"an update": updated},
        given=lambda s: says(s["u"] + 1) == select(every(says(s["u"]) == 1, stays(wrong(s["u"]), kappa)), F(1), F(0)),
        advance=lambda s: {
            "u": s["u"] + select(s["an update"], F(1), F(0)),
            "left": select(
                s["an update"], select(every(s["left"] == 1, kept(wrong(s["u"]), kappa)), F(1), F(0)), s["left"]
            ),
        },
        holds=lambda s: every(s["u"] >= 0, some(s["left"] == 0, s["left"] == 1), s["left"] == says(s["u"])),
    )
    at = case.reached(run)
    case.show("what is left", at["left"] == says(at["u"]))
    case.show("an empty list", kept(F(0), kappa))


@obligation(
    "strip.mistakes.lists",
    paper="the strip",
    kind="induction",
    of=lambda case: word_length,
    twin=lambda case: lambda n, b: word_length(n, b) - 1,
)
def lists_are_words(length: Callable[[Number, Number], Number], case: Case) -> None:
    """For all n and b: a list of at most b mistakes is b entries, each one of 2^n points or none, for the labels are
    those that the majority does not give. So there are at most 2^(b(n + 1)) lists, with as many bits as
    ``mistake_budget`` counts: as each entry needs at most n + 1 bits."""
    n, points, many = case.integer("n"), case.integer("2^n"), case.integer("b")
    case.assume(n >= 1, points >= 1, many >= 0)
    run = case.induction(
        "over the entries",
        state={name: case.integer(name) for name in ("entries", "lists", "words", "bits")},
        start={"entries": F(0), "lists": F(1), "words": F(1), "bits": F(0)},
        inputs={},
        advance=lambda s: {
            "entries": s["entries"] + 1,
            "lists": s["lists"] * (points + 1),
            "words": s["words"] * (2 * points),
            "bits": s["bits"] + n + 1,
        },
        holds=lambda s: every(
            s["entries"] >= 0, s["lists"] >= 1, s["lists"] <= s["words"], s["bits"] == s["entries"] * (n + 1)
        ),
    )
    at = case.reached(run)
    case.show("no more lists than words", at["lists"] <= at["words"])
    case.show("their bits", at["bits"] <= length(n, at["entries"]))


@obligation(
    "strip.mistakes.first", paper="the strip", kind="induction", of=lambda case: F(1), twin=lambda case: F(1, 2)
)
def the_first_points_are_mistakes(share: Number, case: Case) -> None:
    """For a fixed h that errs with a chance of at least eps: the first k points of a batch, drawn by themselves, are
    all among its mistakes with a chance of at least eps^k, for every k."""
    s, eps, now, certain = case.real("s"), case.real("eps"), case.real("next"), case.real("certain")
    chance, both = case.word("chance"), case.word("both")
    state = {"k": case.integer("k"), "event": case.real("event"), "eps^k": case.real("eps^k")}
    case.assume(eps > 0, chance(s, now) >= eps, chance(s, certain) == 1)
    case.principle("fresh batches", s=s, A=state["event"], B=now)
    run = case.induction(
        "over the points",
        state=state,
        start={"k": F(0), "event": certain, "eps^k": F(1)},
        inputs={"next": now},
        given=lambda at: case.word("are independent")(s, at["event"], at["next"]),
        advance=lambda at: {"k": at["k"] + 1, "event": both(at["event"], at["next"]), "eps^k": at["eps^k"] * eps},
        holds=lambda at: every(at["k"] >= 0, at["eps^k"] > 0, chance(s, at["event"]) >= at["eps^k"]),
    )
    at = case.reached(run)
    case.show("often enough", chance(s, at["event"]) * share >= at["eps^k"])
