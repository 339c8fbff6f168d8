"""The vertices that a block adds to Lemmas 10 and 11: final controls and random bits, for all values."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some
from constructions.foundations.network import Fragment
from constructions.networks.controls import control, final_weight
from constructions.networks.gates import code
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

Weigh = Callable[[Number], Number]


@obligation(
    "lemma3b.final",
    paper="Lemma 3b, Lemma 12b",
    of=lambda case: final_weight,
    twin=lambda case: lambda place: place,
    needs=("lemma3b.control",),
)
def final_controls_give_the_value(weigh: Weigh, case: Case) -> None:
    """A final control has one vertex for one bit of the prediction. It is strictly flat, adds nothing to the output
    vertex if its bit is 0, and adds the bit's place value if its bit is 1. So the pre-activation of the output is the
    sum of the places of the bits that are set (by one more bit at a time), and the output vertex returns a sum in [0,
    1] as it is."""
    bit, yes = case.real("bit"), Fraction(2)
    place, before = case.real("place"), case.real("sum so far")
    case.assume(code(RAMP).is_bit(bit), place > 0)
    graph = control()
    run = case.run(graph, {"plus": bit, "minus": yes}, label="final control")
    case.show("strictly flat", run.flat("control"))
    case.lemma(
        "what it returns", some(every(bit == -2, run.out["control"] == 0), every(bit == 2, run.out["control"] == 2))
    )
    total = before + weigh(place) * run.out["control"]
    case.show("bit 0", total == before, given=bit == -2)
    case.show("bit 1", total == before + place, given=bit == 2)
    case.show("the output", RAMP(total) == total, given=every(total >= 0, total <= 1))


def _coin(size: Number) -> Callable[[Case], Fragment]:
    return lambda case: Fragment(inputs=(), outputs=("coin",), edges={("one", "coin"): size}, constant="one")


@obligation("lemma3b.random", paper="Lemma 3b, Lemma 12b", of=_coin(code(RAMP).drive), twin=_coin(1), erratum="E25")
def random_bits_stay(graph: Fragment, case: Case) -> None:
    """A random bit is a vertex with one edge, from the constant, whose sampled weight is plus or minus the drive T of
    Lemma 10's gates. For both values of the bit the vertex is strictly flat and carries the bit, so no gradient ever
    reaches its edge."""
    size = graph.weight("one", "coin")
    for bit in (0, 1):
        run = case.run(graph.with_weight("one", "coin", size if bit else -size), {}, label=f"bit {bit}")
        case.show(f"bit {bit}: strictly flat", run.flat("coin"))
        case.equal(f"bit {bit}: what it carries", run.out["coin"], code(RAMP).bit(bit))
        gradient = case.gradient(run, {"coin": case.real("adjoint")}, label=f"bit {bit}")
        case.equal(f"bit {bit}: no gradient", gradient.edges["one", "coin"], Fraction(0))
