"""The network that reads a whole batch in one step, whatever the labels are: the smooth model M* as a network.

It is that of :mod:`constructions.networks.batch_network` with two copies of the signed memory for each query and the
output held at c < 1/2, so that clipping acts: label 0 has the derivative c of the loss and label 1 the derivative
c - 1. A *steep* copy has the path gain 1/c, and its clipped gradient is (-1)^y r again; a *plain* copy has the path
gain 1, and the gradient c r on label 0 and -(1 - c) r on label 1. For 3 b rho/4 < 1 - 2c both sums are read without
error, so every b >= 1 and rho with b rho < 4/3 has a c that will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from constructions.computation.batch_updates import coins_of
from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.learning.problems import Point
from constructions.networks.any_labels_round import AnyLabelsRound
from constructions.networks.batch_network import BatchPlan
from constructions.networks.signed_memory import SIGNED, SignedSetting
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.family import balance_of
from constructions.strip.reader import held_for, ones_from


def kinds_for(held: Number) -> tuple[SignedSetting, SignedSetting]:
    """The settings of a steep copy and of a plain one, where the output is ``held`` at c.

    >>> [str(kind.path_gain) for kind in kinds_for(Fraction(1, 8))]
    ['8', '1']
    """
    return replace(SIGNED, name="steep", gain=1 / held), replace(SIGNED, name="plain", gain=Fraction(1))


@dataclass(frozen=True, kw_only=True, eq=False)
class AnyLabelsPlan(BatchPlan):
    """A learner with everything that decides its network, for batches with any labels.

    Parameters
    ----------
    machine, family, steps, rho : as in :class:`~constructions.networks.batch_network.BatchPlan`. c is the greatest
        power of 1/2 that is at most (1 - 3 b rho/4)/4.

    Raises
    ------
    PremiseError
        Unless 0 < rho and b rho < 4/3, and the learner tosses no coins.

    >>> from constructions.computation.sample_learners import conjunction_learner, fed
    >>> from constructions.strip.family import PowerFamily
    >>> machine = fed(conjunction_learner(1), 2)
    >>> plan = AnyLabelsPlan(machine=machine, family=PowerFamily(1, 2), steps=1, rho=Fraction(1, 2))
    >>> str(plan.held), str(plan.trainable((0,))), plan.hints["setting"]
    ('1/16', '1/16', 'steep, plain')
    >>> plan.trainable.network.size == plan.sizes.vertices
    True
    >>> [str(mean) for mean in plan.means([((1,), 0), ((1,), 1)])]
    ['0', '0', '0', '1/2', '-1/2', '-1/2']
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "rho", rational(self.rho, where="rho"))
        whole(self.steps, where="steps", least=1)
        if coins := coins_of(self.machine):
            raise PremiseError(f"need a learner that tosses no coins for any labels, got {coins} for each sample")
        if not 0 < 3 * self.family.b * self.rho < 4:
            b_rho = self.family.b * self.rho
            raise PremiseError(f"need 0 < b rho < 4/3, got b rho = {self.family.b} * {self.rho} = {b_rho}")

    @cached_property
    def held(self) -> Fraction:
        """c, what the output is held at in every step."""
        return held_for(3 * self.family.b * self.rho / 4)

    @cached_property
    def kinds(self) -> tuple[SignedSetting, ...]:
        """The settings of a steep copy and of a plain one."""
        return kinds_for(self.held)

    @cached_property
    def round(self) -> AnyLabelsRound:  # type: ignore[override]
        """What a round computes."""
        return AnyLabelsRound(machine=self.machine, family=self.family, rho=self.rho, held=self.held)

    def answers(self, values: Sequence[Number], round_: int) -> tuple[Fraction, ...]:
        """The means <G, r>/b and <N_1, r>/b that the digits of a round tell, given the value of every vertex."""
        b, size, scaled = self.family.b, self.family.size, self.family.b * self.rho
        records = self.records(values, round_)
        balances = [nearest_of_parity(scaled * record, b) for record in records[:size]]
        many = (b - balances[0]) / 2
        pairs = zip(balances, records[size:], strict=True)
        ones = [nearest_of_parity(ones_from(total, scaled * record, self.held), many) for total, record in pairs]
        return tuple(Fraction(total, b) for total in (*balances, *ones))

    def means(self, batch: Sequence[Point]) -> list[Fraction]:
        """The means that the digits of a round have to tell of a ``batch``."""
        ones = balance_of((x, 0) for x, y in batch if y)
        totals = (*self.family.answers(balance_of(batch)), *self.family.answers(ones))
        return [Fraction(total, len(batch)) for total in totals]
