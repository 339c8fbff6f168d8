"""What came of training an emulation network (Lemma 3b): did it follow its method, and if not, where did it first
leave it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Network
from constructions.foundations.walks import forward
from constructions.networks.skeleton import ROUNDS, Skeleton
from constructions.training.trainer import Trace, train


@dataclass(frozen=True, slots=True)
class Outcome:
    """``failure`` is None if the run ended in a predictor that the method could have returned.

    ``failed_at`` is the step (the number of steps plus one for the final predictor); ``answers`` are those read at the
    end.
    """

    trace: Trace
    failed_at: int | None
    failure: str | None
    answers: tuple[Fraction, ...]


def follow(
    skeleton: Skeleton, batches: Sequence[Sequence[Sample]], descent: Descent, *, net: Network | None = None
) -> Outcome:
    """Train the skeleton's network (or ``net`` in its place) on two batches and compare it with its method, step by
    step.

    >>> from constructions.networks.queries import DYADIC, PRINTED
    >>> batches = [[((1, 0), 1)], [((0, 1), 0)]]
    >>> follow(Skeleton(setting=DYADIC, rho=Fraction(1, 16), coin=0), batches, Descent(rho=Fraction(1, 16))).failure
    >>> printed = follow(Skeleton(setting=PRINTED, rho=Fraction(1, 16), coin=0), batches, Descent(rho=Fraction(1, 16), rate=Fraction(2)))
    >>> printed.failed_at, printed.failure
    (1, 'the loss has no derivative: q1.vc is on a kink')
    """
    if len(batches) != len(ROUNDS):
        raise ConstructionError(f"need a batch for each of {len(ROUNDS)} rounds, got {len(batches)}")
    trace = train(net or skeleton.network(), batches, descent)
    for step in trace.steps:
        if step.kink is not None:
            return Outcome(trace, step.number, f"the loss has no derivative: {step.kink} is on a kink", ())
        held = skeleton.held_output(step.number)
        wrong = next((output for output in step.outputs if output != held), None)
        if wrong is not None:
            return Outcome(trace, step.number, f"the output is {wrong} instead of {held}", ())
    answers = skeleton.answers(trace.final)
    return Outcome(trace, *_compare(skeleton, batches, trace, answers), answers)


def _compare(
    skeleton: Skeleton, batches: Sequence[Sequence[Sample]], trace: Trace, answers: tuple[Fraction, ...]
) -> tuple[int | None, str | None]:
    for t, (batch, answer) in enumerate(zip(batches, answers, strict=True), 1):
        ask = skeleton.query(t, answers)
        mean = Fraction(sum(ask(x, y) for x, y in batch), len(batch))
        if abs(answer - mean) > skeleton.tolerance:
            return t, f"the answer {answer} is not within {skeleton.tolerance} of the batch mean {mean}"
    wanted = skeleton.predictor(answers)
    for x in product((0, 1), repeat=2):
        found = forward(trace.final, {"x1": x[0], "x2": x[1]}).out[trace.final.output]
        if found != wanted(x):
            return len(batches) + 1, f"the predictor returns {found} instead of {wanted(x)} at x = {x}"
    return None, None
