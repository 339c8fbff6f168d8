"""The formulas of a claim for a reader: what a graph computes goes by the names of its vertices, and what a name stands
for is said once, below.

What a prover gets is one formula in the variables of the claim: each vertex is put in the place of its name, and its
activation is spelled out as cases. Here that is folded back. A term is one object for each structure, so the output of
a vertex is recognized wherever it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from constructions.foundations.activation import HARD_TANH, RAMP, RELU, Activation
from constructions.foundations.rendering import render
from constructions.foundations.terms import REAL, TRUTH, Term, TruthTerm, node, variable
from verify.obligations.parts import Scene

SHORT = 30
"""A pre-activation of at most so many characters stands where it is used."""

WORDS = {
    "pre(": "pre(v) is the pre-activation of a vertex v: the weighted sum to which it applies its activation",
    "slope(": "slope(v) is the slope of the activation at the pre-activation of v",
}


@dataclass(frozen=True, slots=True)
class Name:
    """What stands in the place of a term.

    Parameters
    ----------
    text : such as ``v3``. term : what is said of it below; None for a name that needs no more words.
    before, after : what stands around that term, such as ``two-stage ramp(`` and ``)``.
    """

    text: str
    term: Term | None = None
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Folding:
    """The names of what the walks of a claim compute.

    Parameters
    ----------
    scenes : the walks over graphs in the claim. names : what stands for a term. activations : those that are known, by
        name. done : terms that were folded already. used, applied : the names and the activations that were needed.

    >>> x, folding = variable("x", REAL), Folding(())
    >>> folding.text(HARD_TANH(2 * x) == 0, 80)
    'hard tanh(2*x) == 0'
    >>> folding.meanings(80)
    ['hard tanh(t) is -1 if t < -1, t if t < 1, else 1']
    """

    scenes: Sequence[Scene]
    names: dict[Term, Name] = field(default_factory=dict)
    activations: dict[str, Activation] = field(default_factory=dict)
    done: dict[Term, Term] = field(default_factory=dict)
    used: dict[str, Name] = field(default_factory=dict)
    applied: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.activations = {each.name: each for each in (RAMP, RELU, HARD_TANH)}
        outputs: dict[str, set[Term]] = {}
        for scene in self.scenes:
            self.activations[scene.run.fragment.sigma.name] = scene.run.fragment.sigma
            for v, out in scene.run.out.items():
                outputs.setdefault(v, set()).update([out] if isinstance(out, Term) else [])
        for scene in self.scenes:
            for v in scene.run.pre:
                self._put_down(scene, v, v if len(outputs[v]) < 2 else f"{v} in {scene.label!r}")

    def text(self, formula: Term, most: int) -> str:
        """A formula with names in it, cut after ``most`` characters."""
        return with_minus(render(self._folded(formula), most))

    def meanings(self, most: int) -> list[str]:
        """What the names stand for that have occurred, and those that occur in that, a line each, cut as formulas
        are."""
        lines: dict[str, str] = {}
        while waiting := [name for text, name in self.used.items() if text not in lines]:
            for name in waiting:
                lines[name.text] = ""
                if name.term is not None:
                    lines[name.text] = f"{name.text} = {name.before}{self.text(name.term, most)}{name.after}"
        said = [f"{name}(t) is {in_cases(self.activations[name])}" for name in self.applied]
        words = [told for start, told in WORDS.items() if any(name.startswith(start) for name in lines)]
        return [*filter(None, lines.values()), *words, *said]

    def _put_down(self, scene: Scene, v: str, text: str) -> None:
        """The names for the output of a vertex, its pre-activation, and where that is; not if it is a number, or a
        variable, of which the claim may speak itself."""
        value, out, sigma = scene.run.pre[v], scene.run.out[v], scene.run.fragment.sigma
        if not isinstance(value, Term) or value.op in ("variable", "constant"):
            return
        pre: Any = value
        piece = scene.expect.get(v)
        taken = piece is not None and out is piece.slope * pre + piece.intercept
        if taken:
            self.names.setdefault(out, Name(text, out, "", f", as {v} is taken to be inside {piece}"))
        elif isinstance(out, Term):
            self.names.setdefault(out, Name(text, pre, f"{sigma.name}(", ")"))
        if isinstance(slope := sigma.slope(pre), Term):
            self.names.setdefault(slope, Name(f"slope({text})"))
        if isinstance(kink := sigma.on_kink(pre), Term):
            self.names.setdefault(kink, Name(f"[{text} is on a kink]"))
        if isinstance(flat := sigma.strictly_flat(pre), Term):
            self.names.setdefault(flat, Name(f"[{text} is strictly flat]"))
        for each in sigma.pieces:
            if isinstance(inside := each.inside(pre), Term):
                self.names.setdefault(inside, Name(f"[{text} is strictly inside {each}]"))
        if len(render(pre, SHORT + 1)) > SHORT:
            self.names.setdefault(pre, Name(f"pre({text})", pre))

    def _folded(self, formula: Term) -> Any:
        """The formula with a variable in the place of each term that has a name, and with its cases in words.

        What has a name is not looked into. The formula itself keeps no name that stands for nothing but itself.
        """
        waiting = [(formula, False)]
        while waiting:
            term, ready = waiting.pop()
            name = self.names.get(term)
            if name is not None and not (term is formula and name.term is term):
                self.done[term] = self._named(name, term)
            elif ready:
                self.done[term] = self._made(term)
            elif term not in self.done or term is formula:
                waiting += [(term, True), *((part, False) for part in reversed(self._parts(term)))]
        return self.done[formula]

    def _named(self, name: Name, term: Term) -> Any:
        self.used[name.text] = name
        if name.before:
            self.applied[name.before.removesuffix("(")] = None
        return variable(name.text, TRUTH if isinstance(term, TruthTerm) else REAL)

    def _parts(self, term: Term) -> Sequence[Term]:
        """What of a term is to be folded before it is."""
        applied = self._applied(term)
        return term.args if applied is None else (applied[1],)

    def _made(self, term: Term) -> Any:
        """A term without a name, of parts that are folded."""
        applied = self._applied(term)
        if applied is not None:
            sigma, at, of_slope = applied
            self.applied[sigma.name] = None
            where = f"{sigma.name} at {render(self.done[at])}" if of_slope else f"{sigma.name}({render(self.done[at])})"
            return variable(f"(slope of {where})" if of_slope else where, REAL)
        parts = tuple(self.done[part] for part in term.args)
        if term.op == "if":
            return variable(f"({_cases(parts)})", REAL)
        same = all(made is part for made, part in zip(parts, term.args, strict=True))
        return term if same else node(type(term), term.op, parts, term.data)

    def _applied(self, term: Term) -> tuple[Activation, Term, bool] | None:
        """The activation that a term applies, to what, and whether it is its slope there."""
        if term.op != "if" or term.args[0].op != "<":
            return None
        at: Any = term.args[0].args[0]
        for sigma in self.activations.values():
            for of_slope, found in enumerate((sigma(at), sigma.slope(at))):
                if found is term:
                    return sigma, at, bool(of_slope)
        return None


def with_minus(text: str) -> str:
    """A sum with a minus for a negative number or factor.

    >>> with_minus("2*x + (-2)*y + -1/2 + (-3/8)*z")
    '2*x - 2*y - 1/2 - (3/8)*z'
    """
    whole = re.sub(r" \+ \(-(\d+)\)\*", r" - \1*", text)
    return re.sub(r" \+ -(?=\d)", " - ", re.sub(r" \+ \(-(\d+/\d+)\)\*", r" - (\1)*", whole))


def in_cases(sigma: Activation) -> str:
    """What an activation returns at t, piece by piece.

    >>> in_cases(RAMP)
    '-2 if t < -3, t + 1 if t < -1, 0 if t < 0, t if t < 2, else 2'
    """
    t: Any = variable("t", REAL)
    values = [
        str(each.intercept) if each.flat else with_minus(render(each.slope * t + each.intercept))
        for each in sigma.pieces
    ]
    cases = [f"{value} if t < {each.high}" for value, each in zip(values, sigma.pieces[:-1], strict=False)]
    return ", ".join([*cases, f"else {values[-1]}"])


def _cases(parts: tuple[Term, ...]) -> str:
    """Cases in words; those of the last branch go on in the same list."""
    condition, yes, no = map(render, parts)
    rest = no[1:-1] if no.startswith("(") and no.endswith(")") and ", else " in no else f"else {no}"
    return f"{yes} if {condition}, {rest}"
