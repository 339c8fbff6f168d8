"""The expression of Lemma 3a's model, one block after the other, and its gradient by sympy.

A block answers one round; it is Lemma 8's model with parameters of its own, behind a gate that opens when the block's
clock has left 0. The output of the model is that of the first block whose gate is shut, or the predictor if all are
open:

    F = sum over t of  open_t (1 - gate_t) output_t  +  open_(T+1) h,        open_t = gate_1 ... gate_(t-1).

(The paper has gate_(t-1) (1 - gate_t) in place of open_t (1 - gate_t); at the points that are reached they agree.)
Seen from one block, F = total + open ((1 - gate) output + gate rest): ``total`` is what the blocks before it give,
``rest`` what the others do, in which this block's answers appear behind bumps. This is differentiated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from constructions.foundations.exact import Number, exact
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.symbols import from_sympy

with loaded_when_used(__name__):
    import sympy


@dataclass(frozen=True, slots=True)
class Passage:
    """What the blocks before some block give: the ``total`` of their outputs, and ``open``, the product of their
    gates."""

    total: Any
    open: Any


NONE_BEFORE = Passage(Fraction(0), Fraction(1))


def passed(before: Passage, gate: Any, output: Any) -> Passage:
    """What the blocks up to a block with this ``gate`` and ``output`` give, if those ``before`` it give that.

    >>> passed(NONE_BEFORE, Fraction(0), Fraction(7))
    Passage(total=Fraction(7, 1), open=Fraction(0, 1))
    """
    return Passage(before.total + before.open * (1 - gate) * output, before.open * gate)


def ended(before: Passage, predicted: Any) -> Any:
    """The output of the model, behind all blocks: what they, ``before`` it, give, and the predictor's value,
    ``predicted``, where all gates are open.

    >>> ended(NONE_BEFORE, Fraction(1, 3))
    Fraction(1, 3)
    """
    return before.total + before.open * predicted


def whole_output(before: Passage, gate: Any, output: Any, rest: Any) -> Any:
    """The output of the model, seen from a block: with the passage ``before`` it, its ``gate``, its ``output``, and
    the ``rest``, which is what the blocks after it and the predictor give.

    >>> whole_output(NONE_BEFORE, Fraction(1), Fraction(7), Fraction(2))
    Fraction(2, 1)
    """
    return ended(passed(before, gate, output), rest)


@cache
def derivative(of: str) -> Any:
    """The derivative of the model's output by one parameter of a block, by sympy from the expression.

    Parameters
    ----------
    of : ``answer``, a parameter that later blocks read behind a bump, or ``clock``, which moves the gate.

    >>> derivative("answer"), derivative("clock")
    (bump'*gate*open*rest' + coefficient*open*(1 - gate), \
coefficient*open*(1 - gate) + gate'*open*rest - gate'*open*(coefficient*v + others))
    """
    v, before = sympy.Symbol("v"), Passage(sympy.Symbol("total"), sympy.Symbol("open"))
    gate, bump, rest = sympy.Function("gate"), sympy.Function("bump"), sympy.Function("rest")
    coefficient, others = sympy.Symbol("coefficient"), sympy.Symbol("others")
    output = others + coefficient * v
    if of == "answer":
        found = sympy.diff(whole_output(before, sympy.Symbol("gate"), output, rest(bump(v))), v)
        found = found.subs(sympy.Derivative(bump(v), v), sympy.Symbol("bump'"))
        return found.replace(sympy.Derivative, lambda *_: sympy.Symbol("rest'"))
    found = sympy.diff(whole_output(before, gate(v), output, sympy.Symbol("rest")), v)
    found = found.subs(sympy.Derivative(gate(v), v), sympy.Symbol("gate'"))
    return found.subs(gate(v), sympy.Symbol("gate"))


def slope(of: str, values: Mapping[str, Number]) -> Number:
    """The derivative of the model's output by a parameter (``of`` as in :func:`derivative`), for the ``values`` of
    what it is made of.

    >>> shut = {"open": Fraction(1), "gate": Fraction(0), "rest'": Fraction(5), "bump'": Fraction(0)}
    >>> slope("answer", {**shut, "coefficient": Fraction(1, 2)})
    Fraction(1, 2)
    """
    return exact(from_sympy(derivative(of), values), where="a slope")


def slope_by_answer(before: Passage, gate: Number, coefficient: Number, bump_slope: Number, beyond: Number) -> Number:
    """The derivative of the model's output by an answer of a block.

    Parameters
    ----------
    before, gate : the passage before the block, and its gate. coefficient : of the answer in the block's output.
    bump_slope : of the bump behind which later blocks read the answer. beyond : the derivative of what they give by
        this bump.

    >>> slope_by_answer(NONE_BEFORE, Fraction(0), Fraction(1, 2), Fraction(0), Fraction(5))
    Fraction(1, 2)
    """
    values = {"open": before.open, "gate": gate, "coefficient": coefficient, "bump'": bump_slope, "rest'": beyond}
    return slope("answer", values)


def slope_by_clock(
    before: Passage, gate: Number, coefficient: Number, gate_slope: Number, output: Number, rest: Number
) -> Number:
    """The derivative of the model's output by the clock of a block.

    Parameters
    ----------
    before, gate, output, rest : as for :func:`whole_output`. coefficient : of the clock in the block's output.
    gate_slope : the derivative of the gate by the clock.

    >>> slope_by_clock(NONE_BEFORE, Fraction(0), Fraction(-4), Fraction(0), Fraction(1), Fraction(1))
    Fraction(-4, 1)
    """
    values = {"open": before.open, "gate": gate, "gate'": gate_slope, "coefficient": coefficient}
    return slope("clock", {**values, "v": Fraction(0), "others": output, "rest": rest})
