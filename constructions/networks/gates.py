"""Boolean gates as one-vertex fragments (Lemma 10), for any activation with two different unbounded flat pieces.

A bit is one of the two plateau values L < H or L > H of sigma: 0 is L (far left), 1 is H (far right). Every gate
counts: with c of its n input bits set, its pre-activation is ``T + 2 T (c - k)``, so it is at least T for c >= k and at
most -T below. With T one more than the largest kink in absolute value, both are strictly flat. For the two-stage ramp T
= 4: weights 2, AND constant 4 - 4n, OR 4n - 4, threshold-k 4 (n - 2k + 1), NOT -2, as in Lemma 10.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import Number, exact, is_symbolic, whole
from constructions.foundations.logic import Formula, select, some
from constructions.foundations.network import Edge, Fragment

CONSTANT = "one"


@dataclass(frozen=True, slots=True)
class Code:
    """How an activation carries bits: ``low`` and ``high`` plateaus, and the drive T that reaches both.

    >>> code(RAMP).low, code(RAMP).high, code(RAMP).drive
    (Fraction(-2, 1), Fraction(2, 1), Fraction(4, 1))
    """

    low: Number
    high: Number
    drive: Number

    @property
    def weight(self) -> Number:
        """The weight with which one input bit shifts a pre-activation by twice the drive."""
        return 2 * self.drive / (self.high - self.low)

    def bit(self, value: int) -> Number:
        """The plateau value of a bit."""
        return self.high if value else self.low

    def is_bit(self, value: Number) -> Formula:
        """Whether a value is one of the two plateaus."""
        return some(value == self.low, value == self.high)

    def encode(self, truth: Formula) -> Number:
        """The plateau value of a truth value or formula."""
        return select(truth, self.high, self.low)


def code(sigma: Activation) -> Code:
    """The bit code of an activation, or a refusal that says what it lacks.

    Raises
    ------
    ConstructionError
        If it lacks two plateaus of different values.

    >>> from constructions.foundations.activation import RELU
    >>> code(RELU)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need an activation with two unbounded flat pieces of different values \
(Lemma 10), got ReLU: its right end has slope 1
    """
    left, right = sigma.pieces[0], sigma.pieces[-1]
    wrong = [
        f"its {side} end has slope {end.slope}" for side, end in (("left", left), ("right", right)) if not end.flat
    ]
    if not wrong and left.intercept == right.intercept:
        wrong = [f"both ends have the value {left.intercept}"]
    if wrong:
        need = "need an activation with two unbounded flat pieces of different values (Lemma 10)"
        raise ConstructionError(f"{need}, got {sigma.name}: {wrong[0]}")
    return Code(low=left.intercept, high=right.intercept, drive=1 + max(abs(kink) for kink in sigma.kinks))


def threshold_constant(n: Number, k: Number, *, of: Code) -> Number:
    """The weight from the constant vertex to a gate that fires when at least k of its n input bits are 1.

    ``n``, ``k`` and the code's values may be solver variables.

    >>> [str(threshold_constant(3, k, of=code(RAMP))) for k in (1, 2, 3)]
    ['8', '0', '-8']
    """
    return of.drive - 2 * of.drive * k - of.weight * of.low * n


def inverter_constant(*, of: Code) -> Number:
    """The weight from the constant vertex to a NOT gate; 0 for the two-stage ramp.

    >>> from fractions import Fraction
    >>> of_zero_and_one = Code(Fraction(0), Fraction(1), Fraction(2))
    >>> str(inverter_constant(of=code(RAMP))), str(inverter_constant(of=of_zero_and_one))
    ('0', '2')
    """
    return of.drive + of.weight * of.low


def gate_weights(kind: str, n: Number, k: Number = 1, *, of: Code) -> tuple[Number, Number]:
    """The weights into a gate of this kind with n operands: that of the edge from each operand, and that of the edge
    from the constant vertex; there is no such edge if it is 0.

    Parameters
    ----------
    kind : ``and``, ``or``, ``not``, ``threshold``, ``true`` or ``false``.
    n, k : how many operands there are, and how many of them a threshold needs; they may be solver variables.
    of : the code of the bits.

    >>> kinds = ("and", "or", "threshold", "not", "true")
    >>> [tuple(map(str, gate_weights(kind, 3, 2, of=code(RAMP)))) for kind in kinds]
    [('2', '-8'), ('2', '8'), ('2', '0'), ('-2', '0'), ('2', '4')]
    """
    if kind == "not":
        return -of.weight, inverter_constant(of=of)
    if kind in ("true", "false"):
        return of.weight, of.drive if kind == "true" else -of.drive
    needed = {"and": n, "or": 1, "threshold": k}[kind]
    return of.weight, threshold_constant(n, needed, of=of)


def threshold(n: int, k: int, *, sigma: Activation = RAMP) -> Fragment:
    """At least k of n bits (Lemma 10): 1 vertex, n + 1 edges, depth 1; k = 1 is OR, k = n is AND.

    Parameters
    ----------
    n, k : how many operands, and how many of them are needed.
    sigma : the activation.

    Raises
    ------
    ConstructionError
        Unless 1 <= k <= n, and for an activation without two different plateaus.

    >>> gate = threshold(3, 2)
    >>> [str(gate.weight(u, "gate")) for u in gate.predecessors("gate")]
    ['2', '2', '2']
    """
    n = whole(n, where="fan-in n", least=1)
    if not 1 <= whole(k, where="threshold k") <= n:
        raise ConstructionError(f"need a threshold with 1 <= k <= n, got k={k}, n={n}")
    return _gate(n, *gate_weights("threshold", n, k, of=code(sigma)), sigma)


def conjunction(n: int = 2, *, sigma: Activation = RAMP) -> Fragment:
    """AND of n bits: threshold n. ``sigma`` is the activation.

    >>> str(conjunction(3).weight("one", "gate"))  # 4 - 4n
    '-8'
    """
    n = whole(n, where="fan-in n", least=1)
    return _gate(n, *gate_weights("and", n, of=code(sigma)), sigma)


def disjunction(n: int = 2, *, sigma: Activation = RAMP) -> Fragment:
    """OR of n bits: threshold 1. ``sigma`` is the activation.

    >>> str(disjunction(3).weight("one", "gate"))  # 4n - 4
    '8'
    """
    n = whole(n, where="fan-in n", least=1)
    return _gate(n, *gate_weights("or", n, of=code(sigma)), sigma)


def inverter(*, sigma: Activation = RAMP) -> Fragment:
    """NOT: 1 vertex; one edge of weight -2 for the two-stage ramp.

    >>> inverter().edges
    {('x1', 'gate'): Fraction(-2, 1)}
    """
    return _gate(1, *gate_weights("not", 1, of=code(sigma)), sigma)


def adaptor_weights(low: Number, high: Number, *, of: Code) -> tuple[Number, Number]:
    """The weights into an adaptor with the bounds y0 = ``low`` and y1 = ``high``: from its input, and from the constant
    vertex; ``of`` is the code of the bits.

    >>> [tuple(map(str, adaptor_weights(0, high, of=code(RAMP)))) for high in (1, 2)]
    [('8', '-4'), ('4', '-4')]
    """
    gap = exact(high, where="y1") - exact(low, where="y0")
    return 2 * of.drive / gap, -of.drive * (low + high) / gap


def adaptor(low: Number, high: Number, *, sigma: Activation = RAMP) -> Fragment:
    """The input adaptor: reads values below ``low`` as 0 and above ``high`` as 1 (Lemma 10).

    For the two-stage ramp the weights are 8/(y1 - y0) and -4 (y0 + y1)/(y1 - y0); bounds may be solver variables.

    Parameters
    ----------
    low, high : y0 and y1. sigma : the activation.

    Raises
    ------
    ConstructionError
        For y0 >= y1, or an activation without two different plateaus.

    >>> adaptor(0, 1).edges
    {('one', 'gate'): Fraction(-4, 1), ('x1', 'gate'): Fraction(8, 1)}
    """
    y0, y1 = exact(low, where="y0"), exact(high, where="y1")
    if not is_symbolic(y0) and not is_symbolic(y1) and not y0 < y1:
        raise ConstructionError(f"need y0 < y1, got y0={y0}, y1={y1}")
    return _gate(1, *adaptor_weights(y0, y1, of=code(sigma)), sigma)


def _gate(n: int, weight: Number, constant: Number, sigma: Activation) -> Fragment:
    inputs = tuple(f"x{i}" for i in range(1, n + 1))
    edges: dict[Edge, Number] = {(x, "gate"): weight for x in inputs}
    needed = is_symbolic(constant) or constant != 0
    if needed:
        edges[(CONSTANT, "gate")] = constant
    return Fragment(inputs=inputs, outputs=("gate",), edges=edges, constant=CONSTANT if needed else None, sigma=sigma)


GATES: dict[str, Callable[..., Fragment]] = {
    "and": conjunction,
    "or": disjunction,
    "not": inverter,
    "threshold": threshold,
}


def gate_edges(
    kind: str, inputs: Sequence[str], output: str, *, k: int = 1, sigma: Activation = RAMP
) -> dict[Edge, Number]:
    """The edges of one gate stamped into a network: its template with the vertices renamed.

    Parameters
    ----------
    kind : ``and``, ``or``, ``not`` or ``threshold``.
    inputs, output : the vertices that feed it, and the gate's own.
    k, sigma : how many operands a threshold needs; the activation.

    Raises
    ------
    ConstructionError
        For an unknown kind, or the same vertex twice among the inputs (a parallel edge).

    >>> gate_edges("not", ["v"], "w")
    {('v', 'w'): Fraction(-2, 1)}
    """
    if kind not in GATES:
        raise ConstructionError(f"need a gate among {sorted(GATES)}, got {kind!r}")
    if len(set(inputs)) != len(inputs):
        raise ConstructionError(f"need different inputs, got {list(inputs)}, at gate {output!r}")
    arguments = {"and": (len(inputs),), "or": (len(inputs),), "not": (), "threshold": (len(inputs), k)}[kind]
    template = GATES[kind](*arguments, sigma=sigma)
    names = dict(zip(template.inputs, inputs, strict=True)) | {"gate": output}
    return template.renamed(names).edges
