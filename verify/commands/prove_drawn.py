"""The part of ``querygrad prove --second`` that asks what is new and a sample of the rest (``--drawn``)."""

import random
import time

from constructions.foundations.logic import Formula
from constructions.foundations.terms import formula
from verify.arguments.obligations import Chosen
from verify.commands.interruption import results_kept
from verify.commands.proving import Proving, prove_with_progress
from verify.discharge.second_opinion import SIDES, SecondAnswer, Side, answer_to, declared, digest_of
from verify.obligations.catalogue import needed
from verify.obligations.obligation import Obligation
from verify.provers.asking import Asking
from verify.provers.by_z3 import build
from verify.provers.listening import Heard
from verify.provers.second import SecondSolver, asking
from verify.provers.to_smt import script
from verify.reports.exit_codes import EXPECTED, INTERNAL, exit_code, gravest
from verify.reports.second import line_of, recorded, summary_of
from verify.reports.table import print_report
from verify.screen.bar import progress_bar
from verify.screen.printing import say

Place = tuple[str, Side]


def prove_drawn(chosen: Chosen, how: Proving, *, drawn: int, seed: int) -> int:
    """Ask two solvers a sample of the questions that the record has, and discharge with both what has new ones.

    Parameters
    ----------
    chosen : the obligations whose questions are meant. how : as for all obligations; it names the second solver.
    drawn, seed : how many questions are drawn from those in the record, and by which seed.

    Returns
    -------
    The exit code: 4 if the solvers disagree, and else that of the obligations with new questions.
    """
    solver = how.second
    assert solver is not None
    new, places = sorted_out(chosen, quiet=how.quiet)
    sample = random.Random(seed).sample(sorted(places), min(drawn, len(places)))
    answers = asked(chosen, {digest: places[digest] for digest in sample}, solver, how.seconds)
    for id, answer in answers:
        if answer.only or answer.disagrees:
            say(line_of(id, answer, str(solver)))
    say(f"{len(new)} obligations ask what the record of answered questions does not have")
    say(f"{len(answers)} of the {len(places)} questions that it has were drawn, and asked again")
    say(summary_of(str(solver), [answer for _, answer in answers]))
    code = INTERNAL if any(answer.disagrees for _, answer in answers) else EXPECTED
    return gravest([code, prove_new(chosen, new, how)])


def sorted_out(chosen: Chosen, *, quiet: bool) -> tuple[list[str], dict[str, Place]]:
    """The obligations with a question that is not in the record, and where each question is stated that is in it.

    A twin is examined up to the first fact that fails, so it is new only if none of its questions is in the record.
    """
    known, new, places = recorded(), list[str](), dict[str, Place]()
    with progress_bar("stating", len(chosen.obligations), quiet=quiet) as bar:
        for id, obligation in chosen.obligations.items():
            with chosen.home(id):
                found = digests(obligation)
            for side, row in found:
                fresh = row.keys() - known.keys()
                if fresh and (side == "claim" or len(fresh) == len(row)):
                    new.append(id)
                places |= {digest: (id, side) for digest in row if digest in known}
            bar.advance(id)
    return list(dict.fromkeys(new)), places


def prove_new(chosen: Chosen, new: list[str], how: Proving) -> int:
    """Discharge obligations, and what they need, with both solvers."""
    if not new:
        return EXPECTED
    some = Chosen()
    for id in needed(new, chosen.obligations):
        some.add(chosen.obligations[id], chosen.files.get(id))
    began = time.perf_counter()
    with results_kept():
        results = prove_with_progress(some, how)
    print_report(results, time.perf_counter() - began)
    return exit_code(results)


def digests(obligation: Obligation) -> list[tuple[Side, dict[str, str]]]:
    """The questions that the claim and the twin of an obligation state, by digest, with what they are about."""
    subjects = zip(SIDES, (obligation.of, obligation.twin), strict=True)
    found = [(side, declared(obligation, of)) for side, of in subjects if of is not None]
    return [(side, {digest_in(question): words for words, question in row}) for side, row in found if row]


def asked(
    chosen: Chosen, places: dict[str, Place], solver: SecondSolver, seconds: int
) -> list[tuple[str, SecondAnswer]]:
    """Ask both solvers some questions, by digest, each at the side of an obligation that states it."""
    found: list[tuple[str, SecondAnswer]] = []
    with asking(solver) as session:
        for id, side in dict.fromkeys(places.values()):
            obligation = chosen.obligations[id]
            of = obligation.of if side == "claim" else obligation.twin
            with chosen.home(id):
                first = Asking.of(build(obligation, of).variables, obligation, seconds)
                stated = [(words, part) for words, part in declared(obligation, of) if digest_in(part) in places]
            for words, question in stated:
                if places[digest_in(question)] == (id, side):
                    heard = Heard(question, first.ask(question).status)
                    found.append((id, answer_to(heard, side, {formula(question): words}, session)))
    return found


def digest_in(question: Formula) -> str:
    """The name of a question in the record."""
    return digest_of(script(question))
