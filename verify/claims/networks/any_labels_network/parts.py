"""Claims about the network that reads whole batches with any labels: its output is held, and the sums of both kinds of
copies are read without error."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from constructions.computation.builder import Builder
from constructions.computation.sample_learners import conjunction_learner, fed
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, some
from constructions.foundations.rounding import is_valid
from constructions.foundations.walks import forward
from constructions.networks.any_labels_network import AnyLabelsPlan, kinds_for
from constructions.networks.any_labels_round import OnesFromDigits
from constructions.networks.batch_network import primary_for
from constructions.networks.controls import control
from constructions.networks.signed_memory import SignedSetting, middle_of, signed_bits, signed_graph
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.family import PowerFamily
from constructions.strip.reader import held_for, is_fit, ones_from
from verify.claims.networks.batch_network.arrays import IDLE, MINUS, PLUS, canceller_of, copy_in_arrays
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

PAPER = "the strip"


def held_of(case: Case) -> Number:
    """Any c between 0 and 1/2."""
    held = case.real("c")
    case.assume(held > 0, 2 * held < 1, label="c is between 0 and 1/2")
    return held


@obligation(
    "signed.labels.held",
    paper=PAPER,
    kind="induction",
    of=lambda case: Fraction(1, 2),
    twin=lambda case: Fraction(1, 4),
)
def output_is_held_at_c(part: Fraction, case: Case) -> None:
    """For every c in (0, 1/2), take any number of copies of both kinds, each of which has its plus side active, or its
    minus side, or none, as built. What they add to the output, their cancellers take off again; the primary control of
    the round whose turn it is adds c, that of any other adds 0. So the output is c on every sample in every step of
    training, on a piece of slope 1."""
    held, turn = held_of(case), case.bit("turn")
    primary = forward(control(), {"plus": select(turn, 2, -2), "minus": Fraction(2)}).out["control"]
    case.show("the primary control adds c", primary_for(held) * primary == select(turn, held, Fraction(0)))
    case.show("c is returned", RAMP(held) == held)
    case.show("on a piece of slope 1", RAMP.slope(held) == 1)
    inverse = case.real("1/c")
    case.assume(inverse * held == 1, label="the path gain of a steep copy")
    steep, plain = kinds_for(held)
    case.lemma("its share", steep.share == inverse)

    def advance(s: State) -> State:
        share = select(s["is steep"], inverse, plain.share)
        added = select(s["acts"] == PLUS, share, select(s["acts"] == MINUS, -share, Fraction(0)))
        return {"copies": s["copies"] + 1, "sum": s["sum"] + added + part * share * canceller_of(s["acts"])}

    at = case.reached(
        case.induction(
            "over the copies",
            state={"copies": case.integer("copies"), "sum": case.real("sum")},
            start={"copies": Fraction(0), "sum": Fraction(0)},
            inputs={"acts": case.integer("acts"), "is steep": case.bit("is steep")},
            given=lambda s: some(s["acts"] == IDLE, s["acts"] == PLUS, s["acts"] == MINUS),
            advance=advance,
            holds=lambda s: every(s["sum"] == 0, s["copies"] >= 0),
        )
    )
    case.show("the copies add nothing", at["sum"] == 0)


Fits = Callable[[Number, Number], Any]


@obligation(
    "signed.labels.memory",
    paper=PAPER,
    of=lambda case: is_fit,
    twin=lambda case: lambda held, error: is_fit(held, error / 2),
)
def both_sums_are_read(fits: Fits, case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho < 4/3, every c with 3 b rho/4 < 1 - 2c, every batch of b points with any
    labels and every query: whatever the valid roundings of the means of a steep and of a plain copy are, <G, r> is read
    from the record of the first, and with it <N_1, r> from that of the second, N_1 being the points with label 1. Such
    a c there is for each b rho < 4/3."""
    b, rho, held = case.integer("b"), case.real("rho"), held_of(case)
    down, k, j = case.integer("half of b less the sum"), case.integer("k"), case.integer("k of the plain copy")
    many, half = case.integer("points with label 1"), case.integer("half")
    first = case.use("signed.counts", b=b, rho=rho, mean=case.real("mean"), k=k, **{"half of b less the sum": down})
    case.assume(first.premises, label="a valid rounding of the mean of the steep copy")
    total = b - 2 * down
    case.lemma("<G, r>", nearest_of_parity(b * rho * k, b) == total)
    mean = case.real("mean of the plain copy")
    case.assume(fits(held, b * (3 * rho / 4)), label="c fits")
    case.assume(is_valid(j, mean, rho), label="a valid rounding of the mean of the plain copy")
    given = {"points with label 1": many, "half": half, "balance": total, "c": held, "mean": mean}
    second = case.use("strip.counts.ones", b=b, tau=3 * rho / 4, answer=rho * j, **given)
    ones, zeros = many + 2 * half, total + many + 2 * half
    case.assume(b * mean == zeros * held - ones * (1 - held), label="the mean of the plain copy's gradients")
    case.show("it may be read", second.premises)
    case.show("<N_1, r>", nearest_of_parity(ones_from(total, b * (rho * j), held), many) == ones)


def _precisions() -> Iterator[dict[str, Any]]:
    sizes = ((1, "13/10"), (1, "1/4"), (2, "13/20"), (2, "1/5"), (3, "2/5"), (4, "1/4"))
    return ({"b": b, "over": Fraction(over)} for b, over in sizes)


@obligation(
    "signed.labels.sums",
    paper=PAPER,
    kind="enumeration",
    domain=_precisions,
    expect=Verdict.CHECKED,
    finite="six pairs of b up to 4 and rho with b rho < 4/3, all digits, sums <G, r> and parities",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def digits_are_read_as_sums_of_ones(shift: int, case: Case) -> None:
    """For whatever the digits of a plain copy are, and for each sum <G, r>, the circuit gives the integer of the parity
    of the number of points with label 1 that is nearest to (c <G, r> - b rho k)/(1 - 2c) (within -b and b), where the
    record k is the middle of the digits' range less what they read."""
    b, rho = int(case.integer("b")), Fraction(case.real("over"))
    held, bits = held_for(3 * b * rho / 4), signed_bits(rho)
    builder = Builder()
    reader, width = OnesFromDigits(builder, rho, b, held), b.bit_length() + 1
    digits, balance = ([builder.input(f"{name}{i}") for i in range(size)] for name, size in (("d", bits), ("g", width)))
    for i, literal in enumerate(reader.written(digits, balance, builder.input("odd"))):
        builder.output(f"s{i}", literal)
    circuit, wrong = builder.circuit(), 0
    for read in range(1 << bits):
        for total in range(-b, b + 1, 2):
            for odd in (0, 1):
                given = {f"d{i}": read >> i & 1 for i in range(bits)} | {f"g{i}": total >> i & 1 for i in range(width)}
                out = circuit.evaluate(given | {"odd": odd})
                code = sum(out[f"s{i}"] << i for i in range(width))
                found = code - (1 << width) * (code >> (width - 1))
                real = ones_from(Fraction(total), b * rho * (middle_of(bits) + shift - read), held)
                most = b if (b - odd) % 2 == 0 else b - 1
                wrong += found != max(-most, min(most, int(nearest_of_parity(real, odd))))
    case.show("all are read", wrong == 0)


def _plans() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b, "T": steps} for n, b, steps in ((1, 1, 1), (1, 2, 2), (2, 1, 2)))


def both_kinds(plan: AnyLabelsPlan) -> tuple[SignedSetting, ...]:
    """The setting of each copy of a round."""
    return tuple(kind for kind in plan.kinds for _ in range(plan.family.size))


@obligation(
    "signed.labels.slice",
    paper=PAPER,
    kind="enumeration",
    domain=_plans,
    expect=Verdict.CHECKED,
    finite="three networks, n and b at most 2, up to two rounds, b rho = 13/10; every copy of every round",
    of=lambda case: both_kinds,
    twin=lambda case: lambda plan: both_kinds(plan)[::-1],
)
def copies_are_those_of_both_kinds(kinds: Callable[[AnyLabelsPlan], tuple[SignedSetting, ...]], case: Case) -> None:
    """In the arrays of the network each copy of each round is the template of its kind, first the steep copies and then
    the plain ones, no other edge leads into it, and none leaves its v1 or its sides but those into its own vertices,
    its digits and the output."""
    n, b, steps = (int(case.integer(name)) for name in ("n", "b", "T"))
    machine, rho = fed(conjunction_learner(n), b * steps), Fraction(13, 10 * b)
    plan, bad = AnyLabelsPlan(machine=machine, family=PowerFamily(n, b), steps=steps, rho=rho), 0
    for t in range(1, steps + 1):
        for c, kind in enumerate(kinds(plan)):
            found, template = copy_in_arrays(plan, t, c), signed_graph(kind, rho=rho, bits=plan.round.bits)
            bad += dict(found.graph.edges) != dict(template.edges) or bool(found.strangers)
    case.show("all are", bad == 0)
