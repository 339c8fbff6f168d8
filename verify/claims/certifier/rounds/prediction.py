"""The last output of a certified network is the prediction: what the final controls give, added up, for every x and
state."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.computation.bits import concat
from constructions.computation.builder import FALSE, TRUE
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.activation import HARD_TANH, RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import Table
from verify.certifier.rounds.between import Between
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.equal import ComparingBuilder, SolverTally
from verify.certifier.rounds.phases import Context, Control
from verify.certifier.rounds.prediction import prove_prediction
from verify.certifier.rounds.state_functions import StateFunctions
from verify.certifier.rounds.sums import Sum, parts_of, sign_of
from verify.certifier.rounds.unrolling import UnrolledMachine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict
from verify.provers.branches import on_every_way, quotient, with_names

Adds = Callable[..., None]
DRIVERS = ("a", "b", "not a", "true", "false")
FEW = (*product(DRIVERS, repeat=1), *product(("a", "true"), DRIVERS))
"""Which literals drive a vertex: one or two of them, also the same ones and constants."""


def sums_give_the_tables(subject: tuple[Adds, Any, tuple[tuple[str, ...], ...]], case: Case) -> None:
    """The certifier writes a vertex that is driven by one or two literals as a sum over these literals. For every table
    of the vertex's values, and for all bits, the sum is the weight times the table's value, even if the literals are
    equal, opposite or constant."""
    add, weight, rows = subject
    for drivers in rows:
        name = f"driven by {', '.join(drivers)}"
        table = {bits: case.real(f"table{bits}") for bits in product((0, 1), repeat=len(drivers))}
        for chosen in table:
            value = sum((sign_of(chosen, part) * table[part] for part in parts_of(chosen)), Fraction(0))
            case.lemma(f"{name}: {chosen} times the weight", implies(value == 0, weight * value == 0))
        fact = on_every_way(
            lambda d=drivers, t=table: _added(add, d, t, weight),  # type: ignore[misc]
            lambda total, d=drivers, t=table: _is_the_table(total, d, t, weight),  # type: ignore[misc]
        )
        case.show(name, fact)


def _literals(builder: ComparingBuilder) -> dict[str, int]:
    a, b, c = (builder.named(name) for name in "abc")
    return {"a": a, "b": b, "c": c, "not a": a ^ 1, "true": TRUE, "false": FALSE}


def _added(add: Adds, drivers: tuple[str, ...], table: dict[tuple[int, ...], Number], weight: Number) -> Sum:
    total = Sum(ComparingBuilder(SolverTally()))
    literals = _literals(total.circuit)
    add(total, table, [literals[name] for name in drivers], weight)
    return total


def _is_the_table(
    total: Sum, drivers: tuple[str, ...], table: dict[tuple[int, ...], Number], weight: Number
) -> Formula:
    """Whether a sum has the table's value for all bits."""
    facts, value = [], _value(total)
    for a, b, c in product((0, 1), repeat=3):
        bits = {"a": a, "b": b, "c": c, "not a": 1 - a, "true": 1, "false": 0}
        facts.append(value({"a": a, "b": b, "c": c}) == weight * table[tuple(bits[name] for name in drivers)])
    return every(*facts)


def _without_signs(total: Sum, table: Any, literals: list[int], weight: Number) -> None:
    """The sum with all signs plus."""
    with_names(Sum.add_table, Fraction=quotient, sign_of=lambda chosen, part: 1)(total, table, literals, weight)


def _any_weight(add: Adds) -> Callable[[Case], Any]:
    return lambda case: (add, case.real("weight"), FEW)


def _three(add: Adds) -> Callable[[Case], Any]:
    return lambda case: (add, Fraction(1), (("a", "b", "c"),))


registry().add(
    Obligation(
        id="certifier.final.sum",
        paper="the certifier",
        claim=sums_give_the_tables,
        of=_any_weight(Sum.add_table),
        twin=_any_weight(_without_signs),
        expect=Verdict.CHECKED,
        finite="one and two operands, all weights",
    )
)
registry().add(
    Obligation(
        id="certifier.final.sum.three",
        paper="the certifier",
        claim=sums_give_the_tables,
        of=_three(Sum.add_table),
        twin=_three(_without_signs),
        expect=Verdict.CHECKED,
        finite="three operands, weight 1",
    )
)


def _sum_of(like: Callable[..., int | None] | None) -> Callable[[Case], tuple[Sum, Sum]]:
    """A sum over literals that are alike in disguise, before and after it is put together; ``like`` says which are."""

    def build(case: Case) -> tuple[Sum, Sum]:
        before, after = (
            Sum(ComparingBuilder(SolverTally())),
            _Like(ComparingBuilder(SolverTally()), like) if like else Sum(ComparingBuilder(SolverTally())),
        )
        for total in (before, after):
            builder = total.circuit
            a, b, c = (builder.named(name) for name in "abc")
            most = builder.at_least(2, (a, b, c))
            same = builder.some([builder.both(a, b), builder.both(a, c), builder.both(b, c)])
            never, nor = builder.xor(most, same), builder.both(most, same ^ 1)
            always = builder.at_least(2, (never ^ 1, nor ^ 1, a))
            for i, literal in enumerate((most, same, builder.at_least(2, (a ^ 1, b ^ 1, c ^ 1)), never, always)):
                total.add(literal, Fraction(int(case.integer(f"value{i}"))))
        after.left()
        return before, after

    return build


class _Like(Sum):
    """A sum that takes a literal and its negation for the same."""

    def __init__(self, builder: ComparingBuilder, like: Callable[..., int | None]) -> None:
        super().__init__(builder)
        self._rule = like

    def _like(self, node: int, merged: Iterable[int]) -> int | None:
        return self._rule(super()._like(node, merged))


def sums_stay_what_they_are(subject: tuple[Sum, Sum], case: Case) -> None:
    """To put together those literals of a sum that are equal, opposite or constant, as the structure of the circuit or
    the solver shows, changes the sum's value at no assignment of the literals. So if no literal is left and the rest is
    0, the sum is 0 everywhere."""
    after, values = subject[1], [_value(total) for total in subject]
    assignments = [dict(zip("abc", bits, strict=True)) for bits in product((0, 1), repeat=3)]
    for given in assignments:
        named = ", ".join(map(str, given.values()))
        case.equal(f"a, b, c = {named}", *(value(given) for value in values))
    none_left = not after.terms and not after.rest
    case.show("nothing left: 0", not (none_left and any(map(values[0], assignments))))


def _value(total: Sum) -> Callable[[dict[str, int]], Fraction]:
    """A sum for one assignment."""
    circuit = total.circuit.circuit(None, {str(node): node for node in total.terms})

    def value(given: dict[str, int]) -> Fraction:
        found = circuit.evaluate(given)
        return total.rest + sum((total.terms[int(node)] for node, bit in found.items() if bit), Fraction(0))

    return value


registry().add(
    Obligation(
        id="certifier.final.left",
        paper="the certifier",
        claim=sums_stay_what_they_are,
        kind="enumeration",
        of=_sum_of(None),
        expect=Verdict.CHECKED,
        twin=_sum_of(lambda other: other if other is None else other & ~1 if other >= 0 else other),
        domain=lambda: (
            {f"value{i}": v for i, v in enumerate(values)}
            for values in product((-1, 0, 1), (0, 1), (-1, 0, 1), (0, 1), (0, 1))
        ),
        finite="five literals that are alike in disguise, values -1, 0, 1",
    )
)


def output_returns_it(sigma: Activation, case: Case) -> None:
    """If the pre-activation of the output is a prediction from 0 to 2, both ends included, the output returns it as it
    is."""
    value = case.real("value")
    case.assume(value >= 0, value <= 2)
    case.show("returned", sigma(value) == value)


registry().add(
    Obligation(
        id="certifier.final.output",
        paper="the certifier",
        claim=output_returns_it,
        of=lambda case: RAMP,
        twin=lambda case: HARD_TANH,
    )
)

ONE_BIT: tuple[Table, ...] = tuple(
    {(0,): Fraction(low), (1,): Fraction(high)} for low, high in ((0, 2), (-2, 2), (2, 0), (2, 2))
)
TWO_BITS: tuple[Table, ...] = tuple(
    {bits: Fraction(2 if sum(bits) == 2 else low) for bits in product((0, 1), repeat=2)} for low in (0, -2)
)
WEIGHTS = tuple(Fraction(n, 8) for n in (-2, 0, 1, 2, 4))
FIRST, SECOND = 10, 11
"""Vertices that carry the bits of the state."""


@cache
def _machine() -> UnrolledMachine:
    """A machine of two state bits, s and t, that predicts (s + 2 t x) / 2."""
    design = Design()
    x = design.input("x")
    design.input("answer0", 2)
    s, t = (design.state(name) for name in "st")
    for bit in (s, t):
        design.becomes(bit, bit)
    design.output("query0", x)
    design.output("predict", concat(s, t & x))
    return UnrolledMachine(QueryMachine(machine=design.machine(), rounds=1, predict_fraction=1))


def _final(hidden: Fraction) -> Callable[[Case], tuple[list[Control], bool]]:
    """Three final controls, and whether the certifier takes them for the prediction with the last one's weight
    raised by ``hidden``."""

    def build(case: Case) -> tuple[list[Control], bool]:
        weights = [WEIGHTS[int(case.integer(f"weight{i}"))] for i in range(3)]
        tables = ONE_BIT[int(case.integer("first"))], TWO_BITS[int(case.integer("second"))], ONE_BIT[3]
        operands = (FIRST,), (SECOND, 1), (FIRST,)
        rows = zip(operands, tables, weights, strict=True)
        final = [Control(vertex=20 + i, operands=o, table=t, weight=w) for i, (o, t, w) in enumerate(rows)]
        functions = StateFunctions()
        context = Context(
            row=lambda v: (0, []),
            inputs=1,
            machine=_machine(),
            decoding=Decoding(d=0, multiplier=0, add=0, shift=0),
            bits=1,
            functions=functions,
            tally=SolverTally(),
        )
        state = functions.state(0), functions.state(1)
        try:
            between = Between(state=state, known={FIRST: (None, state[0]), SECOND: (None, state[1])})
            prove_prediction(context, between, [*final[:2], replace(final[2], weight=final[2].weight + hidden)])
        except NetworkRefused:
            return final, False
        return final, True

    return build


def predictions_are_returned(subject: tuple[list[Control], bool], case: Case) -> None:
    """If the certifier takes the final controls of a network for a machine's prediction, then the output returns this
    prediction for every x and state of the machine. If it refuses them, they give another number for some x and
    state."""
    final, taken = subject
    given, predictor, returned, equal = _machine().given, _machine().predictor, True, True
    for x, s, t in product((0, 1), repeat=3):
        bits = {FIRST: s, SECOND: t, 1: x}
        pre = sum(
            (control.weight * control.table[tuple(bits[u] for u in control.operands)] for control in final), Fraction(0)
        )
        found = predictor.evaluate({**dict.fromkeys(predictor.inputs, 0), "x": x, "s": s, "t": t})
        wanted = given.predict_format.value_of(sum(found[name] << i for i, name in enumerate(given.port("predict"))))
        returned, equal = returned and RAMP(pre) == wanted, equal and pre == wanted
    case.show("right if taken", returned or not taken)
    case.show("refused only if it is another number", taken or not equal)


def _controls() -> Iterator[dict[str, Any]]:
    sizes = {"first": len(ONE_BIT), "second": len(TWO_BITS), **{f"weight{i}": len(WEIGHTS) for i in range(3)}}
    return (dict(zip(sizes, numbers, strict=True)) for numbers in product(*map(range, sizes.values())))


registry().add(
    Obligation(
        id="certifier.final.prediction",
        paper="the certifier",
        claim=predictions_are_returned,
        kind="enumeration",
        domain=_controls,
        of=_final(Fraction(0)),
        twin=_final(Fraction(1, 8)),
        expect=Verdict.CHECKED,
        finite="three controls of one and two operands, four and two tables, five weights each",
        needs=("certifier.final.left", "certifier.final.sum", "certifier.final.sum.three", "certifier.final.output"),
    )
)
