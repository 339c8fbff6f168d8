"""What v3 of a copy returns at any moment of its training in its network (Lemma 3b): its share if it acts, else 0.

Proved here: ``lemma3b.returns``, from the training of a copy (``lemma3b.written``).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, implies, select
from constructions.foundations.walks import forward
from constructions.networks.controls import activator
from verify.claims.networks.queries.training import EDGES, at_weights, moved, settings_of
from verify.claims.networks.trainable.batches import (
    KINDS,
    STEPS,
    Activator,
    DrivenCopy,
    NetworkAround,
    always_idle,
    driven_copy,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State

STANDS = ("it is as built up to its step", "it is flat when idle after it")
"""What is used of the training of a copy."""


def returned_by_v3(driven: DrivenCopy, s: State, acts: Formula) -> Number:
    """What v3 of a copy returns at its present weights, where its vc is driven by whether it acts."""
    graph = at_weights(driven.copy, {edge: s[moved(edge)] for edge in EDGES})
    return forward(graph, {"vc": driven.vc(acts)}, outside={"v4": Fraction(0)}).out["v3"]


def returned_while_active(driven: DrivenCopy) -> Number:
    """What v3 of a copy as built returns while it is active."""
    return forward(driven.copy.graph, {"vc": Fraction(0)}, outside={"v4": Fraction(0)}).out["v3"]


@dataclass(frozen=True, slots=True)
class MomentOfCopy:
    """A moment of the training of a copy, as a claim about it names its parts.

    Parameters
    ----------
    s, c, always : how many rounds are before its own, its number there, whether its digit is set on every sample. at :
        the moment.
    """

    s: Number
    c: Number
    always: Formula
    at: State

    @property
    def given(self) -> dict[str, Any]:
        """What stands for the variables of ``lemma3b.written``."""
        moment = {f"{STEPS} reached: {name}": value for name, value in self.at.items()}
        return {"s": self.s, "c": self.c, "always set": self.always} | moment


def copy_returns_its_share(driven: DrivenCopy, case: Case) -> None:
    """Take a copy of any round of a network after any number of steps of training. On a sample on which it acts, which
    may be in the step of its round alone, v3 returns what that of a copy as built returns while it is active; on one on
    which it does not, v3 returns 0, whatever training has made of its weights."""
    around, acts = NetworkAround.any(case), case.bit("acts")
    used = case.use(f"lemma3b.written.{driven.kind}", *STANDS, **around.given, **settings_of(driven.copy))
    case.assume(used.premises, label="a moment of its training in the network")
    head = f"{STEPS} reached: "
    at = {name.removeprefix(head): value for name, value in used.values.items() if name.startswith(head)}
    case.assume(implies(acts, at["t"] == used.values["s"]), label="it acts in the step of its round alone")
    wanted = select(acts, returned_while_active(driven), Fraction(0))
    case.show("what v3 returns", returned_by_v3(driven, at, acts) == wanted)


def _driven(prime: bool, make: Activator) -> Any:
    return driven_copy(prime, True, make)


for _kind in KINDS:
    registry().add(
        Obligation(
            id=f"lemma3b.returns.{_kind}",
            paper="Lemma 3b",
            claim=copy_returns_its_share,
            of=_driven(KINDS[_kind], activator),
            twin=_driven(KINDS[_kind], always_idle),
        )
    )
