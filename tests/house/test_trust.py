"""TRUST.md has one row for each sentence of README and notes that says what is true of verdicts and guarantees.

Which sentences these are is found by the words in them, and by the mark **Claim.** at the head of each note; tables,
code and pages that are written by a program are left out. A sentence without a row fails here with a row to fill in; so
does a row without a sentence, and one whose pointers lead nowhere.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import pytest

from tests.house.rules import ROOT, every, text_of
from verify.obligations.catalogue import paper_obligations
from verify.obligations.principles import PRINCIPLES
from verify.obligations.verdict import Verdict

WORDS = re.compile(
    r"\b(PROVED|CHECKED|REFUTED|VACUOUS|UNKNOWN|proves|proved|certified|re-established|guarantees?|believed|trusted|"
    r"refuted|sound)\b"
)
CLAIM = "**Claim.**"
GENERATED = ("map.md", "mutation.md", "reference/cli.md", "reference/api.md", "computation/learner_sizes.md")
NOTES = sorted(page.relative_to(ROOT / "proofs_notes").as_posix() for page in (ROOT / "proofs_notes").rglob("*.md"))
PAGES = ["README.md", *(f"proofs_notes/{page}" for page in NOTES if page not in GENERATED)]
KINDS = ("proved", "by construction", "principle", "checked", "measured", "trusted", "definition")
LEAST = 7


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs and entries of lists of a page, without headings, tables, pictures and code."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    text = re.sub(r"^(?: {4}|\|).*$", "", text, flags=re.M)
    text = re.sub(r"^(?=[*-] |\d+\. )", "\n", text, flags=re.M)
    for block in re.split(r"\n\s*\n", text):
        line = " ".join(block.split())
        if line and not line.startswith(("#", "!", "<")):
            yield re.sub(r"^(?:[*-] |\d+\. )", "", line)


def table_rows(text: str) -> Iterator[str]:
    """The rows of the table of what is proved."""
    for line in text.partition("## What is proved today\n")[2].partition("\n## ")[0].splitlines():
        if line.startswith("| "):
            yield ": ".join(cell.strip() for cell in line.strip("|").split(" | "))


def sentences(text: str) -> list[str]:
    """The sentences of a page that need a row, each once, without the addresses of links."""
    found = [each for each in table_rows(text) if WORDS.search(each)]
    for line in paragraphs(text):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z`*\[(\"])", line):
            _, mark, said = sentence.partition(CLAIM)
            if mark or WORDS.search(sentence):
                found.append(said.strip() if mark else sentence)
    return list(dict.fromkeys(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", each) for each in found))


@cache
def rows() -> dict[str, list[tuple[str, str, str]]]:
    """The rows by page: how a sentence begins, the kind, and where."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    page = ""
    for line in text_of(ROOT / "TRUST.md").splitlines():
        if line.startswith("## "):
            page = line.removeprefix("## ")
            found[page] = []
        elif line.startswith("| ") and page and line != "| Sentence | Kind | Where |":
            beginning, kind, where = line.removeprefix("| ").removesuffix(" |").split(" | ")
            found[page].append((beginning, kind, where))
    return found


def beginning(sentence: str, others: list[str]) -> str:
    """So much of a sentence that no other one of the page begins so."""
    words = sentence.split(" ")
    for length in range(LEAST, len(words)):
        start = " ".join(words[:length])
        if sum(other.startswith(start) for other in others) == 1:
            return start
    return sentence


def unmatched(sentences_: list[str], beginnings: list[str]) -> tuple[list[str], list[str]]:
    """The sentences that do not have exactly one row, as rows to fill in, and the rows without exactly one sentence."""
    without = [each for each in sentences_ if sum(each.startswith(start) for start in beginnings) != 1]
    odd = [start for start in beginnings if sum(each.startswith(start) for each in sentences_) != 1]
    return [f"| {beginning(each, sentences_)} | {' or '.join(KINDS)} | where |" for each in without], odd


@every(PAGES)
def test_each_sentence_has_a_row_and_each_row_a_sentence(page: str) -> None:
    found = sentences(text_of(ROOT / page))
    assert unmatched(found, [start for start, _, _ in rows().get(page, [])]) == ([], [])


def test_no_row_is_of_another_page() -> None:
    assert set(rows()) <= set(PAGES)


@every([f"{page}: {start}" for page, of in rows().items() for start, _, _ in of])
def test_a_row_leads_somewhere(row: str) -> None:
    page, _, start = row.partition(": ")
    kind, where = next((kind, where) for other, kind, where in rows()[page] if other == start)
    assert kind in KINDS
    quoted = re.findall(r"`([^`]+)`", where)
    assert not [each for each in quoted if not leads_somewhere(each)]
    assert fits(kind, quoted) and where.strip(), f"a row that is {kind} needs other pointers than {quoted}"


@cache
def obligations_of(pattern: str) -> list[str]:
    """The ids that a pattern means."""
    return [id for id in paper_obligations() if fnmatchcase(id, pattern)]


def leads_somewhere(quoted: str) -> bool:
    """Whether something in marks of code is there: a file, a folder, obligations, a principle, or a part of an id."""
    known = (ROOT / quoted).exists() or bool(obligations_of(quoted)) or quoted in PRINCIPLES
    return known or any(id.endswith(quoted) for id in paper_obligations())


def fits(kind: str, quoted: list[str]) -> bool:
    """Whether the pointers of a row are such as its kind needs."""
    ids = [id for each in quoted for id in obligations_of(each)]
    if kind == "proved":
        checker = any(each.startswith(("verify/recheck/", "proofs_notes/")) for each in quoted)
        general = any(paper_obligations()[id].expect is not Verdict.CHECKED for id in ids)
        return general or checker
    if kind == "checked":
        return bool(ids) or any(each.startswith(("tests/", "verify/attacks/")) for each in quoted)
    if kind == "principle":
        return bool(quoted) and set(quoted) <= set(PRINCIPLES)
    return kind not in ("measured", "by construction") or any("/" in each for each in quoted)


PAGE = """# A page

**Item.** One. **Claim.** It holds.

    this is code that is PROVED

Nothing is said here. This is PROVED of all numbers. So is that.

| a table | PROVED |

* an entry that is believed
"""


def test_sentences_are_found_by_their_words_and_marks() -> None:
    assert sentences(PAGE) == ["It holds.", "This is PROVED of all numbers.", "an entry that is believed"]


@pytest.mark.parametrize(
    ("starts", "without", "odd"),
    [
        (["It", "This is", "an entry"], [], []),
        (["It", "an entry"], ["| This is PROVED of all numbers. |"], []),
        (["It", "This is", "an entry", "Gone"], [], ["Gone"]),
        (["It", "It holds", "This", "an"], ["| It holds. |"], []),
    ],
)
def test_what_has_no_partner_would_be_found(starts: list[str], without: list[str], odd: list[str]) -> None:
    found, left = unmatched(sentences(PAGE), starts)
    assert [each[: len(start)] for each, start in zip(found, without, strict=True)] == without and left == odd


@pytest.mark.parametrize(
    ("kind", "quoted", "right"),
    [
        ("proved", ["equation3.valid"], True),
        ("proved", ["bits.cells"], False),
        ("proved", [], False),
        ("checked", ["tests/house"], True),
        ("checked", ["verify/store"], False),
        ("principle", ["markov"], True),
        ("principle", ["equation3.valid"], False),
        ("measured", ["benchmarks/attacks.py"], True),
        ("by construction", [], False),
        ("trusted", [], True),
    ],
)
def test_a_kind_needs_its_pointers(kind: str, quoted: list[str], right: bool) -> None:
    assert fits(kind, quoted) is right
    assert not leads_somewhere("verify/nothing.py") and not leads_somewhere("no.such.id")
