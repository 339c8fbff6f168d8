"""How large the network of Lemma 3b is, from the circuits of the method: exact formulas, and a polynomial."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.computation.tally import GateTally
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.networks.decoder import Decoder
from constructions.networks.emulation_sizes import (
    DecoderSizes,
    NetworkParts,
    RoundSizes,
    copies_of_a_round,
    copy_edges,
    decoder_gates,
    most_edges,
    network_edges,
    network_vertices,
    round_gates,
    sizes_of_round,
    vertices_added,
    widest_of_round,
    widest_written,
    widths_of_round,
)
from constructions.networks.queries import DYADIC
from constructions.networks.round_circuit import is_binary, round_circuit, write_round
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
DECODER = ("width", "shift", "parts", "terms", "turns", "bounds")


def some_rounds() -> Iterator[dict[str, Any]]:
    """Machines by number, places of their answers, and precisions."""
    for machine, n, d in product(range(3), (1, 2, 4), (4, 5, 7)):
        yield {"machine": machine, "n": n, "d": d}


def machine_of(number: int, n: int, d: int) -> QueryMachine:
    """One of three machines.

    >>> machine_of(0, 1, 4).parallel
    2
    """
    if number == 0:
        return best_literal_machine(n, fraction=d + 4)
    return (
        correlations_machine(n, fraction=d + 4) if number == 1 else conjunction_machine(n, fraction=d + 4, tau=F(1, 8))
    )


@obligation(
    "lemma3b.size.round",
    paper="Lemma 3b",
    kind="enumeration",
    domain=some_rounds,
    expect=Verdict.CHECKED,
    finite="three machines, signed and unsigned, n = 1, 2 and 4, rho = 1/16, 1/32 and 1/128",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def rounds_are_as_large_as_the_formula_says(more: int, case: Case) -> None:
    """The code that writes a round's circuit, made to write every gate that it is asked for, writes as many as the
    formula says, with as many copies, the widest with as many literals as its formula says; and the circuit that stands
    in the network has at most so many and one more for each output and the steady one, which reads no more inputs than
    its formula says."""
    number, n, d = (int(case.integer(name)) for name in ("machine", "n", "d"))
    machine = machine_of(number, n, d)
    decoder = Decoder(
        setting=DYADIC,
        rho=F(1, 2**d),
        signed=machine.signed,
        binary=is_binary(machine),
        answer_fraction=machine.answer_fraction,
    )
    sizes, tally = sizes_of_round(machine, decoder), GateTally()
    written = write_round(tally, machine, decoder)
    case.show("gates", len(tally) + sizes.state + more == round_gates(sizes))
    case.show("copies", len(written.copies) == copies_of_a_round(sizes))
    widths = widths_of_round(machine, decoder)
    case.show("literals of the widest", tally.widest == widest_written(widths))
    for active in (False, True):
        made = round_circuit(machine, decoder, active=active)
        case.show(f"in the network, {active}", len(made.circuit.gates) <= round_gates(sizes) + vertices_added(sizes))
        wide = int(made.circuit.gates.fan_in.max())
        case.show(f"literals in the network, {active}", wide <= widest_of_round(widths))
        case.show(f"copies in the network, {active}", len(made.copies) <= copies_of_a_round(sizes))


@obligation(
    "lemma3b.size.decoder",
    paper="Lemma 3b",
    of=lambda case: decoder_gates,
    twin=lambda case: lambda of: decoder_gates(replace(of, turns=3 * of.turns + of.width)),
)
def decoders_are_polynomial(formula: Callable[[DecoderSizes], Number], case: Case) -> None:
    """A decoder that adds in W bits has at most 76 W^3 gates, if it adds at most 2 W records of at most W terms, with
    at most W^2 + 2 W digits of shifts."""
    of = DecoderSizes(**{name: case.integer(name) for name in DECODER})
    width, square = of.width, of.width * of.width
    case.assume(width >= 1, of.shift >= 0, of.shift <= width, of.parts >= 0, of.parts <= 2 * width, of.terms >= 0)
    case.assume(of.terms <= width, of.turns >= 0, of.turns <= square + 2 * width, of.bounds >= 1, of.bounds <= 2)
    grows(case, 1, 1, width, width)
    grows(case, 1, width, width, width)
    grows(case, 1, square, width, square)
    grows(case, of.parts, width, 2 * width, width)
    grows(case, of.terms, width, width, width)
    grows(case, of.turns, width, square + 2 * width, width)
    grows(case, of.bounds, width - of.shift, 2, width)
    case.show("at most", formula(of) <= 76 * square * width)


@obligation(
    "lemma3b.size.bound",
    paper="Lemma 3b",
    of=lambda case: (network_vertices, network_edges),
    twin=lambda case: (
        lambda of: network_vertices(of) + 200 * of.copies * of.digits * (of.odd + of.even) * of.digits,
        network_edges,
    ),
)
def networks_are_polynomial(subject: tuple[Callable[[NetworkParts], Number], ...], case: Case) -> None:
    """If a method has T rounds, of at most C copies each, and S >= 1 is at least the bits of x, of its state, of its
    random string in a round, of its prediction, and the digits of a copy, and no circuit has more than G gates and W
    edges into them, then the network has at most (T + 1) (G + 7 C S + 7 S) vertices and at most
    (T + 1) (W + 18 C S^2 + 8 S) edges, each of which is a parameter."""
    vertices, edges = subject
    small = {name: case.integer(name) for name in ("inputs", "state", "digits", "random", "finals")}
    gates = {name: case.integer(name) for name in ("odd_gates", "even_gates", "last_gates")}
    wires = {name: case.integer(name) for name in ("odd_wires", "even_wires", "last_wires")}
    odd, even, copies = (case.integer(name) for name in ("odd", "even", "copies"))
    size, most_gates, most_wires, most = (case.integer(name) for name in ("S", "G", "W", "C"))
    case.assume(size >= 1, odd >= 0, even >= 0, copies >= 1, copies <= most)
    for values, bound in ((small, size), (gates, most_gates), (wires, most_wires)):
        for value in values.values():
            case.assume(value >= 0, value <= bound)
    of = NetworkParts(odd=odd, even=even, copies=copies, **small, **gates, **wires)
    rounds, square = odd + even, size * size
    grows(case, 1, 1, size, size)
    grows(case, 1, size, size, size)
    grows(case, copies, of.digits, most, size)
    grows(case, 1, copies, size, most)
    grows(case, 1, size * copies, size, size * most)
    grows(case, of.digits, of.digits, size, size)
    grows(case, copies, of.digits * of.digits, most, square)
    grows(case, copies, copy_edges(of.digits), most, 18 * square)
    for kind in ("gates", "wires"):
        bound = most_gates if kind == "gates" else most_wires
        grows(case, odd, getattr(of, f"odd_{kind}"), odd, bound)
        grows(case, even, getattr(of, f"even_{kind}"), even, bound)
    a_round = copies * (6 + of.digits) + of.random + 1
    case.lemma("a round", every(a_round >= 0, a_round <= 7 * most * size + 2 * size))
    grows(case, rounds, a_round, rounds, 7 * most * size + 2 * size)
    inside = copies * copy_edges(of.digits) + of.random + 4
    case.lemma("edges of a round", every(inside >= 0, inside <= 18 * most * square + 5 * size))
    grows(case, rounds, inside, rounds, 18 * most * square + 5 * size)
    case.show("vertices", vertices(of) <= (rounds + 1) * (most_gates + 7 * most * size + 7 * size))
    case.show("edges", edges(of) <= (rounds + 1) * (most_wires + 18 * most * square + 8 * size))


ROUND = ("own", "inputs", "state", "parallel", "places", "signs", "negated", "fractions", "decoder")


@obligation(
    "lemma3b.size.rounds",
    paper="Lemma 3b",
    of=lambda case: round_gates,
    twin=lambda case: lambda of: round_gates(of) + of.parallel * of.decoder,
)
def rounds_are_polynomial(formula: Callable[[RoundSizes], Number], case: Case) -> None:
    """If S >= 1 is at least the bits of x and of the state, the queries of a round, their digits, their bits, and the
    bits in which a decoder adds, which has as many gates as lemma3b.size.decoder bounds, then a round of a method whose
    query and update have G gates has at most G + 108 S^4 gates in the network, and at most 3 S^2 copies."""
    of, size = RoundSizes(**{name: case.integer(name) for name in ROUND}), case.integer("S")
    square = size * size
    cube, fourth = square * size, square * square
    parts = {name: case.integer(f"decoder: {name}") for name in DECODER}
    decoder = case.use("lemma3b.size.decoder", **parts)
    case.assume(decoder.premises, parts["width"] <= size, label="a decoder adds in at most S bits")
    case.assume(of.decoder == decoder_gates(DecoderSizes(**parts)), label="the gates of a decoder")
    case.assume(size >= 1, of.own >= 0, of.signs >= 1, of.signs <= 2, of.decoder >= 0)
    wide = parts["width"]
    grows(case, wide, wide, size, size)
    grows(case, wide * wide, wide, square, size)
    case.lemma("a decoder", of.decoder <= 76 * cube)
    for name in ("inputs", "state", "parallel", "places", "negated", "fractions"):
        case.assume(getattr(of, name) >= 0, getattr(of, name) <= size)
    grows(case, 1, 1, size, size)
    grows(case, 1, size, size, size)
    grows(case, 1, square, size, square)
    grows(case, 1, square, square, square)
    grows(case, 1, cube, size, cube)
    grows(case, of.places, of.signs, size, 2)
    a_query = round_gates(replace(of, own=0, inputs=0, state=0, parallel=1)) - 2
    case.lemma("a query", every(a_query >= 0, a_query <= 94 * cube))
    grows(case, of.parallel, a_query, size, 94 * cube)
    grows(case, of.parallel, of.places * of.signs, size, 2 * size)
    case.show("gates", formula(of) + vertices_added(of) <= of.own + 108 * fourth)
    case.show("copies", copies_of_a_round(of) <= 3 * square)


def a_round_of_the_network(case: Case, own: Number, size: Number) -> RoundSizes:
    """The sizes of a round that lemma3b.size.rounds bounds, for a method of so many gates."""
    of_round = {name: case.integer(f"round: {name}") for name in ROUND}
    used = case.use("lemma3b.size.rounds", **of_round, S=size)
    case.assume(used.premises, of_round["own"] <= own, label="a round of the network")
    return RoundSizes(**of_round)


@obligation(
    "lemma3b.size.method",
    paper="Lemma 3b",
    of=lambda case: (network_vertices, network_edges),
    twin=lambda case: (
        network_vertices,
        lambda of: network_edges(of) + 200 * of.copies * of.digits * (of.odd + of.even) * of.digits,
    ),
)
def networks_of_methods_are_polynomial(subject: tuple[Callable[[NetworkParts], Number], ...], case: Case) -> None:
    """For every method of k rounds whose query and update, and whose predictor, have at most G gates, the network of
    Lemma 3b has p' <= (k + 1) ((F + 1) (G + 108 S^4) + 62 S^4) edges, which are its parameters, and at most
    (k + 1) (G + 108 S^4 + 21 S^3 + 7 S) vertices. Here a round of the network has the gates and copies that
    lemma3b.size.rounds bounds, which is used, and the last circuit no more; F is the most literals of a gate, and S
    bounds the bits of x, of the state, of the random string of a round and of the prediction, the queries of a round,
    and the digits of a copy."""
    vertices, edges_of = subject
    rounds, size, most, own = (case.integer(name) for name in ("k", "S", "F", "G"))
    square = size * size
    cube, fourth = square * size, square * square
    case.assume(rounds >= 0, size >= 1, most >= 0, own >= 0)
    gates = own + 108 * fourth
    counts = {name: case.integer(name) for name in ("odd", "even", "copies")}
    gates_each = {f"{kind}_gates": case.integer(f"{kind}_gates") for kind in ("odd", "even", "last")}
    wires = {f"{kind}_wires": case.integer(f"{kind}_wires") for kind in ("odd", "even", "last")}
    small = {name: case.integer(name) for name in ("inputs", "state", "digits", "random", "finals")}
    sizes = a_round_of_the_network(case, own, size)
    most_of_a_round = round_gates(sizes) + vertices_added(sizes)
    case.lemma("gates of a round", most_of_a_round <= gates)
    case.assume(counts["odd"] + counts["even"] == rounds, counts["copies"] >= 1)
    case.assume(counts["copies"] <= copies_of_a_round(sizes), label="the copies of a round")
    case.lemma("copies of a round", counts["copies"] <= 3 * square)
    for here, edges in zip(gates_each.values(), wires.values(), strict=True):
        case.assume(here >= 0, here <= gates if here is gates_each["last_gates"] else here <= most_of_a_round)
        case.assume(edges >= 0, edges <= (most + 1) * here)
        grows(case, most + 1, here, most + 1, gates)
    case.assume(*(value >= 0 for value in (*small.values(), *counts.values())))
    case.assume(*(value <= size for value in small.values()))
    numbers = {**small, **counts, **gates_each, **wires}
    used = case.use("lemma3b.size.bound", **numbers, S=size, G=gates, W=(most + 1) * gates, C=3 * square)
    case.lemma("the bound of networks may be used", used.premises)
    for larger in (size, square, cube):
        grows(case, 1, larger, size, larger)
    grows(case, 1, 1, size, size)
    case.lemma("powers", every(size <= fourth, fourth >= 0))
    each = (most + 1) * gates + 18 * 3 * square * square + 8 * size
    block = (most + 1) * gates + 62 * fourth
    case.lemma("a block", every(each <= block, each >= 0))
    grows(case, rounds + 1, each, rounds + 1, block)
    of = NetworkParts(**numbers)
    case.lemma("all edges", edges_of(of) <= (rounds + 1) * block)
    case.show("copies", counts["copies"] <= 3 * square)
    case.show("edges", edges_of(of) <= most_edges(rounds, own, most, size))
    case.show("vertices", vertices(of) <= (rounds + 1) * (gates + 21 * cube + 7 * size))
