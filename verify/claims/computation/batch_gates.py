"""Claims about the decoder of whole batches as gates: it is the field's arithmetic, it locates every set of points, it
answers as the decoder in Python does, and it has as many gates as its formula says."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

from constructions.computation.batch_gate_sizes import BatchGateSizes
from constructions.computation.batch_gates import BatchGates, decoder_circuit, given_sums, read_balance
from constructions.computation.builder import Builder
from constructions.computation.field_gates import FieldGates
from constructions.computation.flat import FlatCircuit
from constructions.computation.root_gates import located_points
from constructions.computation.tally import GateTally
from constructions.errors import PremiseError
from constructions.foundations.logic import every
from constructions.strip.binary_field import BinaryField
from constructions.strip.decoding import decoded
from constructions.strip.family import PowerFamily, balances
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

PAPER = "the strip"
Decoder = Callable[[PowerFamily], FlatCircuit]


def in_lanes(rows: Iterable[dict[str, int]]) -> dict[str, int]:
    """Many assignments of bits side by side, each in its own lane."""
    found: dict[str, int] = {}
    for lane, row in enumerate(rows):
        for name, bit in row.items():
            found[name] = found.get(name, 0) | bit << lane
    return found


def field_circuit(n: int, gates_of: Callable[[Builder, BinaryField], FieldGates] = FieldGates) -> FlatCircuit:
    """Product, square and inverse of elements of n bits."""
    builder = Builder()
    gates = gates_of(builder, BinaryField(n))
    a, b = ([builder.input(f"{name}{i}") for i in range(n)] for name in "ab")
    for name, value in (("times", gates.times(a, b)), ("squared", gates.squared(a)), ("inverse", gates.inverse(a))):
        for i, literal in enumerate(value):
            builder.output(f"{name} {i}", literal)
    return builder.circuit()


def _fields() -> Iterator[dict[str, Any]]:
    return ({"n": n} for n in range(1, 6))


def carryless_gates(builder: Builder, field: BinaryField) -> FieldGates:
    """Those of another field (a twin's): the modulus x^n + 1."""

    class Another(BinaryField):
        @property
        def modulus(self) -> int:
            return (1 << self.n) + 1

        def reduced(self, packed: int) -> int:
            low = (1 << self.n) - 1
            return (packed & low) ^ (packed >> self.n & low)

    return FieldGates(builder, Another(field.n))


@obligation(
    "strip.gates.field",
    paper=PAPER,
    kind="enumeration",
    domain=_fields,
    expect=Verdict.CHECKED,
    finite="all elements of GF(2^n) for n at most 5",
    of=lambda case: FieldGates,
    twin=lambda case: carryless_gates,
)
def gates_are_the_fields(gates_of: Callable[..., FieldGates], case: Case) -> None:
    """The gates of a product, a square and an inverse compute those of GF(2^n)."""
    n = int(case.integer("n"))
    field, pairs = BinaryField(n), list(product(range(1 << n), repeat=2))
    given = in_lanes(
        {f"{name}{i}": value >> i & 1 for name, value in zip("ab", pair, strict=True) for i in range(n)}
        for pair in pairs
    )
    out, wrong = field_circuit(n, gates_of).evaluate(given, width=len(pairs)), 0
    for lane, (a, b) in enumerate(pairs):
        wanted = {"times": field.times(a, b), "squared": field.squared(a)} | (
            {"inverse": field.inverse(a)} if a else {}
        )
        wrong += any(
            sum((out[f"{name} {i}"] >> lane & 1) << i for i in range(n)) != value for name, value in wanted.items()
        )
    case.show("all are right", wrong == 0)


def point_circuit(field: BinaryField, t: int) -> FlatCircuit:
    """The location of at most t points as a circuit."""
    builder = Builder()
    sums = [[builder.input(f"sum {e} {i}") for i in range(field.n)] for e in range(t)]
    for place, point in enumerate(located_points(FieldGates(builder, field), sums)):
        builder.output(f"there {place}", point.there)
        for i, literal in enumerate(point.bits):
            builder.output(f"bit {place} {i}", literal)
    return builder.circuit()


def _sets() -> Iterator[dict[str, Any]]:
    return ({"n": n, "t": t} for n, t in ((1, 1), (1, 2), (2, 3), (3, 2), (3, 3), (4, 2)))


@obligation(
    "strip.gates.points",
    paper=PAPER,
    kind="enumeration",
    domain=_sets,
    expect=Verdict.CHECKED,
    finite="all sets of at most t points of n bits other than 0, for six pairs n, t with n at most 4 and t at most 3",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def sets_are_located(more: int, case: Case) -> None:
    """From the sums of the odd powers up to 2t - 1 of a set of at most t elements of GF(2^n) other than 0, the circuit
    finds its elements, the least first (bit 0 counts most), and no others."""
    n, t = int(case.integer("n")), int(case.integer("t"))
    field = BinaryField(n)
    sets = [found for size in range(t + 1 + more) for found in combinations(range(1, 1 << n), size)]

    def given(points: Sequence[int]) -> dict[str, int]:
        sums = [0] * t
        for point in points:
            sums = [a ^ b for a, b in zip(sums, field.odd_powers(point, t), strict=True)]
        return {f"sum {e} {i}": value >> i & 1 for e, value in enumerate(sums) for i in range(n)}

    out, wrong = point_circuit(field, t).evaluate(in_lanes(map(given, sets)), width=len(sets)), 0
    for lane, points in enumerate(sets):
        found = [
            sum((out[f"bit {k} {i}"] >> lane & 1) << i for i in range(n))
            for k in range(t)
            if out[f"there {k}"] >> lane & 1
        ]
        wrong += found != sorted(points, key=lambda point: [point >> i & 1 for i in range(n)])
    case.show("all are located", wrong == 0)


def uncompared(family: PowerFamily) -> FlatCircuit:
    """The decoder that takes all sums for those of a batch (a twin's)."""
    circuit = decoder_circuit(family)
    truth = next(iter(circuit.outputs.values()))
    return FlatCircuit(inputs=circuit.inputs, gates=circuit.gates, outputs={**circuit.outputs, "agrees": truth ^ 1})


def _all_sums() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b} for n, b in ((1, 1), (2, 1), (1, 2), (3, 1), (2, 2), (1, 3)))


@obligation(
    "strip.gates.answers",
    paper=PAPER,
    kind="enumeration",
    domain=_all_sums,
    expect=Verdict.CHECKED,
    finite="all vectors of bn + 1 integers from -b to b, for six pairs n, b with bn at most 4",
    of=lambda case: decoder_circuit,
    twin=lambda case: uncompared,
)
def the_circuit_answers_as_the_decoder(circuit_of: Decoder, case: Case) -> None:
    """For all sums, those of batches and all others, the circuit finds the balance that the decoder in Python finds, or
    refuses them as it does."""
    family = PowerFamily(int(case.integer("n")), int(case.integer("b")))
    rows = list(product(range(-family.b, family.b + 1), repeat=family.size))
    found = circuit_of(family).evaluate(in_lanes(given_sums(family, row) for row in rows), width=len(rows))

    def wanted(row: Sequence[int]) -> dict[tuple[int, ...], int] | None:
        try:
            return decoded(family, row)
        except PremiseError:
            return None

    wrong = sum(read_balance(family, found, lane) != wanted(row) for lane, row in enumerate(rows))
    case.show("all alike", wrong == 0)


def _batches() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b} for n, b in ((2, 3), (3, 2), (3, 3), (2, 4)))


@obligation(
    "strip.gates.batches",
    paper=PAPER,
    kind="enumeration",
    domain=_batches,
    expect=Verdict.CHECKED,
    finite="all integer functions with a norm of at most b, for four pairs n, b up to 3, 3 and 2, 4",
    of=lambda case: (decoder_circuit, 0),
    twin=lambda case: (decoder_circuit, 1),
)
def batches_are_read(subject: tuple[Decoder, int], case: Case) -> None:
    """From the sums of any integer function with a norm of at most b, such as the balance of a batch, the circuit finds
    the function."""
    circuit_of, more = subject
    family = PowerFamily(int(case.integer("n")), int(case.integer("b")))
    every_one = [one for size in range(family.b + 1 + more) for one in balances(family.n, size)]
    given = in_lanes(given_sums(family, family.answers(one)) for one in every_one)
    found = circuit_of(family).evaluate(given, width=len(every_one))
    wrong = sum(read_balance(family, found, lane) != dict(sorted(one.items())) for lane, one in enumerate(every_one))
    case.show("all are read", wrong == 0)


def _sizes() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b} for n in range(1, 5) for b in range(1, 5))


@obligation(
    "strip.gates.size",
    paper=PAPER,
    kind="enumeration",
    domain=_sizes,
    expect=Verdict.CHECKED,
    finite="n and b from 1 to 4",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def the_formula_is_what_is_written(more: int, case: Case) -> None:
    """The decoder writes as many gates as its formula says, before equal ones are merged."""
    family, tally = PowerFamily(int(case.integer("n")), int(case.integer("b"))), GateTally()
    gates = BatchGates(tally, family)
    gates.decoded([[tally.input(f"{j} {i}") for i in range(gates.width)] for j in range(family.size)])
    wanted = BatchGateSizes(family).decoder + more
    case.show("as many", every(len(tally) == wanted))
