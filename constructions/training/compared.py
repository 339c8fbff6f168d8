"""Two engines side by side: every step of the incremental one is compared with the plain one's, bit for bit.

Compared are the step (outputs, moves, number system, kink), a refusal's text, the questions to a caller's adversary in
their order, all weights, and all that is known of every vertex. The caller's functions are asked once: the second
engine gets the first one's answers.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypedDict, Unpack

import numpy as np

from constructions.errors import ConstructionError, EnginesDifferError
from constructions.foundations.activation import Activation
from constructions.training.adversaries import AtKink, Picks, stop_at_kink
from constructions.training.batches import Samples
from constructions.training.engine import ArrayStep, Engine
from constructions.training.incremental import IncrementalEngine
from constructions.training.kernels import Integers


class EngineArguments(TypedDict, total=False):
    """What an engine takes beside who chooses; :class:`constructions.training.engine.Engine` says what each is."""

    offsets: Integers
    sources: Integers
    weights: Integers
    scale: int
    inputs: int
    output: int
    sigma: Activation
    batch: int
    rho: Fraction
    rate: Fraction
    last: Activation | None
    frozen: Integers | None
    seed: int
    system: str | None


class _Answers:
    """A caller's function, what it was asked in this step, and what it answered."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask = ask
        self.given: list[tuple[Any, Any]] = []

    def first(self, question: Any, *more: Any) -> Any:
        """Ask, and keep the answer; a refusal is kept, too."""
        try:
            answer = self.ask(question, *more)
        except ConstructionError as error:
            answer = error
        self.given.append((question, answer))
        return _answered(answer)

    def again(self, question: Any, *more: Any) -> Any:
        """The answer to the next question, which must be the same."""
        asked, answer = self.given.pop(0) if self.given else (None, None)
        if asked != question:
            raise EnginesDifferError(f"the plain engine asks for {asked}, the incremental engine for {question}")
        return _answered(answer)


def _answered(answer: Any) -> Any:
    if isinstance(answer, ConstructionError):
        raise answer
    return answer


class ComparedEngine(IncrementalEngine):
    """Training of one network by both engines; the parameters are those of
    :class:`constructions.training.engine.Engine`.

    Raises
    ------
    EnginesDifferError
        In the first step in which they differ.

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import Activation
    >>> line = Activation(kinks=(), slopes=(Fraction(1),), value=Fraction(0))
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = ComparedEngine(**arrays, scale=2, inputs=1, output=2, sigma=line, batch=1, rho=Fraction(1, 4))
    >>> engine.step(np.array([[1]]), np.array([0])).system
    'float64'
    >>> engine.plain.weights[0] += 1
    >>> engine.step(np.array([[1]]), np.array([0]))
    Traceback (most recent call last):
        ...
    constructions.errors.EnginesDifferError: the engines differ in outputs, at step 2
    """

    def __init__(
        self, *, adversary: str | Picks = "nearest", at_kink: AtKink = stop_at_kink, **rest: Unpack[EngineArguments]
    ) -> None:
        self._kinks = _Answers(at_kink)
        self._picks = _Answers(adversary) if callable(adversary) else None
        first, again = (self._picks.first, self._picks.again) if self._picks else (adversary, adversary)
        self.plain = Engine(adversary=first, at_kink=self._kinks.first, lanes=False, **rest)
        super().__init__(adversary=again, at_kink=self._kinks.again, **rest)

    def go_on(self, *, number: int, weights: Integers, scale: int) -> None:
        """As :meth:`Engine.go_on`, in both."""
        self.plain.go_on(number=number, weights=weights, scale=scale)
        super().go_on(number=number, weights=weights, scale=scale)

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """As :meth:`Engine.step`, in both."""
        for answers in (self._kinks, self._picks):
            if answers:
                answers.given.clear()
        wanted, got = _outcome(self.plain.step, x, y), _outcome(super().step, x, y)
        differing = [*_differing_outcomes(wanted, got), *self._differing()]
        if isinstance(got, ArrayStep):
            differing += self._differing_bounds()
        if differing:
            raise EnginesDifferError(f"the engines differ in {differing[0]}, at step {self.plain.number or 1}")
        if isinstance(got, ConstructionError):
            raise got
        return got

    def _differing(self) -> list[str]:
        """What of the engines' states differs."""
        one, other = self.plain, self
        found = [name for name in ("number", "scale", "unit") if getattr(one, name) != getattr(other, name)]
        if not np.array_equal(one.weights, other.weights):
            found.append("weights")
        if any(answers and answers.given for answers in (self._kinks, self._picks)):
            found.append("questions that were asked")
        return found

    def _differing_bounds(self) -> list[str]:
        """What of that which was known before the step differs."""
        one, other = self.plain.last_ranges, self.last_ranges
        if one is None or other is None:
            return []
        found = [] if (one.system, one.reason) == (other.system, other.reason) else ["the reason for a number system"]
        for name, a, b in zip(one.known._fields, one.known, other.known, strict=True):
            if not np.array_equal(a, b):
                found.append(f"what is known of vertices ({name})")
        return found


def _outcome(step: Callable[[Samples, Samples], ArrayStep], x: Samples, y: Samples) -> ArrayStep | ConstructionError:
    try:
        return step(x, y)
    except ConstructionError as error:
        return error


def _differing_outcomes(one: ArrayStep | ConstructionError, other: ArrayStep | ConstructionError) -> list[str]:
    if isinstance(one, ArrayStep) and isinstance(other, ArrayStep):
        return [name for name in ArrayStep.__dataclass_fields__ if getattr(one, name) != getattr(other, name)]
    return [] if str(one) == str(other) else [f"a refusal, {one} and {other},"]
