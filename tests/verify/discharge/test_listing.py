"""The kept list of obligations: with it a run whose results are all kept imports no claim, and says the same."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from constructions.errors import ConstructionError
from tests.verify.jobs_here import start_no_workers
from verify.commands.main import main
from verify.commands.proving import Proving, all_kept
from verify.discharge.cache import Cache
from verify.discharge.listing import keep_list, kept_list
from verify.obligations.catalogue import paper_obligations
from verify.provers.second import SecondSolver

ROOT = Path(__file__).parents[3]
HOW = Proving(seconds=60)


@pytest.fixture(scope="module")
def full_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the results of one run, of an item of the paper and of a claim that needs another one."""
    place = tmp_path_factory.mktemp("listing") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUERYGRAD_CACHE", str(place))
        start_no_workers(patch)
        assert main(["prove", "sigma.figure", "bits.add.cell", "--jobs", "1"]) == 0
    return place


@pytest.fixture
def proved(full_cache: Path, own_cache: Path) -> str:
    """An item of the paper whose obligations were discharged; each test has a copy of the results."""
    shutil.copytree(full_cache, own_cache)
    return "sigma.figure"


def test_the_list_says_what_the_obligations_say(proved: str) -> None:
    kept = kept_list(Cache.open())
    assert kept is not None and list(kept) == list(paper_obligations())
    for id, obligation in paper_obligations().items():
        names = ("id", "paper", "budget", "needs", "expect")
        assert [getattr(kept[id], name) for name in names] == [getattr(obligation, name) for name in names]


def test_kept_results_are_found_without_claims_and_print_the_same(proved: str) -> None:
    program = (
        "import sys; from verify.commands.main import main; main(sys.argv[1:]); "
        "print(*(name for name in sys.modules if name.startswith('verify.claims')))"
    )
    command = [sys.executable, "-c", program, "prove", proved, "bits.add.cell"]
    *said, claims = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines()
    assert claims == ""
    rows = [line.split()[:2] for line in said[1:4]]
    assert rows == [["sigma.figure", "PROVED"], ["bits.add.cell", "CHECKED"], ["bits.cells", "CHECKED"]] or rows == [
        ["bits.add.cell", "CHECKED"],
        ["bits.cells", "CHECKED"],
        ["sigma.figure", "PROVED"],
    ]
    summary = "3 obligations: 1 PROVED, 2 CHECKED; all as expected; 3 kept from earlier runs"
    assert any(line.startswith(summary) for line in said)


def test_one_result_that_is_not_kept_is_enough_to_load_the_claims(proved: str) -> None:
    cache = Cache.open()
    assert all_kept([proved], cache, HOW) is not None
    assert all_kept([proved, "sigma.slope"], cache, HOW) is None
    assert all_kept([proved], cache, Proving(seconds=59)) is None
    other = SecondSolver(name="other", version="1", command=("other",), serves=False, seconds=1)
    assert all_kept([proved], cache, Proving(seconds=60, second=other)) is None


def test_another_state_of_the_sources_has_another_list(proved: str) -> None:
    cache = Cache.open()
    assert kept_list(cache) and kept_list(Cache(cache.place, "other sources")) is None
    assert kept_list(Cache(None, cache.sources)) is None


def test_a_list_that_cannot_be_read_is_none(proved: str) -> None:
    cache = Cache.open()
    assert cache.place is not None
    path = cache.place / f"{cache.list_key}.json"
    for text in ("", "[]", '{"entries": [{"id": 1}]}', '{"entries": [], "more": 1}'):
        path.write_text(text)
        assert kept_list(cache) is None and all_kept([proved], cache, HOW) is None
    path.unlink()
    keep_list(cache, paper_obligations())
    kept = kept_list(cache)
    assert kept is not None and replace(kept[proved], budget=1).budget == 1


def test_a_name_that_is_none_is_refused_from_the_list_too(proved: str) -> None:
    with pytest.raises(ConstructionError, match=r"got 'sigma\.figur' \(close: sigma\.figure"):
        all_kept(["sigma.figur"], Cache.open(), HOW)


@pytest.mark.usefixtures("no_workers")
def test_what_claims_use_is_known_from_the_kept_results_and_stands_before_them(
    own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for _ in range(2):
        assert main(["prove", "markov.rounds", "--jobs", "1"]) == 0
        said.append([line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:3]])
    assert said[0] == said[1] == [["markov.finite", "PROVED"], ["markov.rounds", "PROVED"]]
    cache = Cache.open()
    found = all_kept(["markov.rounds"], cache, HOW)
    assert found is not None and [result.id for result in found] == ["markov.finite", "markov.rounds"]
    assert cache.place is not None
    (cache.place / f"{cache.key(paper_obligations()['markov.finite'], 60)}.json").unlink()
    assert all_kept(["markov.rounds"], cache, HOW) is None
