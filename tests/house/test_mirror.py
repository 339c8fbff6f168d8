"""Claims, tests and notes sit where the constructions sit, and the notes name every obligation."""

import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from tests.house.rules import ROOT, every, text_of
from verify.obligations.catalogue import paper_obligations

NOTES = ROOT / "proofs_notes"
OF_VERIFY = ("certifier",)  # chapters of claims about what stands in verify/


@cache
def modules(folder: str) -> list[str]:
    """The modules in the chapters of a folder, as ``chapter/module``."""
    found = sorted((ROOT / folder).glob("*/**/*.py"))
    return [path.relative_to(ROOT / folder).with_suffix("").as_posix() for path in found if path.stem != "__init__"]


def built(claims: str) -> str:
    """What a module of claims is about: the module of that name, or that of its folder (claims about one
    construction in several files)."""
    return claims if claims in about(claims) else claims.rpartition("/")[0]


def about(claims: str) -> list[str]:
    """The modules about which there may be claims in a chapter."""
    return modules("verify" if claims.split("/")[0] in OF_VERIFY else "constructions")


@cache
def note_of(module: str) -> str:
    """The note of a construction: a file of its own, or the sections in the chapter's whose heading has its name."""
    chapter, name = module.split("/")[0], module.split("/")[-1]
    own, shared = NOTES / f"{module}.md", NOTES / (f"{chapter}_lemmas.md" if chapter in OF_VERIFY else f"{chapter}.md")
    if own.exists():
        return own.read_text(encoding="utf-8")
    text = shared.read_text(encoding="utf-8") if shared.exists() else ""
    return "".join(part for part in re.split(r"^(?=##? )", text, flags=re.M) if re.match(rf"##? .*\b{name}\b", part))


@cache
def named() -> frozenset[str]:
    """The ids and patterns in the notes; after `lemma3b.vc.minimal` a short `.strong` stands for
    `lemma3b.vc.strong`."""
    found: set[str] = set()
    for path in NOTES.rglob("*.md"):
        meant: set[str] = set()
        for quoted in re.findall(r"`(\.?[\w'*-]+(?:\.[\w'*-]+)*)`", path.read_text(encoding="utf-8")):
            if quoted.startswith("."):
                meant |= {full[:end] + quoted for full in meant for end in _ends(full)}
            elif "." in quoted:
                meant = {quoted}
            found |= meant
    return frozenset(found)


def _ends(id: str) -> list[int]:
    return [match.start() for match in re.finditer(r"\.|$", id)]


def is_named(id: str) -> bool:
    """Whether the notes name an obligation, itself or by a pattern such as `lemma11.idle.*` (not `lemma11.*`)."""
    return any(fnmatchcase(id, pattern) for pattern in named() if not pattern.split(".")[1].startswith("*"))


@every(modules("verify/claims"))
def test_claims_sit_where_their_construction_sits(claims: str) -> None:
    assert built(claims) in about(claims)


def test_claims_about_one_construction_stand_in_one_file_or_in_one_folder() -> None:
    folders = {built(claims) for claims in modules("verify/claims") if built(claims) != claims}
    assert "networks/queries" in folders
    assert not folders & set(modules("verify/claims"))


def test_claims_beside_no_construction_would_be_found() -> None:
    assert built("networks/gates") == built("networks/gates/no-such-part") == "networks/gates"
    assert built("networks/no-such-construction") not in about("networks/no-such-construction")
    assert built("networks/no-such-folder/circuits") not in about("networks/no-such-folder/circuits")


@cache
def with_claims() -> frozenset[str]:
    """The modules in which the claims of the obligations stand."""
    return frozenset(obligation.claim.__module__ for obligation in paper_obligations().values())


@every(modules("verify/claims"))
def test_a_module_of_claims_registers_some(claims: str) -> None:
    assert "verify.claims." + claims.replace("/", ".") in with_claims()


@every(modules("verify/claims"))
def test_a_module_of_claims_has_a_note(claims: str) -> None:
    assert note_of(built(claims)).strip()


@every(modules("constructions"))
def test_a_construction_has_a_note(module: str) -> None:
    assert note_of(module).strip()


@every(modules("constructions"))
def test_a_construction_is_imported_by_a_test_of_its_chapter(module: str) -> None:
    name = re.escape("constructions." + module.replace("/", "."))
    tests = (ROOT / "tests" / module.split("/")[0]).rglob("test_*.py")
    assert any(re.search(rf"^(from|import) {name}\b", text_of(path), flags=re.M) for path in tests)


@every(paper_obligations())
def test_the_notes_name_the_obligation(id: str) -> None:
    assert is_named(id)


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(NOTES.rglob("*.md")), ids=lambda page: page.stem)
def test_what_a_page_names_as_an_obligation_is_one(page: Path) -> None:
    ids = paper_obligations()
    items = {id.split(".")[0] for id in ids}
    quoted = re.findall(r"`([\w'*-]+(?:\.[\w'*-]+)+)`", page.read_text(encoding="utf-8"))
    claimed = [name for name in quoted if name.split(".")[0] in items and not name.endswith((".md", ".py"))]
    assert not [name for name in claimed if not any(fnmatchcase(id, name) or id.startswith(name + ".") for id in ids)]


def test_an_obligation_that_no_note_names_would_be_found() -> None:
    assert not is_named("lemma11.no-such-claim")
    assert not is_named("sigma")


@pytest.mark.parametrize("erratum", sorted({o.erratum for o in paper_obligations().values() if o.erratum}))
def test_the_erratum_of_an_obligation_is_a_line_of_the_errata(erratum: str) -> None:
    assert re.search(rf"^\| {erratum} \|", (NOTES / "errata.md").read_text(encoding="utf-8"), flags=re.M)
