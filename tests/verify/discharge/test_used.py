"""What claims use is found and discharged with them, with all on which it rests in turn."""

from pathlib import Path

import pytest

from verify.arguments.obligations import choose
from verify.discharge.cache import Cache
from verify.discharge.many import _Running, run
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

pytestmark = pytest.mark.usefixtures("no_workers")
FILE = '''
from verify.obligations.obligation import obligation

@obligation("own.lemma", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def lemma(low, case):
    """A square is not negative."""
    x = case.real("x")
    case.show("not negative", x * x >= low)

@obligation("own.user", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def user(low, case):
    """A square of a sum is not negative."""
    y = case.real("y")
    used = case.use("own.lemma", x=y + 1)
    close = case.use("rounding.close")
    case.show("so", used["not negative"] if low == 0 else close.premises)
'''


def test_a_claim_of_the_papers_brings_what_it_uses() -> None:
    rounds = paper_obligations()["markov.rounds"]
    assert rounds.needs == ()
    results = run([rounds], jobs=1)
    assert [(result.id, result.verdict) for result in results] == [
        ("markov.rounds", Verdict.PROVED),
        ("markov.finite", Verdict.PROVED),
    ]
    chosen = choose(["markov.rounds"])
    assert [result.id for result in chosen.results(results)] == ["markov.finite", "markov.rounds"]


def test_a_users_claim_brings_those_of_its_file_and_of_the_paper(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(FILE)
    chosen = choose([str(file)])
    user = chosen.obligations["own.user"]
    results = run([user], files=chosen.files, jobs=1)
    found = {result.id: result.verdict.name for result in results}
    assert found == {"own.user": "PROVED", "own.lemma": "PROVED", "rounding.close": "PROVED"}


def test_what_is_used_brings_what_it_needs_in_words() -> None:
    """Else it would be worth UNKNOWN, and so would its user."""
    known = paper_obligations()
    running = _Running(cache=Cache.open(), homes={}, jobs=1, fresh=True, seconds=60, on_result=None)
    for id in ("lemma11.fits.strong.q", "lemma11.record.strong.q"):
        running.wanted[id] = known[id]
    running.found["lemma11.fits.strong.q"] = discharge(known["lemma11.fits.strong.q"])
    running.wanted.pop("lemma11.record.strong.q")
    assert list(running.used()) == ["lemma11.record.strong.q"]
    running.wanted["lemma11.record.strong.q"] = known["lemma11.record.strong.q"]
    running.found["lemma11.record.strong.q"] = discharge(known["lemma11.record.strong.q"])
    assert list(running.used()) == ["lemma11.active.strong.q"]
