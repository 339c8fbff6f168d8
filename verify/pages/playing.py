"""Gadgets to play with beside Q and Q': graphs whose weights and inputs may have variables, each with a number to start
from, and the facts that a claim states of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.network import Fragment
from constructions.foundations.terms import Term, TruthTerm, number
from constructions.foundations.traversal import variables
from constructions.foundations.walks import ForwardRun, forward
from verify.obligations.obligation import Obligation
from verify.pages.lights import Light, facts_of
from verify.pages.written_terms import can_be_written
from verify.provers.stated_case import StatedCase
from verify.provers.stating import state

MOST_VERTICES, MOST_VARIABLES, MOST_WALKS = 40, 16, 4
"""What is larger has too many controls or too large a picture to be played with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playable:
    """A graph that can be played with.

    Parameters
    ----------
    fragment : the graph; its weights may be terms. inputs : what each input is, if a claim says so; a constant is where
        its slider starts. outside : what the rest of a network adds to a vertex. light : the claim, if there is one.
    starts : numbers and truth values from which the variables start; others start from 1.

    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 3})
    >>> Playable(fragment=gate).variables
    {}
    """

    fragment: Fragment
    inputs: Mapping[str, Number] = field(default_factory=dict)
    outside: Mapping[str, Number] = field(default_factory=dict)
    light: Light | None = None
    starts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Term]:
        """All variables, by name: those of weights, inputs, what comes from outside, and facts.

        >>> from constructions.foundations.terms import REAL, variable
        >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): variable("w", REAL)})
        >>> Playable(fragment=gate).variables
        {'w': w}
        """
        facts = self.light.facts if self.light else ()
        said = [formula for _, under, fact in facts for formula in (under, fact)]
        parts = [*self.fragment.edges.values(), *self.inputs.values(), *self.outside.values(), *said]
        return variables(*(part for part in parts if isinstance(part, Term)))


def playables_of(
    obligation: Obligation, known: Mapping[str, Obligation], starts: Mapping[str, Any]
) -> Iterator[tuple[str, Playable]]:
    """The walks of a claim, as graphs to play with, each with its name.

    Parameters
    ----------
    obligation : whose claim it is. known : what it may use, by id. starts : values of its variables at which its
        premises hold.

    Raises
    ------
    ConstructionError
        For a claim that cannot be stated in terms.

    >>> from constructions.foundations.network import Fragment
    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 3})
    >>> def grows(gate, case):
    ...     "More goes in than 0, more comes out."
    ...     x = case.real("x")
    ...     case.assume(x > 0, x < 1)
    ...     case.show("more", case.run(gate, {"x": x}, label="gate").out["y"] > 0)
    >>> mine = Obligation(id="mine", paper="mine", claim=grows, of=lambda case: gate, twin=lambda case: gate)
    >>> [(name, made.inputs, made.light.facts[0][0]) for name, made in playables_of(mine, {}, {})]
    [('mine: gate', {'x': x}, 'more')]
    """
    case = StatedCase(known, obligation.id)
    state(obligation, obligation.of, case)
    facts = tuple(fact for fact in facts_of(case) if can_be_written(*fact[1:]))
    light = Light(id=obligation.id, statement=obligation.statement, facts=facts)
    for scene in case.scenes[:MOST_WALKS]:
        run: ForwardRun = scene.run
        inputs = {v: run.out[v] for v in run.fragment.inputs}
        made = Playable(fragment=run.fragment, inputs=inputs, outside=_outside(run, inputs), light=light, starts=starts)
        if is_playable(made):
            yield f"{obligation.id}: {scene.label}", made


def is_playable(made: Playable) -> bool:
    """Whether a graph is small enough, has an output, and is in terms that the page can evaluate.

    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 3})
    >>> is_playable(Playable(fragment=gate))
    True
    """
    parts = (*made.fragment.edges.values(), *made.inputs.values(), *made.outside.values())
    small = len(made.fragment.order) <= MOST_VERTICES and len(made.variables) <= MOST_VARIABLES
    return small and bool(made.fragment.outputs) and can_be_written(*parts)


def _outside(run: ForwardRun, inputs: Mapping[str, Number]) -> dict[str, Number]:
    """What a walk brought to vertices beside what goes over the graph's own edges."""
    alone, found = forward(run.fragment, inputs), {}
    for v, pre in run.pre.items():
        if number(pre) is not number(alone.pre[v]):
            own = sum((w * run.out[u] for (u, head), w in run.fragment.edges.items() if head == v), Fraction(0))
            found[v] = pre - own
    return found


def start_of(name: str, variable: Term, starts: Mapping[str, Any]) -> str:
    """From what a variable of this ``name`` starts, as text: 1, if ``starts`` has nothing for it.

    Raises
    ------
    ConstructionError
        For a start that is no number.

    >>> from constructions.foundations.terms import REAL, variable
    >>> start_of("x", variable("x", REAL), {"x": Fraction(1, 3)}), start_of("x", variable("x", REAL), {})
    ('1/3', '1')
    """
    value = starts.get(name, 1)
    if isinstance(variable, TruthTerm):
        return "1" if value else "0"
    try:
        return str(Fraction(value))
    except (TypeError, ValueError):
        raise ConstructionError(f"need a number to start from, got {value!r}, at {name!r}") from None
