"""What came of training the walking skeleton (Lemma 3b): did it follow its method, and if not, where did it first leave
it?

The comparison is that of :mod:`constructions.training.following`; the network is trained as a graph, by the reference
engine (:class:`constructions.foundations.descent.Descent`), so that any adversary over named edges will do.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Network
from constructions.foundations.walks import forward
from constructions.networks.skeleton import ROUNDS, Skeleton
from constructions.training.following import FollowedRun, compare_with_method
from constructions.training.trainer import one_step

Samples = Sequence[Sample]


class _SkeletonInTraining:
    """The skeleton's network, or another one in its place, and the method.

    In every step the answers of all rounds so far are read, and compared again: an answer must stay.
    """

    def __init__(self, skeleton: Skeleton, descent: Descent, net: Network) -> None:
        self.skeleton, self.descent, self.net = skeleton, descent, net
        self.batches: list[Samples] = []
        self.known: tuple[Fraction, ...] = ()

    @property
    def rounds(self) -> int:
        return len(ROUNDS)

    @property
    def tolerance(self) -> Fraction:
        return self.skeleton.tolerance

    def step(self, batch: Samples) -> tuple[Sequence[Fraction], str | None]:
        self.batches.append(batch)
        step, self.net = one_step(self.net, batch, self.descent, number=len(self.batches))
        return step.outputs, step.kink

    def held(self, step: int) -> Fraction:
        return self.skeleton.held_output(step)

    def answers(self, step: int) -> tuple[Fraction, ...]:
        return self.skeleton.answers(self.net)[:step]

    def means(self, step: int, batch: Samples) -> list[Fraction]:
        asked = [self.skeleton.query(t, self.known) for t in range(1, step + 1)]
        rounds = zip(asked, self.batches, strict=True)
        return [Fraction(sum(ask(x, y) for x, y in given), len(given)) for ask, given in rounds]

    def go_on(self, step: int, answers: tuple[Fraction, ...]) -> None:
        self.known = answers

    def predictions(self) -> tuple[Sequence[Fraction], Sequence[Fraction], Sequence[Sequence[int]]]:
        points = list(product((0, 1), repeat=2))
        wanted = self.skeleton.predictor(self.known)
        found = [Fraction(forward(self.net, {"x1": a, "x2": b}).out[self.net.output]) for a, b in points]
        return found, [wanted(x) for x in points], points

    def state(self) -> dict[str, int]:
        return {f"large{t}": self.skeleton.large(answer) for t, answer in enumerate(self.known, 1)}


def follow(
    skeleton: Skeleton, batches: Sequence[Samples], descent: Descent, *, net: Network | None = None
) -> FollowedRun:
    """Train the skeleton's network (or ``net`` in its place) on two batches and compare it with its method.

    Raises
    ------
    ConstructionError
        For another number of batches than two.

    >>> from constructions.networks.queries import DYADIC, PRINTED
    >>> rho, batches = Fraction(1, 16), [[((1, 0), 1)], [((0, 1), 0)]]
    >>> follow(Skeleton(setting=DYADIC, rho=rho, coin=0), batches, Descent(rho=rho)).failure
    >>> printed = follow(Skeleton(setting=PRINTED, rho=rho, coin=0), batches, Descent(rho=rho, rate=Fraction(2)))
    >>> printed.failed_at, printed.failure
    (1, 'the loss has no derivative: q1.vc is on a kink')
    """
    return compare_with_method(_SkeletonInTraining(skeleton, descent, net or skeleton.network()), batches)
