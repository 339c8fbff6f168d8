"""How many parameters the networks of Theorems 1a, 1d, 3a and 3d have, and those of methods of Turing machines: the
round of a reduction, or of the machines, put into the network of Lemma 3b (``lemma3b.size.method``)."""

from collections.abc import Callable
from typing import Any

from constructions.computation.averaging_gates import StepSizes, step_gates
from constructions.computation.extraction_gates import ExtractionSizes, extraction_gates
from constructions.computation.reading_gates import ReadingSizes, reading_gates
from constructions.computation.tableau_sizes import learner_gates, widest_gate, widest_of_learner
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.networks.emulation_sizes import NetworkParts, RoundWidths, network_edges, widest_of_round
from constructions.reductions.fbsq import printed_rounds
from constructions.reductions.sample_extract import printed_extraction_rounds
from verify.claims.computation.turing.learner_sizes import PARTS
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry

Edges = Callable[[NetworkParts], Number]
Sized = tuple[Number, Number]
SMALL = ("inputs", "state", "digits", "random", "finals")
COUNTS = ("odd", "even", "copies")
OF_CIRCUITS = tuple(f"{kind}_{what}" for what in ("gates", "wires") for kind in ("odd", "even", "last"))


def many_more(of: NetworkParts) -> Number:
    """Far more edges than there are (the twins').

    >>> sizes = dict.fromkeys((*SMALL, *COUNTS, *OF_CIRCUITS), 1)
    >>> many_more(NetworkParts(**sizes)) // network_edges(NetworkParts(**sizes)) == 10**40
    True
    """
    return 10**40 * network_edges(of)


@obligation("lemma3b.size.reduction", paper="Lemma 3b", of=lambda case: network_edges, twin=lambda case: many_more)
def networks_of_reductions_are_polynomial(edges: Edges, case: Case) -> None:
    """For every method of at most R rounds whose query and update, and whose predictor, have at most G gates, the
    network of Lemma 3b has at most (R + 1) ((F + 1) (G + 108 S^4) + 62 S^4) parameters (by lemma3b.size.method, for the
    method's own rounds and gates)."""
    parts = {name: case.integer(name) for name in (*SMALL, *COUNTS, *OF_CIRCUITS)}
    taken, own, literals, size = (case.integer(name) for name in ("k", "gates", "F", "S"))
    rounds, most, fourth = case.real("R"), case.integer("G"), case.integer("S^4")
    case.assume(taken >= 0, taken <= rounds, literals >= 0, size >= 1, own >= 0, own <= most)
    case.assume(fourth == size * size * size * size, fourth >= 1)
    used = case.use("lemma3b.size.method", "edges", "copies", **parts, k=taken, S=size, F=literals, G=own)
    case.assume(used.premises, label="the network is that of a method of these rounds")
    grows(case, literals + 1, own + 108 * fourth, literals + 1, most + 108 * fourth)
    grows(case, 0, 0, literals + 1, own + 108 * fourth)
    block, most_block = ((literals + 1) * (here + 108 * fourth) + 62 * fourth for here in (own, most))
    grows(case, taken + 1, block, rounds + 1, most_block)
    case.show("parameters", edges(NetworkParts(**parts)) <= (rounds + 1) * most_block)
    case.show("copies of a round", parts["copies"] <= 3 * size * size)


def is_small_network(edges: Edges, case: Case, taken: Number, rounds: Number, own: Number, most: Number) -> None:
    """State how many edges the network of a method has, of at most so many rounds, each of at most so many gates."""
    parts = {name: case.integer(name) for name in (*SMALL, *COUNTS, *OF_CIRCUITS)}
    literals, size, fourth = case.integer("F"), case.integer("S"), case.integer("S^4")
    case.lemma("a round", own <= most)
    numbers = {"k": taken, "gates": own, "R": rounds, "G": most, "F": literals, "S": size, "S^4": fourth}
    used = case.use("lemma3b.size.reduction", "parameters", **parts, **numbers)
    case.assume(used.premises, label="the network is that of a method of these rounds")
    most_block = (literals + 1) * (most + 108 * fourth) + 62 * fourth
    case.show("parameters", edges(NetworkParts(**parts)) <= (rounds + 1) * most_block)


def of_lemma_1(case: Case, size: Number) -> tuple[Sized, Sized]:
    """The rounds of Lemma 1 with LOOK, whose rounds are the larger ones, and the gates of one, with what bounds
    them."""
    names = ("n", "places", "coin", "width", "length", "number", "low", "own", "prediction")
    sizes = {name: case.integer(name) for name in names}
    taken, m, inverse = case.integer("T'"), case.integer("m"), case.real("1/delta")
    case.assume(m >= 1, inverse >= 1)
    used = case.use("lemma1.time.round", "a round, LOOK", **sizes, S=size, rounds=0)
    case.assume(used.premises, label="what Lemma 1 asks of its numbers")
    own = extraction_gates(ExtractionSizes(**sizes), look=True)
    rounds = printed_extraction_rounds(m, sizes["n"], inverse, alternating=True)
    return (taken, rounds), (own, sizes["own"] + 380 * size * size * size)


def of_averages(case: Case, size: Number, *, repeats: bool) -> tuple[Sized, Sized]:
    """The rounds of Lemma 2 (2 k q of them, with ``repeats``) or of Lemma 7 (2 k), and the gates of one."""
    names = ("own", "state", "parallel", "sum", "counter", "places", "masked")
    sizes = {name: case.integer(name if name != "state" else "bits of A's state") for name in names}
    used = case.use("averaging.bound", **sizes, S=size)
    case.assume(used.premises, label="what bounds a step of Lemma 2")
    queries, times = case.integer("k"), case.integer("q") if repeats else 1
    own, taken = step_gates(StepSizes(**sizes)), case.integer("T'")
    case.assume(queries >= 1, times >= 1, taken == 2 * queries * times)
    return (taken, 2 * queries * times), (own, 128 * size * size * size)


def of_lemma_6(case: Case, size: Number) -> tuple[Sized, Sized]:
    """The rounds of Lemma 6, and the gates of one."""
    names = ("n", "m", "places", "width", "length", "own", "prediction")
    sizes = {name: case.integer(name) for name in names}
    used = case.use("lemma6.time.round", "a round", **sizes, S=size, rounds=0)
    case.assume(used.premises, label="what Lemma 6 asks of its numbers")
    own, taken = reading_gates(ReadingSizes(**sizes), alternating=True), case.integer("T'")
    most = sizes["own"] + 46 * (sizes["m"] + 2) * size * size
    return (taken, printed_rounds(sizes["m"], sizes["n"], alternating=True)), (own, most)


NETWORKS: tuple[tuple[str, str, str, Callable[..., tuple[Sized, Sized]], dict[str, Any]], ...] = (
    ("Theorem 1a", "20 m (n + 1)/delta", "G = TIME + 380 S^3 (lemma1.time.round)", of_lemma_1, {}),
    ("Theorem 1d", "2 k q", "G = 128 S^3 (averaging.bound), S at least TIME", of_averages, {"repeats": True}),
    ("Theorem 3a", "2 m (n + 1)", "G = TIME + 46 (m + 2) S^2 (lemma6.time.round)", of_lemma_6, {}),
    ("Theorem 3d", "2 k", "G = 128 S^3 (averaging.bound), S at least TIME", of_averages, {"repeats": False}),
)


def _network_clause(
    item: str, rounds: str, gates: str, build: Callable[..., tuple[Sized, Sized]], options: dict[str, Any]
) -> None:
    """Register the running-time clause of a theorem about networks."""

    def size_is_polynomial(edges: Edges, case: Case) -> None:
        (taken, most_taken), (own, most) = build(case, case.integer("S"), **options)
        is_small_network(edges, case, taken, most_taken, own, most)

    size_is_polynomial.__doc__ = (
        f"The network of {item} has at most T' = {rounds} rounds, each of the gates of its reduction, at most {gates}. "
        "By lemma3b.size.method, which is used, it has p' <= (T' + 1) ((F + 1) (G + 108 S^4) + 62 S^4) parameters, "
        "with F the most literals of a gate, and S at least the bits of what a round handles, log(1/rho) and log b "
        "among them: a polynomial in all of these, of degree 1 in T', F and G and 4 in S."
    )
    registry().add(
        Obligation(
            id=f"{item.lower().replace(' ', '')}.size",
            paper=item,
            claim=size_is_polynomial,
            of=lambda case: network_edges,
            twin=lambda case: many_more,
        )
    )


for _row in NETWORKS:
    _network_clause(*_row)


WIDTHS = ("last", "states", "symbols", "stopping")


def widest_of_a_learner(case: Case, time: Number, pairs: Number) -> Number:
    """The widest gate of a round of three machines of at most TIME steps, each tableau with numbers of its own, and
    that it has at most 3 TIME + P + 2 literals."""
    wide = []
    for part in PARTS:
        machine = {name: case.integer(f"{part}: {name}") for name in (*WIDTHS, "n")}
        used = case.use("turing.fan_in", **machine, T=time, p=pairs)
        case.assume(used.premises, machine["n"] <= time, label=f"{part}: a tableau of at most TIME steps and symbols")
        wide.append(widest_gate(*(machine[name] for name in WIDTHS)))
    symbol = case.integer("bits of a symbol")
    case.assume(symbol >= 1, symbol <= pairs)
    found = widest_of_learner(*wide, symbol=symbol)
    case.lemma("the widest of a round of the method", found <= 3 * time + pairs + 2)
    return found


@obligation("turing.learner.network", paper="Lemma 3b", of=lambda case: network_edges, twin=lambda case: many_more)
def networks_of_machines_are_polynomial(edges: Edges, case: Case) -> None:
    """For every method of k rounds whose query, update and predictor are Turing machines with at most P pairs of a
    state and a symbol, which run for at most TIME steps on words of at most TIME symbols: the network of Lemma 3b has
    p' <= (k + 1) ((F + 1) (134 (P + 1) (TIME + 1)^2 + 108 S^4) + 62 S^4) parameters with F = 3 TIME + P + 2 + 6 S^3,
    where S bounds the bits that a round handles. No gate of a round has more than F literals: those of the tableaux at
    most 3 TIME + P + 2, those that stand beside them at most S, and the one that reads what nothing else reads at most
    1 + 2 S + 3 S^3. Used are turing.learner.bound, turing.fan_in and lemma3b.size.reduction."""
    time, pairs, rounds, size = (case.integer(name) for name in ("TIME", "P", "k", "S"))
    sizes = {name: case.integer(name) for name in (*PARTS, "parallel")}
    state = case.integer("bits of the state")
    used = case.use("turing.learner.bound", **sizes, state=state, TIME=time, P=pairs)
    case.assume(used.premises, label="the round is one of three such machines")
    own = learner_gates(*(sizes[name] for name in PARTS), parallel=sizes["parallel"], state=state)
    parts = {name: case.integer(name) for name in (*SMALL, *COUNTS, *OF_CIRCUITS)}
    fourth, literals = case.integer("S^4"), 3 * time + pairs + 2 + 6 * (size * size * size)
    most = 134 * (pairs + 1) * ((time + 1) * (time + 1))
    case.lemma("a round", own <= most)
    numbers = {"k": rounds, "gates": own, "R": rounds, "G": most, "F": literals, "S": size, "S^4": fourth}
    network = case.use("lemma3b.size.reduction", **parts, **numbers)
    case.assume(network.premises, label="the network is that of the method")
    widest_is_small(case, parts, widest_of_a_learner(case, time, pairs), literals)
    block = (literals + 1) * (most + 108 * fourth) + 62 * fourth
    case.show("parameters", edges(NetworkParts(**parts)) <= (rounds + 1) * block)


def widest_is_small(case: Case, parts: dict[str, Any], own: Number, literals: Number) -> None:
    """State that no gate of a round has more literals than F."""
    size, whole = case.integer("S"), case.integer("bits of a query that are not of its fraction")
    copies, digits, square = parts["copies"], parts["digits"], size * size
    case.assume(whole >= 0, whole <= size)
    widths = RoundWidths(
        own=own, digits=digits, whole=whole, state=parts["state"], random=parts["random"], copies=copies
    )
    case.lemma("copies of a round", every(copies >= 0, copies <= 3 * square, digits >= 0, digits <= size))
    grows(case, copies, digits, 3 * square, size)
    grows(case, 1, 1, size, size)
    grows(case, 1, size, size, size)
    grows(case, 1, square, size, square)
    case.lemma("a word", every(parts["state"] <= size, parts["random"] <= size, size >= 1))
    case.show("literals", widest_of_round(widths) <= literals)
