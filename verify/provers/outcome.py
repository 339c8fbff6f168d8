"""What a prover finds of a claim, or of its broken twin: one value from the prover to the screen, JSON and cache.

The values are exact as long as they are inside: a witness holds rationals, a verdict is a verdict. They become text
only where they leave (:mod:`verify.discharge.result_json`).
"""

from fractions import Fraction

import msgspec

from constructions.foundations.loading import loaded_when_used
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    from verify.obligations import case as cases
    from verify.replay import witness

SECONDS = 60
"""Seconds for each question to a solver, unless the caller says otherwise."""
OPEN = (Verdict.VACUOUS, Verdict.UNKNOWN)
"""The verdicts of facts that are neither shown nor refuted, for which there is a reason."""


class FactFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact of a claim and what became of it.

    Parameters
    ----------
    label : the fact in words, as the claim states it. verdict : what became of it.
    effort : what the solver spent on it, in units of z3's ``rlimit``; 0 if no solver was asked.
    reason : why it is VACUOUS or UNKNOWN, or how it was proved if not at once; may be empty.
    """

    label: str
    verdict: Verdict
    effort: int = 0
    reason: str = ""


class Departure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first vertex that leaves the linear piece on which it is meant to stay, at a counterexample.

    Parameters
    ----------
    walk : the label of the walk over the graph. vertex : its name.
    pre_activation : the sum that arrives at the vertex. piece : the open interval in which it should lie, ``(-1, 0)``.

    >>> str(Departure("active", "vc", Fraction(0), "(-1, 0)"))
    'vc (active): pre-activation 0 is not strictly inside (-1, 0)'
    """

    walk: str
    vertex: str
    pre_activation: Fraction
    piece: str

    def __str__(self) -> str:
        return f"{self.vertex} ({self.walk}): pre-activation {self.pre_activation} is not strictly inside {self.piece}"


def departure_in(replayed: "witness.ReplayCase") -> Departure | None:
    """The first vertex that leaves its piece where a claim was replayed; None if all stay, or none has a piece.

    >>> print(departure_in(witness.ReplayCase({"x": Fraction(1)})))
    None
    """
    found = replayed.first_off_piece()
    return None if found is None else Departure(found.walk, found.vertex, found.pre_activation, str(found.piece))


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The use of another obligation by a claim.

    Parameters
    ----------
    id : the obligation that is used. label : this use; an id that is used twice has two labels.
    instance : what was given for its variables, by name, in words; of an enumeration, at the last point.
    facts : the labels of the facts that were wanted; all, if there are none.
    """

    id: str
    label: str
    instance: dict[str, str] = {}
    facts: tuple[str, ...] = ()


def uses_in(case: "cases.Case") -> tuple[Use, ...]:
    """The uses of other obligations by a claim, as it was stated to a case.

    >>> from verify.obligations.obligation import Obligation
    >>> from verify.provers.stated_case import StatedCase
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> case = StatedCase({"square": square})
    >>> _ = case.use("square", x=case.real("y") - 1), case.principle("union bound", s=0, A=1, B=2)
    >>> uses_in(case)
    (Use(id='square', label='square', instance={'x': 'y - 1'}, facts=()),)
    >>> [(use.id, use.instance) for use in principles_in(case)]
    [('union bound', {'s': '0', 'A': '1', 'B': '2'})]
    """
    return tuple(Use(used.id, used.label, used.instance, used.chosen) for used in case.uses)


def principles_in(case: "cases.Case") -> tuple[Use, ...]:
    """The principles on which a claim rests, each with the terms for which it does; ``id`` is its name."""
    return tuple(
        Use(used.id.removeprefix("principle "), used.label, used.instance, used.chosen) for used in case.principles
    )


class Examination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found of one claim about one subject (an obligation's own, its broken twin, a mutation).

    Parameters
    ----------
    verdict : the least verdict of the facts. facts : what became of each fact that was examined, in the claim's order.
    witness : values of the variables for which the premises hold, if such were found.
    counterexample : values for which a fact fails though what it presupposes holds; None if there are none.
    failing : the labels of the facts that fail there.
    leaves : the first vertex that leaves its piece there; None if all stay, or none is meant to.
    uses : the other obligations that the claim uses, each with the terms for which it does.
    principles : the principles that it states for terms of its own.

    >>> found = Examination(verdict=Verdict.UNKNOWN, facts=(FactFinding("even", Verdict.UNKNOWN, 3, "timeout"),))
    >>> found.first_open.reason, found.counterexample
    ('timeout', None)
    """

    verdict: Verdict
    facts: tuple[FactFinding, ...] = ()
    witness: dict[str, Fraction] = {}
    counterexample: dict[str, Fraction] | None = None
    failing: tuple[str, ...] = ()
    leaves: Departure | None = None
    uses: tuple[Use, ...] = ()
    principles: tuple[Use, ...] = ()

    @property
    def first_open(self) -> FactFinding | None:
        """The first fact that is VACUOUS or UNKNOWN; None if there is none."""
        return next((fact for fact in self.facts if fact.verdict in OPEN), None)
