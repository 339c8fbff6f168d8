"""Lights: what claims say at the numbers that a reader of the page chooses.

A claim is *called* here, as for a prover, with a case whose variables are the page's own. The facts that it states,
with what each presupposes, are terms, and the page evaluates them. So no sentence of a claim is written a second time:
a claim that changes changes its light.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.logic import Formula
from constructions.foundations.terms import INTEGER, REAL, variable
from constructions.networks.controls import activator
from constructions.networks.queries import Setting, query_graph
from verify.obligations.obligation import Obligation
from verify.pages.written_terms import TermWriter
from verify.provers.stated_case import StatedCase
from verify.provers.stating import state

RHO, RESTING, FM, FT = (variable(name, REAL) for name in ("rho", "a", "fm", "ft"))
ANY_SETTING = Setting(
    name="any",
    resting=RESTING,
    gain=variable("gain", REAL),
    gain_prime=variable("gain'", REAL),
    offset=variable("offset", REAL),
    rate=variable("rate", REAL),
    share=variable("share", REAL),
    control=(variable("vc from its bit", REAL), variable("vc from one", REAL)),
    rho_below=variable("below", REAL),
)
"""Every version of Q and Q' at once: the page has a number for each of these variables."""
MULTIPLES = {
    name: variable(name, INTEGER) for name in ("k[v0v1]", "k[v1v2]", "k[v1v2']", "k[v2v3]", "k[v2'v3]", "k[v3v4]")
}
"""Which multiple of rho the adversary chose for the gradient of each edge that moves."""
ACTIVE = {"z": variable("z active", REAL), "fm": FM, "ft": FT, **MULTIPLES}
IDLE = {"z": variable("z idle", REAL), "adjoint": variable("adjoint idle", REAL)}
AFTER = {**ACTIVE, "z2": variable("z after", REAL), "adjoint": variable("adjoint after", REAL)}
READ = {"z": variable("z after", REAL), "m": variable("m", INTEGER)}
LEVELS = {"levels": variable("levels", INTEGER)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One claim at the page's numbers.

    Parameters
    ----------
    id : of the claim. statement : what it says, in words. facts : each by its label, with the formula under which it is
        stated, and the formula itself.
    """

    id: str
    statement: str
    facts: tuple[tuple[str, Formula, Formula], ...]


class GivenCase(StatedCase):
    """A case whose variables are terms that somebody has ``given`` for them, by name.

    >>> case = GivenCase({"x": variable("the slider", REAL)})
    >>> case.real("x") + 1
    the slider + 1
    >>> case.real("y")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a variable that the page has a number for (x), got 'y'
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__()
        self.given = given

    def _variable(self, name: str, kind: str) -> Any:
        if name not in self.given:
            raise ConstructionError(
                f"need a variable that the page has a number for ({', '.join(self.given)}), got {name!r}"
            )
        return self.given[name]


def light_of(obligation: Obligation, subject: Any, given: Mapping[str, Any]) -> Light:
    """The light of a claim about another ``subject`` than its own.

    Parameters
    ----------
    obligation : whose claim it is. subject : what the claim is about here. given : what stands for its variables.

    Raises
    ------
    ConstructionError
        For a claim with a variable for which nothing is given.

    >>> def is_more(least, case):
    ...     "It is at least the least."
    ...     case.show("at least", case.real("x") >= least)
    >>> more = Obligation(id="more", paper="mine", claim=is_more, of=lambda case: 0, twin=lambda case: 1)
    >>> light_of(more, 7, {"x": RHO}).facts
    (('at least', True, rho >= 7),)
    """
    case = GivenCase(given)
    state(obligation, lambda case: subject, case)
    return Light(id=obligation.id, statement=obligation.statement, facts=facts_of(case))


def facts_of(case: StatedCase) -> tuple[tuple[str, Formula, Formula], ...]:
    """The facts of a case that are more than steps of an induction: label, premises, conclusion.

    >>> case = StatedCase()
    >>> x = case.real("x")
    >>> case.assume(x > 0)
    >>> case.show("more", x + 1 > 1)
    >>> facts_of(case)
    (('more', x > 0, x + 1 > 1),)
    """
    return tuple((fact.label, fact.under, fact.conclusion) for fact in case.facts if fact.induction is None)


def lights_of_lemma_11(
    obligations: Mapping[str, Obligation], *, prime: bool, labels: tuple[int, int]
) -> Iterator[Light]:
    """What is said of Q, or of Q' with ``prime``, in any setting and at any precision, whatever the digits.

    Parameters
    ----------
    obligations : those of the paper, by id. labels : of the samples.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> lights = list(lights_of_lemma_11(paper_obligations(), prime=False, labels=(0, 1)))
    >>> [light.id for light in lights][:3], lights[1].facts[3][0]
    (['lemma3b.vc.minimal', 'lemma11.idle.minimal.q', 'lemma11.active.minimal.q'], 'idle: v3 adds nothing to v4')
    """
    q = "q'" if prime else "q"
    graph = query_graph(ANY_SETTING, rho=RHO, bits=0, prime=prime)
    built = obligations["lemma11.active.minimal.q"].of(StatedCase())
    copy = replace(built, graph=graph, setting=ANY_SETTING, rho=RHO, prime=prime, labels=labels)
    asked: Sequence[tuple[str, Any, Mapping[str, Any]]] = (
        ("lemma3b.vc.minimal", activator(ANY_SETTING), {"adjoint": 1}),
        (f"lemma11.idle.minimal.{q}", copy, IDLE),
        (f"lemma11.active.minimal.{q}", copy, ACTIVE),
        (f"lemma3b.held.minimal.{q}", (graph, ANY_SETTING, RHO, prime), {"z": ACTIVE["z"], "n": 1}),
        ("lemma11.labels.repaired", (copy, True), ACTIVE),
        (f"lemma11.moves.minimal.{q}", copy, ACTIVE),
        (f"lemma11.record.minimal.{q}", copy, ACTIVE),
        (f"lemma11.clock.minimal.{q}", copy, ACTIVE),
        (f"lemma11.after.minimal.{q}", copy, AFTER),
        ("lemma11.within.printed", (copy, True), ACTIVE | LEVELS),
    )
    for id, subject, given in asked:
        yield light_of(obligations[id], subject, given)


def light_of_digits(obligations: Mapping[str, Obligation], *, prime: bool, bits: int) -> Light:
    """What is said of so many digits of Q, or of Q' with ``prime``; ``obligations`` are those of the paper, by id.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> [label for label, _, _ in light_of_digits(paper_obligations(), prime=False, bits=2).facts][1:3]
    ['vr1 is strictly flat', 'vr1 is a bit']
    """
    graph = query_graph(ANY_SETTING, rho=RHO, bits=bits, prime=prime)
    return light_of(obligations["lemma11.read.1"], (graph, RHO, RESTING, bits), READ)


def written(light: Light, terms: TermWriter) -> list[Any]:
    """A light as JSON values: id, statement, and each fact with the places of its two formulas among some ``terms``.

    >>> written(Light(id="a", statement="b", facts=(("c", True, RHO > 0),)), TermWriter())
    ['a', 'b', [['c', 0, 3]]]
    """
    return [
        light.id,
        light.statement,
        [[label, terms.place(under), terms.place(fact)] for label, under, fact in light.facts],
    ]
