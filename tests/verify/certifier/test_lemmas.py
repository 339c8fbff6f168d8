"""The obligations about the certifier notice when the certifier changes, and premise (l) says what is so of hard
cases."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from verify.certifier import exactness
from verify.certifier.certify import certify_network
from verify.certifier.exactness import float_bits
from verify.certifier.roles import gates
from verify.certifier.roles.parts import Parts
from verify.certifier.rounds import decoding, sums
from verify.claims.certifier import exactness as exactness_claims
from verify.claims.certifier.roles import gates as gates_claims
from verify.claims.certifier.rounds import decoding as decoding_claims
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.provers.branches import with_names

IDS = paper_obligations()
MACHINE = best_literal_machine(1, fraction=5)


def found(id: str, subject: Any) -> Verdict:
    """The verdict of an obligation's claim about something else."""
    return examine(IDS[id], lambda case: subject).verdict


def smallest() -> Trainable:
    """The smallest network of the literal learner."""
    return Plan(machine=MACHINE, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable


def taken_apart(net: Trainable) -> tuple[Parts, list[Fraction]]:
    """The parts of a certified network and the pre-activations of its output."""
    outcome = certify_network(net, MACHINE, tolerance=Fraction(1))
    assert outcome.certified and outcome.parts is not None and outcome.finding is not None
    return outcome.parts, [Fraction(found["held"]) for found in outcome.finding.distinct_rounds]


def plain(function: Any) -> Callable[..., Any]:
    """The code of a compiled function."""
    return with_names(function)


def a_wide_swing(*given: Any) -> Any:
    """A pass that takes inputs for bits."""
    return plain(gates.swept)(*given[:5], 2)


def the_largest(*given: Any) -> Any:
    """A pass that forgets the least swing."""
    low, count, _, most = plain(gates.swept)(*given)
    return low, count, most, most


def least_for_most(low: Any, count: Any, least: Any, most: Any, scale: Any) -> Any:
    """A decision that takes all swings to be the least one."""
    return plain(gates.decided)(low, count, least, least, scale)


def one_more(*given: Any) -> Any:
    """A decision whose k is one too many."""
    return plain(gates.decided)(*given) + 1


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("certifier.gate.sweep", a_wide_swing),
        ("certifier.gate.sweep", the_largest),
        ("certifier.gate.decided", least_for_most),
        ("certifier.gate.decided", one_more),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_changed_criterion_for_gates_is_refuted(id: str, changed: Any) -> None:
    assert found(id, changed) is Verdict.REFUTED


def with_error(change: Callable[..., Any]) -> Callable[[Any], Any]:
    """A reading's error, changed."""
    return lambda given: change(*decoding_claims._reading(given), given)


@pytest.mark.parametrize(
    "change",
    [
        lambda low, high, given: (low / 2, high),
        lambda low, high, given: (low, high - given.rho / 4),
        lambda low, high, given: (low, high - given.offset * given.rho),
    ],
    ids=("half below", "less above", "no offset"),
)
def test_a_changed_error_of_a_reading_is_refuted(change: Any) -> None:
    assert found("certifier.answer.reading", with_error(change)) is Verdict.REFUTED


@pytest.mark.slow
@pytest.mark.parametrize("signed", [False, True], ids=("unsigned", "signed"))
@pytest.mark.parametrize(
    "change",
    [lambda low, high, unit: (low + unit / 2, high), lambda low, high, unit: (low, high - unit / 2)],
    ids=("below", "above"),
)
def test_half_a_code_less_in_the_error_of_a_decoder_is_refuted(signed: bool, change: Any) -> None:
    def error(given: Any, reading: Any, machine: Any) -> Any:
        return change(*decoding_claims.written_error(given, reading, machine), 1 / (1 << machine.answer_fraction))

    name = f"certifier.answer.error.{'signed' if signed else 'unsigned'}.whole"
    build = decoding_claims.at_numbers
    assert examine(IDS[name], lambda case: build(case, error, signed=signed, whole=True)).verdict is Verdict.REFUTED


def test_an_answer_that_is_held_too_low_is_refuted() -> None:
    def low(given: Any, s: Any, places: Any) -> Any:
        return min((1 << places) - 1, decoding.Decoding.answer(given, s, places))

    assert found("certifier.answer.held", low) is Verdict.REFUTED


def test_a_sum_that_forgets_a_set_of_operands_is_refuted() -> None:
    def forgets(total: sums.Sum, table: Any, literals: list[int], weight: Any) -> None:
        with_names(sums.Sum.add_table, product=lambda *parts, repeat: [(1,) * repeat])(total, table, literals, weight)

    assert found("certifier.final.sum.three", (forgets, Fraction(1), (("a", "b"),))) is Verdict.REFUTED


def test_a_bound_without_the_moves_is_refuted() -> None:
    assert found("certifier.bits.upwards", lambda sizes, rate, rho: 2 * sizes) is Verdict.REFUTED


def stretched(net: Trainable, places: int) -> Trainable:
    """The same network with other weights in its copies, whose products are the same: v1 -> v2 smaller, v2 -> v3 and
    v3 -> v4 larger."""
    parts, flat = taken_apart(net)[0], net.network
    by = Fraction(1 << places)
    moved: dict[int, Fraction] = {}
    for v1, v2, other, v3, vc in parts.copies.tolist():
        factors = {(v1, v2): by**-2, (v1, other): by**-2, (v2, v3): by, (other, v3): by, (v3, net.output): by}
        at = {
            (u, v): flat.offsets[v] + [w for w, _ in flat.into(v)].index(u)
            for u, v in (*factors, (vc, v2), (vc, other))
        }
        moved |= {
            int(at[edge]): Fraction(int(flat.weights[at[edge]]), flat.scale) * factor
            for edge, factor in factors.items()
        }
        moved |= {int(at[vc, v2]): Fraction(4), int(at[vc, other]): Fraction(-5)}
    return net.with_moved(moved)


def test_the_bound_on_bits_holds_of_a_copy_whose_entries_are_large() -> None:
    net = stretched(smallest(), 10)
    parts, held = taken_apart(net)
    a, _, _, inner, _, outer = (Fraction(w, net.network.scale) for w in parts.memory[0].tolist()[:6])
    entry = max(-held[0] - 1, held[-1]) * abs(outer * inner) * a
    assert entry > 1 << 14
    assert (
        float_bits(parts, held)
        == f"linear pass: {exactness.told('2^80', 102)}, by this bound more than the 53 bits of float64"
    )
    assert entry < 1 << 102 - 81
    assert exactness.most_upwards(Fraction(2052), Fraction(1), Fraction(1, 8)) < entry


def test_a_batch_of_any_size_is_certified_and_the_line_says_that_float64_is_too_small() -> None:
    net = replace(smallest(), batch=1 << 59)
    assert (
        float_bits(*taken_apart(net))
        == f"linear pass: {exactness.told('2^28', 97)}, by this bound more than the 53 bits of float64"
    )
    with pytest.raises(ConstructionError, match="need numbers of at most 61 bits, got 67 bits in an edge's batch sum"):
        engine_of(net).ranges()


@pytest.mark.parametrize("module", [gates_claims, decoding_claims, exactness_claims])
def test_the_lemmas_name_the_certifier(module: Any) -> None:
    mine = [o for o in IDS.values() if o.claim.__module__ == module.__name__]
    assert mine and all(o.id.startswith("certifier.") and o.paper == "the certifier" for o in mine)
