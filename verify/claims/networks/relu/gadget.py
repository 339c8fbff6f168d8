"""Section 3's remark: ReLUs that add up to another activation, put in the place of every vertex of a network.

Proved here: they have its value and slope (``relu.gadget``) and its kinks (``relu.kinks``); so, for any number of
edges, pre-activations agree on the way forward and adjoints on the way back (``relu.forward``, ``relu.backward``); a
random bit needs one ReLU (``relu.random``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.networks.gates import code
from constructions.networks.relu import Gadget, ReluTerm
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State

TILTED = Activation(
    kinks=(Fraction(-1, 2), Fraction(1)),
    slopes=(Fraction(-1, 3), Fraction(2), Fraction(1, 2)),
    value=Fraction(1),
    name="tilted",
)


SIGMAS = {"ramp": RAMP, "hard-tanh": HARD_TANH, "tilted": TILTED, "identity": IDENTITY}


Pair = tuple[Activation, Gadget]


def activation_and_gadget(sigma: Activation, *, lost: bool = False) -> Callable[[Case], Pair]:
    """An activation and the ReLUs that add up to it, or all of them but one (the twin's)."""
    gadget = Gadget.of(sigma)
    return lambda case: (sigma, replace(gadget, terms=gadget.terms[:-1]) if lost else gadget)


def off_kinks(sigma: Activation, z: Number) -> Formula:
    """z is on no kink of sigma."""
    return negation(sigma.on_kink(z))


def gadget_is_sigma(subject: Pair, case: Case) -> None:
    """For every z, the ReLUs that stand for a vertex add up to sigma(z); and where none of them is on its kink, their
    slopes add up to the slope of sigma at z."""
    sigma, gadget = subject
    z = case.real("z")
    case.equal("the value", gadget(z), sigma(z))
    case.show(
        "the slope",
        gadget.slope(z) == sigma.slope(z),
        given=negation(some(*(RELU.on_kink(term.into(z)) for term in gadget.terms))),
    )


for _name, _sigma in SIGMAS.items():
    registry().add(
        Obligation(
            id=f"relu.gadget.{_name}",
            paper="Section 3",
            claim=gadget_is_sigma,
            of=activation_and_gadget(_sigma),
            twin=activation_and_gadget(_sigma, lost=True),
        )
    )


def _moved(sigma: Activation) -> Callable[[Case], Pair]:
    """An activation and its ReLUs, of which one has its kink elsewhere (the twin's)."""
    gadget = Gadget.of(sigma)
    first, *rest = gadget.terms
    moved = ReluTerm(first.coefficient, first.sign, first.kink + Fraction(1, 2))
    return lambda case: (sigma, replace(gadget, terms=(moved, *rest)))


@obligation("relu.kinks", paper="Section 3", of=activation_and_gadget(RAMP), twin=_moved(RAMP))
def relus_have_the_kinks_of_sigma(subject: Pair, case: Case) -> None:
    """For every pre-activation z, some ReLU of a vertex is on its kink exactly if the two-stage ramp is on one. So
    where the vertex is strictly flat, no ReLU of it is on its kink."""
    sigma, gadget = subject
    z = case.real("z")
    hit = some(*(RELU.on_kink(term.into(z)) for term in gadget.terms))
    case.show("no other kink", implies(hit, sigma.on_kink(z)))
    case.show("no kink less", implies(sigma.on_kink(z), hit))
    case.show("strictly flat is off all of them", implies(sigma.strictly_flat(z), negation(hit)))


@obligation(
    "relu.forward",
    paper="Section 3",
    kind="induction",
    of=activation_and_gadget(RAMP),
    twin=activation_and_gadget(RAMP, lost=True),
    needs=("relu.gadget.ramp",),
)
def pre_activations_agree_for_any_fan_in(subject: Pair, case: Case) -> None:
    """In the ReLU version each edge of weight w becomes one edge from each ReLU of its tail, of weight w times the
    ReLU's coefficient, and one from the constant, of weight w times the constant part. If the ReLUs of every tail get
    the pre-activation of that tail, then the ReLUs of a vertex get the pre-activation of this vertex, for any number of
    edges into it."""
    sigma, gadget = subject
    state: State = {"pre": case.real("pre"), **{f"relu {j}": case.real(f"relu {j}") for j in range(len(gadget.terms))}}
    start: State = {"pre": Fraction(0), **{f"relu {j}": term.into(Fraction(0)) for j, term in enumerate(gadget.terms)}}
    weight, tail = case.real("weight"), case.real("pre-activation of the next tail")

    def advance(now: State) -> State:
        w, z = now["weight"], now["tail"]
        carried: Number = gadget.constant + sum(
            (term.coefficient * RELU(term.into(z)) for term in gadget.terms), Fraction(0)
        )
        after: State = {"pre": now["pre"] + w * sigma(z)}
        return after | {f"relu {j}": now[f"relu {j}"] + term.sign * w * carried for j, term in enumerate(gadget.terms)}

    case.induction(
        "one more edge",
        state=state,
        start=start,
        advance=advance,
        inputs={"weight": weight, "tail": tail},
        holds=lambda now: every(*(now[f"relu {j}"] == term.into(now["pre"]) for j, term in enumerate(gadget.terms))),
    )


@obligation(
    "relu.backward",
    paper="Section 3",
    kind="induction",
    of=activation_and_gadget(RAMP),
    twin=activation_and_gadget(RAMP, lost=True),
    needs=("relu.kinks",),
)
def adjoints_agree_for_any_fan_out(subject: Pair, case: Case) -> None:
    """Suppose that the ReLUs of every head of a vertex's edges have the head's adjoint (the derivative of the loss by
    its output) times their coefficients, and that no head is on a kink. Then the ReLUs of the vertex have its adjoint
    times their coefficients, for any number of edges that leave it."""
    sigma, gadget = subject
    state: State = {
        "adjoint": case.real("adjoint"),
        **{f"relu {j}": case.real(f"relu {j}") for j in range(len(gadget.terms))},
    }
    weight, head, above = case.real("weight"), case.real("pre-activation of the next head"), case.real("its adjoint")
    case.assume(off_kinks(sigma, head))

    def advance(now: State) -> State:
        w, z, a = now["weight"], now["head"], now["above"]
        entering = sum(
            (term.sign * RELU.slope(term.into(z)) * term.coefficient * a for term in gadget.terms), Fraction(0)
        )
        after: State = {"adjoint": now["adjoint"] + w * sigma.slope(z) * a}
        return after | {
            f"relu {j}": now[f"relu {j}"] + w * term.coefficient * entering for j, term in enumerate(gadget.terms)
        }

    case.induction(
        "one more edge",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        advance=advance,
        inputs={"weight": weight, "head": head, "above": above},
        holds=lambda now: every(
            *(now[f"relu {j}"] == term.coefficient * now["adjoint"] for j, term in enumerate(gadget.terms))
        ),
    )


def _bit(size: Fraction, drive: Fraction) -> Callable[[Case], tuple[Gadget, Fraction]]:
    return lambda case: (Gadget.chord(RAMP, size), drive)


DRIVE = Fraction(4)


@obligation("relu.random", paper="Section 3", of=_bit(DRIVE, DRIVE), twin=_bit(DRIVE, 2 * DRIVE))
def random_bit_is_one_relu(subject: tuple[Gadget, Fraction], case: Case) -> None:
    """A random bit, which is sigma of plus or minus the drive T, is a constant plus a single ReLU with the same
    pre-activation, which is not on its kink. So its one edge is sampled as before."""
    gadget, drive = subject
    bit = case.bit("bit")
    z = select(bit, drive, -drive)
    case.equal("the bit", gadget(z), code(RAMP).encode(bit))
    case.show(
        "one ReLU, off its kink",
        every(len(gadget.terms) == 1, *(negation(RELU.on_kink(t.into(z))) for t in gadget.terms)),
    )
