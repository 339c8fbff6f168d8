"""How large the network of Lemma 3b is: its vertices and edges from the sizes of its circuits, and these from the
method's.

The network has a block for each round: its gates, and for each copy of Q or Q' six vertices and one for each digit, one
for each random bit, and the round's control (:func:`network_vertices`, :func:`network_edges`; exact for what is built).
A round's circuit has the method's query and update, and what stands around them: the bits of x and of the state that
are let through, the digits of the queries, and the decoder (:func:`round_gates`; exact before equal gates are merged,
and a bound after, with what :func:`vertices_added` says).
"""

from dataclasses import dataclass

from constructions.computation.flat import FlatCircuit
from constructions.computation.operation_gates import GATE, added, chosen, less
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.exact import Number
from constructions.foundations.logic import largest
from constructions.networks.decoder import Decoder


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParts:
    """The numbers on which the size of a network depends.

    Parameters
    ----------
    inputs, state : bits of x and of the method's state. odd, even : how many rounds there are of each kind.
    copies, digits, random : copies of Q in a round, digits of each, random bits of a round.
    odd_gates, even_gates, last_gates : the gates of an odd round, of an even one, and of the predictor. odd_wires,
        even_wires, last_wires : the edges into these. finals : bits of the prediction.
    """

    inputs: Number
    state: Number
    odd: Number
    even: Number
    copies: Number
    digits: Number
    random: Number
    odd_gates: Number
    even_gates: Number
    last_gates: Number
    finals: Number
    odd_wires: Number = 0
    even_wires: Number = 0
    last_wires: Number = 0


def network_vertices(of: NetworkParts) -> Number:
    """The vertices: the constant, x twice, the first clock and state; the rounds; the predictor, its controls, the
    output.

    >>> sizes = {"odd_gates": 10, "even_gates": 12, "last_gates": 3}
    >>> network_vertices(
    ...     NetworkParts(inputs=2, state=1, odd=1, even=1, copies=2, digits=3, random=0, finals=1, **sizes)
    ... )
    72
    """
    shared = 1 + 2 * of.inputs + 1 + of.state
    a_round = of.copies * (6 + of.digits) + of.random + 1
    rounds = (of.odd + of.even) * a_round + of.odd * of.odd_gates + of.even * of.even_gates
    return shared + rounds + of.last_gates + of.finals + 1


def copy_edges(digits: Number) -> Number:
    """The edges of a copy of Q with its canceller: nine inside, two for each digit and one for each two digits, and six
    that join it to the rest. Twice this number is a polynomial with whole coefficients.

    >>> copy_edges(3)
    24
    """
    return 15 + 2 * digits + digits * (digits - 1) // 2


def network_edges(of: NetworkParts) -> Number:
    """The edges, all of which are trained.

    >>> sizes = {"odd_gates": 10, "even_gates": 12, "last_gates": 3}
    >>> wires = {"odd_wires": 20, "even_wires": 24, "last_wires": 6}
    >>> network_edges(
    ...     NetworkParts(inputs=2, state=1, odd=1, even=1, copies=2, digits=3, random=0, finals=1, **sizes, **wires)
    ... )
    164
    """
    shared = 2 * of.inputs + 1 + of.state
    a_round = of.copies * copy_edges(of.digits) + of.random + 4
    rounds = (of.odd + of.even) * a_round + of.odd * of.odd_wires + of.even * of.even_wires
    return shared + rounds + of.last_wires + 4 * of.finals


def wires_of(circuit: FlatCircuit) -> int:
    """The edges into the gates of a circuit on the two-stage ramp: its literals, and a constant unless n + 1 = 2k.

    >>> from constructions.computation.flat import Gates
    >>> wires_of(FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"both": 4}))
    3
    """
    return len(circuit.gates.literals) + int((circuit.gates.fan_in + 1 != 2 * circuit.gates.needs).sum())


def most_edges(rounds: Number, gates: Number, literals: Number, size: Number) -> Number:
    """At most so many edges has the network of a method.

    Parameters
    ----------
    rounds, gates : of the method: its rounds, the gates of its query and update, or of its predictor. literals : the
        most of a gate. size : what else bounds it.

    >>> most_edges(1, 2, 1, 1)
    564
    """
    fourth = size * size * size * size
    return (rounds + 1) * ((literals + 1) * (gates + 108 * fourth) + 62 * fourth)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderSizes:
    """The numbers on which the size of a decoder depends.

    Parameters
    ----------
    width, shift : the bits in which it adds, and how many places it drops at the end. parts : how many records it adds.
        terms : the digits 1 of its multiplier. turns : how many digits all the shifts have together. bounds : 2 if
        answers can be negative, else 1.
    """

    width: Number
    shift: Number
    parts: Number
    terms: Number
    turns: Number
    bounds: Number


def decoder_gates(of: DecoderSizes) -> Number:
    """The gates of a decoder: the records and the terms of the product are shifted and added, one number is added, and
    the code is held within its bounds.

    >>> decoder_gates(DecoderSizes(width=4, shift=1, parts=1, terms=1, turns=0, bounds=1))
    129
    """
    kept = of.width - of.shift
    sums = (of.parts + of.terms + 1) * added(of.width)
    return sums + of.turns * chosen(of.width) + of.bounds * (less(kept) + chosen(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSizes:
    """The numbers on which the size of a round's circuit depends.

    Parameters
    ----------
    own : the gates of the method's query and update. inputs, state, parallel : bits of x and of the state, queries a
        round. places, signs : digits of a query that are asked, and 2 if queries are signed, else 1. negated : the bits
        of a query value if it is signed, else 0. fractions : the digits that are not whole: ``places``, or 0 for a
        query of 0 and 1. decoder : the gates of a decoder.
    """

    own: Number
    inputs: Number
    state: Number
    parallel: Number
    places: Number
    signs: Number
    negated: Number
    fractions: Number
    decoder: Number


def copies_of_a_round(of: RoundSizes) -> Number:
    """The copies of Q in a round: one for the clock, and one for each digit of each sign of each query.

    >>> copies_of_a_round(
    ...     RoundSizes(own=0, inputs=2, state=3, parallel=2, places=4, signs=2, negated=5, fractions=4, decoder=0)
    ... )
    17
    """
    return 1 + of.parallel * of.places * of.signs


def round_gates(of: RoundSizes) -> Number:
    """The gates of a round's circuit before equal ones are merged: the method's, the clock and whether it is the
    round's turn, a gate for each bit of x and of the state, and for each query its size, its digits and its decoder.

    >>> round_gates(
    ...     RoundSizes(own=50, inputs=2, state=3, parallel=1, places=1, signs=1, negated=0, fractions=0, decoder=100)
    ... )
    160
    """
    a_query = added(of.negated) + chosen(of.negated) + GATE + of.fractions + 2 * of.places * of.signs + of.decoder
    return of.own + 2 * GATE + of.inputs + of.state + of.parallel * a_query


def vertices_added(of: RoundSizes) -> Number:
    """At most so many gates more has the round's circuit in the network, in which each output is a gate that is not
    negated, and one more keeps what nothing else reads.

    >>> vertices_added(
    ...     RoundSizes(own=50, inputs=2, state=3, parallel=1, places=1, signs=1, negated=0, fractions=0, decoder=100)
    ... )
    9
    """
    return 1 + of.state + 2 * copies_of_a_round(of) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWidths:
    """The numbers on which the widest gate of a round depends.

    Parameters
    ----------
    own : the most literals of a gate of the method's query and update. digits : those that a copy reads. whole : the
        bits of a query's value that are not of its fraction. state, random : bits of the state, random bits of a round.
    copies : of a round.
    """

    own: Number
    digits: Number
    whole: Number
    state: Number
    random: Number
    copies: Number


def widest_written(of: RoundWidths) -> Number:
    """How many literals the widest gate has that a round writes: one of the method's, the OR of the digits of the
    clock's copy, or that of the bits of a query that are not of its fraction; all others have two at most.

    >>> widest_written(RoundWidths(own=3, digits=6, whole=1, state=2, random=0, copies=3))
    6
    """
    return largest(2, of.own, of.digits, of.whole)


def widest_of_round(of: RoundWidths) -> Number:
    """At most so many literals has a gate of a round in the network, where one more reads all inputs but x that nothing
    else reads: of the clock, the state, the random bits and the digits of the copies.

    >>> widest_of_round(RoundWidths(own=3, digits=6, whole=1, state=2, random=0, copies=3))
    21
    """
    return largest(widest_written(of), 1 + of.state + of.random + of.copies * of.digits)


def sizes_of_decoder(decoder: Decoder, width: int) -> DecoderSizes:
    """What the size of a decoder for answers of so many bits depends on.

    Parameters
    ----------
    decoder, width : the decoder, and the bits of an answer.

    >>> from fractions import Fraction
    >>> from constructions.networks.queries import DYADIC
    >>> plain = Decoder(setting=DYADIC, rho=Fraction(1, 64), signed=False, binary=True, answer_fraction=12)
    >>> sizes_of_decoder(plain, 14).terms
    7
    """
    multiplier, signs = decoder.multiplier, 2 if decoder.signed else 1
    terms = [i for i in range(multiplier.bit_length()) if multiplier >> i & 1]
    shifts = [*terms, *(place.bit_length() - 1 for place in decoder.places for _ in range(signs))]
    return DecoderSizes(
        width=decoder.room(width),
        shift=decoder.shift,
        parts=signs * len(decoder.places),
        terms=len(terms),
        turns=sum(shift.bit_length() for shift in shifts),
        bounds=signs,
    )


def sizes_of_round(machine: QueryMachine, decoder: Decoder) -> RoundSizes:
    """What the size of a round's circuit of a machine depends on.

    Parameters
    ----------
    machine, decoder : the method, and what reads its answers.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.queries import DYADIC
    >>> plain = Decoder(setting=DYADIC, rho=Fraction(1, 64), signed=False, binary=True, answer_fraction=6)
    >>> copies_of_a_round(sizes_of_round(best_literal_machine(2, fraction=6), plain))
    4
    """
    signs, places = (2 if machine.signed else 1), len(decoder.places)
    return RoundSizes(
        own=len(machine.query.gates) + len(machine.update.gates),
        inputs=machine.inputs,
        state=len(machine.machine.state),
        parallel=machine.parallel,
        places=places,
        signs=signs,
        negated=machine.query_format.width if machine.signed else 0,
        fractions=0 if decoder.binary else places,
        decoder=int(decoder_gates(sizes_of_decoder(decoder, machine.width("answer0")))),
    )


def widths_of_round(machine: QueryMachine, decoder: Decoder) -> RoundWidths:
    """What the widest gate of a round's circuit of a machine depends on.

    Parameters
    ----------
    machine, decoder : the method, and what reads its answers.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.queries import DYADIC
    >>> plain = Decoder(setting=DYADIC, rho=Fraction(1, 64), signed=False, binary=True, answer_fraction=6)
    >>> widths_of_round(best_literal_machine(2, fraction=6), plain).digits
    6
    """
    fan_in = [int(circuit.gates.fan_in.max(initial=0)) for circuit in (machine.query, machine.update)]
    return RoundWidths(
        own=max(fan_in),
        digits=decoder.bits,
        whole=machine.query_format.width - machine.query_fraction,
        state=len(machine.machine.state),
        random=machine.random_bits,
        copies=copies_of_a_round(sizes_of_round(machine, decoder)),
    )
