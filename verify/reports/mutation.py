"""What became of mutants: for the screen, as JSON, and as a page of scores that is kept beside the map."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from rich.console import Console

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT, sha256_of
from verify.discharge.result_json import to_json
from verify.mutation.campaign import Campaign
from verify.mutation.outcome import SURVIVED, Outcome
from verify.screen.files import write_json_text, write_text
from verify.screen.printing import plain_table

PAGE = ROOT / "proofs_notes" / "mutation.md"
"""The page of the paper's items; it is no part of an installed package."""
HEAD = """# What notices a change

Written by `querygrad mutate ... --page proofs_notes/mutation.md`, one row for each item or file. A *mutant* is the
construction with one small change: `<` for `<=`, 3 for 2, a term left out. *By claims* is the share of the mutants that
the claims alone notice, *by both* the share that claims, tests or the end of the time notice. What neither notices
*survives*. A row holds for the file with the digest that stands in it, and for the mutants that its command drew.

| item or file | construction | digest | mutants | tried | by claims | by both | survivors | command |
|---|---|---|---:|---:|---:|---:|---:|---|
"""


VERSION: Literal[1] = 1
"""The version of the form of the JSON."""


class CampaignRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mutants of one item or file.

    Parameters
    ----------
    name : of the item or file. file, digest : the file that was changed, and its SHA-256. obligations, tests : what is
        asked. mutants : how many there are, of which ``outcomes`` has those that were tried.
    by_claims, by_both : the shares that the claims alone notice, and that claims or tests do ("-" of none).
    """

    name: str
    file: str
    digest: str
    obligations: tuple[str, ...]
    tests: tuple[str, ...]
    mutants: int
    by_claims: str
    by_both: str
    outcomes: tuple[Outcome, ...]


class MutationReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad mutate --json`` writes: the ``version`` of this form, and the ``campaigns``, in their order."""

    version: Literal[1]
    campaigns: tuple[CampaignRow, ...]


def print_campaigns(screen: Console, campaigns: Sequence[Campaign]) -> None:
    """Print the survivors of ``campaigns``, and their scores, on a ``screen``.

    >>> from tempfile import TemporaryDirectory
    >>> from verify.mutation.outcome import CLAIMS, Outcome
    >>> from verify.mutation.target import Target
    >>> from verify.screen.printing import console
    >>> target = Target(name="half.py", root=Path(), file="half.py", ids=("half.right",), tests=(), parts=())
    >>> change = {"file": "half.py", "line": 2, "column": 11, "operator": "arithmetic", "before": "x / 2"}
    >>> found = (
    ...     Outcome(**change, after="x * 2", fate=CLAIMS, by="half.right", claims=1),
    ...     Outcome(**change, after="2 / x", fate=SURVIVED, claims=1))
    >>> campaign = Campaign(target, found, all=2, digest="1a2b")
    >>> print_campaigns(console(), [campaign])  # doctest: +NORMALIZE_WHITESPACE
    survived: half.py:2:11 arithmetic: x / 2 -> 2 / x (1 claims and 0 files of tests were asked)
    item or file  mutants  tried  no mutants  by claims  by tests  timed out  survived  score
    half.py             2      2           0          1         0          0         1  50 % by claims, 50 % by both
    >>> with TemporaryDirectory() as folder:
    ...     put_into_page(Path(folder, "page.md"), [campaign])
    ...     write_json(Path(folder, "found.json"), [campaign])
    ...     page, written = Path(folder, "page.md").read_text(), Path(folder, "found.json").read_text()
    >>> page.splitlines()[-1], '"mutants": 2' in written
    ('| half.py | `half.py` | 1a2b | 2 | 2 | 50 % | 50 % | 1 | `querygrad mutate half.py` |', True)
    """
    for line in (line for each in campaigns for line in survivors(each)):
        screen.print(line)
    names = (
        "item or file",
        "mutants",
        "tried",
        "no mutants",
        "by claims",
        "by tests",
        "timed out",
        "survived",
        "score",
    )
    table = plain_table(*names, right=names[1:8])
    for each in campaigns:
        score = each.score
        counts = (each.all, score.tried, each.dropped, score.claims, score.tests, score.time, score.survived)
        table.add_row(each.target.name, *map(str, counts), f"{score.by_claims} by claims, {score.by_both} by both")
    screen.print(table)


def survivors(campaign: Campaign) -> list[str]:
    """A line for each mutant of a campaign that nothing noticed.

    >>> from verify.mutation.target import Target
    >>> survivors(Campaign(Target(name="x.py", root=Path(), file="x.py", ids=(), tests=(), parts=()), (), 0, "1a2b"))
    []
    """
    return [
        f"survived: {each.name} ({each.claims} claims and {each.tests} files of tests were asked)"
        for each in campaign.outcomes
        if each.fate == SURVIVED
    ]


def write_json(path: Path, campaigns: Sequence[Campaign]) -> None:
    """Write everything that was found of ``campaigns`` to the file at a ``path``, through a temporary one.

    Raises
    ------
    ConstructionError
        If it cannot be written.
    """
    report = MutationReport(version=VERSION, campaigns=tuple(map(campaign_row, campaigns)))
    write_json_text(path, to_json(report), indent=1)


def campaign_row(campaign: Campaign) -> CampaignRow:
    """What is written of one campaign.

    >>> from verify.mutation.target import Target
    >>> target = Target(name="x.py", root=Path(), file="x.py", ids=(), tests=(), parts=())
    >>> campaign_row(Campaign(target, (), 0, "1a2b")).by_claims
    '-'
    """
    target, score = campaign.target, campaign.score
    return CampaignRow(
        name=target.name,
        file=str(target.file),
        digest=campaign.digest,
        obligations=tuple(target.ids),
        tests=tuple(map(str, target.tests)),
        mutants=campaign.all,
        by_claims=score.by_claims,
        by_both=score.by_both,
        outcomes=campaign.outcomes,
    )


def row_of(campaign: Campaign, command: str) -> str:
    """The row of the page for one campaign, with the ``command`` that gave it."""
    score, target = campaign.score, campaign.target
    shares = f"{score.by_claims} | {score.by_both} | {score.survived}"
    counts = f"{campaign.all} | {score.tried} | {shares}"
    return f"| {target.name} | `{target.file}` | {campaign.digest[:12]} | {counts} | `{command}` |"


def put_into_page(path: Path, campaigns: Sequence[Campaign], *, options: str = "") -> None:
    """Put the rows of ``campaigns`` into a page, in the place of their earlier ones; all other rows stay.

    Parameters
    ----------
    path : the page, which is made if it is not there. options : those of the command.

    Raises
    ------
    ConstructionError
        If it cannot be read or written.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConstructionError(f"need a page that can be read, got {error}, at {path}") from error
    rows = rows_of(before)
    for each in campaigns:
        name = each.target.name
        said = f'"{name}"' if " " in name else name
        rows[name] = row_of(each, " ".join(filter(None, ("querygrad mutate", said, options))))
    write_text(path, HEAD + "".join(f"{rows[name]}\n" for name in sorted(rows)))


@dataclass(frozen=True, slots=True)
class KeptScore:
    """A row of the page.

    Parameters
    ----------
    file, digest : the file that was changed, and its digest then. tried : how many mutants.
    by_claims, by_both : the shares that the claims alone notice, and that claims or tests do.

    >>> KeptScore(file="gone.py", digest="1a2b", tried="8", by_claims="75 %", by_both="100 %").said
    '75 %, 100 % of 8 (of an earlier file)'
    """

    file: str
    digest: str
    tried: str
    by_claims: str
    by_both: str

    @property
    def said(self) -> str:
        """The shares in words; where the file has changed since, that too."""
        now = ROOT / self.file
        same = now.is_file() and sha256_of(now.read_bytes()).startswith(self.digest)
        return f"{self.by_claims}, {self.by_both} of {self.tried}{'' if same else ' (of an earlier file)'}"


def kept_scores(page: Path = PAGE) -> dict[str, KeptScore]:
    """The scores that are kept on a page, by item or file; none if it is not there.

    >>> kept_scores(Path("no such page"))
    {}
    """
    if not page.is_file():
        return {}
    found = {}
    for name, row in rows_of(page.read_text(encoding="utf-8")).items():
        _, _, file, digest, _, tried, claims, both, *_ = (cell.strip() for cell in row.split("|"))
        found[name] = KeptScore(file.strip("`"), digest, tried, claims, both)
    return found


def rows_of(page: str) -> dict[str, str]:
    """The rows of a page, by the name of the item or file.

    >>> list(rows_of(HEAD + "| Lemma 10 | `a.py` | 0 | 1 | 1 | 0 % | 0 % | 1 | `c` |\\n"))
    ['Lemma 10']
    """
    found = re.findall(r"^\| (?!item or file)([^|`-][^|]*?) \|.*$", page, flags=re.M)
    lines = [line for line in page.splitlines() if re.match(r"\| (?!item or file)[^|`-]", line)]
    return dict(zip(found, lines, strict=True))
