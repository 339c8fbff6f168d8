"""Each check of the search, and of the checker, that is taken out is noticed: training catches what it let through."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from constructions.foundations.activation import Activation
from verify.attacks import judging
from verify.attacks.judging import defect, work
from verify.certifier import certify
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles import memories
from verify.certifier.rounds import all_rounds as walk
from verify.certifier.rounds import round_proof
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.equal import ComparingBuilder
from verify.certifier.rounds.phases import AFTER, NOW, Control, NetworkRound, PhaseCircuit
from verify.certifier.rounds.sums import Sum
from verify.certifier.rounds.unrolling import UnrolledMachine
from verify.recheck import check, network, parts
from verify.recheck.memory import answer_error
from verify.recheck.reading import need

SMALL = "conjunction by queries, minimal"
COINS = "coins, minimal"


def fixed(module: Any, name: str, value: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """A name that always has, or returns, something."""
    return lambda patch: patch.setattr(module, name, value)


def no_early_controls(patch: pytest.MonkeyPatch) -> None:
    """Final controls may do in step T what they like."""
    old = round_proof._stirring
    patch.setattr(round_proof, "_stirring", lambda controls, phase: [] if phase.phase == NOW else old(controls, phase))


def no_silence(patch: pytest.MonkeyPatch) -> None:
    """Copies and controls may act in other steps than theirs."""
    old = round_proof._stirring
    patch.setattr(
        round_proof,
        "_silent",
        lambda block, phase, _: old(block.controls, phase) if phase.phase == AFTER and block.last else [],
    )


def copies_that_go_on(patch: pytest.MonkeyPatch) -> None:
    """Copies may act in other steps than theirs; controls may not."""
    old = round_proof._stirring

    def controls_only(block: NetworkRound, phase: PhaseCircuit, when: str) -> list[Control]:
        found = old(block.controls, phase)
        if found and not (phase.phase == AFTER and block.last):
            raise NetworkRefused("e", when)
        return found

    patch.setattr(round_proof, "_silent", controls_only)


def no_fractions(patch: pytest.MonkeyPatch) -> None:
    """One digit of weight 1 is thought exact."""
    old = Decoding.error
    patch.setattr(
        Decoding, "error", lambda self, reading, m: old(self, reading, m if self.d else replace(m, query_fraction=0))
    )


def only_words(patch: pytest.MonkeyPatch) -> None:
    """What is equal in a few random worlds is thought equal."""
    patch.setattr("verify.certifier.rounds.equal.WIDTH", 64)
    patch.setattr(
        ComparingBuilder, "same", lambda self, a, b: a == b or (self.solver and len(set(self.words([a, b]))) == 1)
    )
    patch.setattr(ComparingBuilder, "_drawn", lambda self, _: self._source.getrandbits(self.width))


def no_shape(patch: pytest.MonkeyPatch) -> None:
    """Vertices that are not strictly flat count as what the activation gives."""
    patch.setattr(Activation, "strictly_flat", lambda *_: True)


def no_memory(patch: pytest.MonkeyPatch) -> None:
    """Copies may have any weights."""
    patch.setattr(memories, "why_no_memory", lambda *_, **__: None)
    patch.setattr(memories, "_check_alone", lambda *_: None)


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], tuple[str, ...], str]] = {
    "final controls in the last step": (
        no_early_controls,
        (SMALL,),
        "a final control acts in a step, another control makes up for it",
    ),
    "one digit for fractions": (
        no_fractions,
        ("full batch, minimal",),
        "machine, fractions where the network asks whole values",
    ),
    "queries above 1": (
        fixed(UnrolledMachine, "within_one", lambda *_: True),
        ("full batch, minimal",),
        "machine, queries above 1",
    ),
    "frozen edges": (fixed(certify, "check_frozen", lambda *_: None), (COINS, "coins, dyadic"), "header, frozen"),
    "memories": (no_memory, ("signed, dyadic", COINS), "the held output of a round"),
    "the held output": (fixed(Sum, "left", lambda _: []), (SMALL,), "a copy's resting weight with its levels"),
    "the prediction": (fixed(walk, "prove_prediction", lambda *_: {}), ("no rounds", COINS), "inputs reordered"),
    "words instead of proofs": (only_words, ("full batch, dyadic",), "a fault where all records of a round are small"),
    "flat controls": (no_shape, (SMALL, "full batch, minimal"), "weights, on a kink"),
    "controls 0 before their step": (no_silence, (SMALL, COINS), "a control begins a step early"),
    "copies idle after their step": (
        copies_that_go_on,
        ("decision list of two bits, dyadic",),
        "a copy that does not stop",
    ),
    "settings": (fixed(certify, "check_settings", lambda *_: None), (COINS, "coins, dyadic"), "header, activation"),
}


CAUGHT = "accepted, and training goes wrong"


def believed(patch: pytest.MonkeyPatch) -> None:
    """The search is believed: nobody checks its certificate."""

    def verdict(data: bytes, machine: Any, outcome: Any) -> Any:
        return SimpleNamespace(certified=True, open=[], tolerance=outcome.finding.tolerance)

    patch.setattr(judging, "certified_here", verdict)


@pytest.mark.parametrize("guard", BROKEN)
def test_a_guard_that_is_taken_out_of_the_search_is_noticed_if_it_is_believed_and_else_the_checker_refuses(
    guard: str,
) -> None:
    """The search without one of its checks lets through a network that training then catches; the checker does not."""
    change, names, kind = BROKEN[guard]
    tasks = [(name, kind, seed) for name in names for seed in range(20)]
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        believed(patch)
        task = next(task for task in tasks if defect(work(task)) == CAUGHT)
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        row = work(task)
        assert row["verdict"] == "refused" and row["why"].startswith(("the checker", "(")), row


def without_claims(*parts: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The checker does not look at claims of some kinds: texts that they have in them, behind the phase."""

    def change(patch: pytest.MonkeyPatch) -> None:
        old = check.Check.show

        def show(self: Any, place: tuple[int, str], build: Any, proofs: Any) -> None:
            def kept(circuit: Any) -> list[Any]:
                return [
                    claim for claim in build(circuit) if not any(part in f"{place[1]}: {claim.what}" for part in parts)
                ]

            old(self, place, kept, proofs)

        patch.setattr(check.Check, "show", show)

    return change


def whole_digits(patch: pytest.MonkeyPatch) -> None:
    """The checker takes one digit of weight 1 for exact."""
    old = answer_error
    patch.setattr(
        check,
        "answer_error",
        lambda decoder, m, *rest: old(decoder, m if decoder.d else replace(m, query_fraction=0), *rest),
    )


def no_flat_tables(patch: pytest.MonkeyPatch) -> None:
    """The checker does not ask whether vc and controls are strictly flat: on a slope they count as 0."""
    old = need
    patch.setattr(
        parts, "need", lambda fine, what: None if "is strictly flat for all bits" in what else old(fine, what)
    )


CHECKER: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "final controls in the last step": without_claims("now: (e), (f) a control"),
    "one digit for fractions": whole_digits,
    "queries above 1": without_claims("a query within -1 and 1"),
    "frozen edges": fixed(parts, "_check_frozen", lambda *_: None),
    "memories": fixed(check, "check_memory", lambda *_: None),
    "the held output": without_claims(
        "copies and controls that add up", "a control that is 0", "end: "
    ),  # one sum for all three
    "the prediction": without_claims("end: "),
    "words instead of proofs": without_claims("(k)", "(e)", "(g)"),
    "flat controls": no_flat_tables,
    "controls 0 before their step": without_claims("before: (e), (f) a control", "before: (e) a copy"),
    "copies idle after their step": without_claims("after: (e) a copy that acts no more"),
    "settings": fixed(network, "_check_settings", lambda *_: None),
}


@pytest.mark.parametrize("guard", CHECKER)
def test_a_guard_that_is_taken_out_of_search_and_checker_is_noticed(guard: str) -> None:
    """So each of these premises of the checker is needed: without it a network is certified that trains wrong."""
    change, names, kind = BROKEN[guard]
    tasks = [(name, kind, seed) for name in names for seed in range(20)]
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        CHECKER[guard](patch)
        assert any(defect(work(task)) == CAUGHT for task in tasks)
