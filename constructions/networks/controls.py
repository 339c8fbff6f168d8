"""Output controls and the vertex vc (Lemma 3b): how the computation drives the output and the query graphs.

A *primary* control holds the output of the whole network at the value of a round. A *secondary* control belongs to one
copy of Q or Q' and is called its *canceller*: it takes off the output what the copy adds while it is active (its
*share*). A *final* control gives one bit of the prediction after the last round.

A control adds two computed bits (-2 or 2 each) and -1/2, so that its pre-activation is -9/2, -1/2 or 7/2: it returns
-2, 0 or 2, strictly flat each time. vc adds w times one computed bit and u; as printed (w, u) = (1/2, 1) puts it
exactly on the kinks 0 and 2 (E04); any pair with -2w + u in (-1, 0) and 2w + u > 2 keeps it off them.
"""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.network import Edge, Fragment
from constructions.networks.gates import CONSTANT
from constructions.networks.queries import Setting

OFF_BIAS = Fraction(-1, 2)


def control() -> Fragment:
    """One output control: inputs ``plus`` and ``minus`` (bits), output -2, 0 or 2.

    >>> from constructions.foundations.walks import forward
    >>> [str(forward(control(), {"plus": p, "minus": m}).out["control"]) for p, m in ((2, 2), (2, -2), (-2, -2))]
    ['2', '0', '-2']
    """
    edges: dict[Edge, Fraction | int] = {
        ("plus", "control"): 1,
        ("minus", "control"): 1,
        (CONSTANT, "control"): OFF_BIAS,
    }
    return Fragment(inputs=("plus", "minus"), outputs=("control",), edges=edges, constant=CONSTANT)


def activator(setting: Setting) -> Fragment:
    """vc: input ``bit`` (-2 active, 2 idle), output 0 or 2.

    >>> from constructions.networks.queries import DYADIC
    >>> activator(DYADIC).edges
    {('bit', 'vc'): Fraction(7, 8), ('one', 'vc'): Fraction(5, 4)}
    """
    from_bit, from_constant = setting.control
    return Fragment(
        inputs=("bit",),
        outputs=("vc",),
        edges={("bit", "vc"): from_bit, (CONSTANT, "vc"): from_constant},
        constant=CONSTANT,
    )


def primary_weight(setting: Setting, rho: Number) -> Number:
    """Weight of a primary control to the output in a setting: control values +-2 give pre-activations +-(1 + offset
    rho).

    >>> from constructions.networks.queries import DYADIC
    >>> str(primary_weight(DYADIC, Fraction(1, 16)))
    '137/256'
    """
    return (1 + setting.offset * rho) / 2


def final_weight(place: Number) -> Number:
    """Weight of a final control to the output: control value 2 gives the place value of its bit.

    >>> str(2 * final_weight(Fraction(1, 4)))  # the control returns 2
    '1/4'
    """
    return place / 2


def secondary_weight(setting: Setting) -> Number:
    """Weight of a secondary control to the output: control value 2 gives one share.

    >>> from constructions.networks.queries import DYADIC
    >>> str(2 * secondary_weight(DYADIC)), str(DYADIC.share)
    ('3/64', '3/64')
    """
    return setting.share / 2
