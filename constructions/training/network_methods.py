"""Gradient descent on an emulation network as a learning method (Lemmas 3b and 12b): bSGD or fbGD with its budget.

The network is made of a plan, and trained by the engine: plain gradient descent on all edges, in exact numbers, with an
adversary that picks each rounding. What it returns is the network's output after the last step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, cast

import numpy as np

from constructions.errors import ConstructionError
from constructions.learning.descent_methods import BSGD, FBGD
from constructions.learning.models import Simulation
from constructions.learning.problems import Bits, Point, Predictor
from constructions.networks.both_network import BothPlan
from constructions.networks.emulation import Plan
from constructions.training.batches import as_arrays
from constructions.training.by_fractions import any_engine
from constructions.training.engine import Engine

MOST_EDGES = 1 << 24
"""Larger networks have a budget, but are not trained."""
TABULATED = 11
"""Up to so many bits of x the trained network is asked at all points at once."""


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkMethod:
    """A plan's network, trained in one step for each round of its machine.

    Parameters
    ----------
    plan : the machine, and all that decides its network. same : whether all steps look at the same batch (fbGD).

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16), batch=2)
    >>> method = NetworkMethod(plan=plan)
    >>> method.budget.steps, method.budget.p == plan.sizes.edges, method.n, method.batch
    (2, True, 1, 2)
    >>> batch = (((0,), 0), ((1,), 1))
    >>> predictor = method.trained([batch, batch], ())
    >>> [str(predictor((bit,))) for bit in (0, 1)]
    ['0', '1']
    """

    plan: Plan
    same: bool = False

    @property
    def n(self) -> int:
        """The bits of x."""
        return self.plan.inputs

    @property
    def batch(self) -> int:
        """How many samples a step looks at."""
        return self.plan.batch

    @property
    def budget(self) -> BSGD | FBGD:
        """T' steps, rho, the batch, p' edges (all of them are trained) and r' random bits."""
        sizes, rho = self.plan.sizes, self.plan.rho
        if self.same:
            return FBGD(steps=sizes.steps, rho=rho, m=self.batch, p=sizes.edges, r=sizes.random_bits)
        return BSGD(steps=sizes.steps, rho=rho, b=self.batch, p=sizes.edges, r=sizes.random_bits)

    def trained(
        self, batches: Iterable[Sequence[Point]], bits: Sequence[int], *, adversary: Any = "nearest", seed: int = 0
    ) -> Predictor:
        """What the network returns after a step on each of the batches.

        Parameters
        ----------
        batches : one for each step. bits : the random string, from which weights are sampled.
        adversary, seed : who picks the roundings, by name or as a function, and from what it draws.

        Raises
        ------
        ConstructionError
            For a network that is too large to be trained, and where the loss has no derivative.
        """
        edges = self.plan.sizes.edges
        if edges > MOST_EDGES:
            raise ConstructionError(
                f"need a network of at most {MOST_EDGES} edges to train it, got {edges}: ask for fewer bits or "
                "samples, a larger batch, or 0 runs, with which only budgets are printed"
            )
        engine = any_engine(self.plan.trainable.with_random_string(bits), adversary=adversary, seed=seed)
        for batch in batches:
            step = engine.step(*as_arrays(batch))
            if step.stopped:
                raise ConstructionError(f"need a loss with a derivative, got a kink at vertex {step.kink}")
        return _returned(engine, self.n)


def lemma_3b(made: Any) -> Simulation[Any, Any]:
    """Lemma 3b, or Lemma 12b for one batch, of a method whose network is ``made``, with delta = 0.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16), batch=2)
    >>> made = NetworkMethod(plan=plan, same=True)
    >>> lemma_3b(made).name, lemma_3b(made).delta, lemma_3b(made)(made) is made
    ('Lemma 12b', Fraction(0, 1), True)
    """
    same = isinstance(made, NetworkMethod) and made.same
    both = isinstance(made, NetworkMethod) and isinstance(made.plan, BothPlan)
    return Simulation(
        name=("Lemma 12b" if same else "Lemma 3b") + (" on both labels (S6)" if both else ""),
        delta=Fraction(0),
        budget=cast(Any, lambda budget: made.budget),
        reduce=lambda method: made,
    )


def _returned(engine: Engine, n: int) -> Predictor:
    """The outputs of a trained network, at all points at once if they are few."""
    known: dict[Bits, Fraction] = {}
    if n <= TABULATED:
        points = list(product((0, 1), repeat=n))
        known = dict(zip(points, engine.outputs(np.array(points, np.int64).reshape(-1, n)), strict=True))

    def output(x: Bits) -> Fraction:
        if x not in known:
            known[x] = engine.outputs(np.array([x], np.int64))[0]
        return known[x]

    return output
