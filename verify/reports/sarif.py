"""The report of a run as SARIF 2.1.0 and as annotations, for services that show findings beside the lines of a file.

SARIF: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Annotations: the workflow commands of GitHub
Actions, https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

import urllib.parse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from constructions.foundations.spelling import printable
from verify.reports.troubles import KINDS, Trouble
from verify.screen.files import write_json_text
from verify.screen.version import project_version

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
WARNINGS = ("unknown", "less")
"""Kinds of which nothing is known to be wrong; all others are errors."""
FINGERPRINT = "querygrad/v1"


def sarif_of(troubles: Iterable[Trouble]) -> dict[str, Any]:
    """The SARIF log of a run: a rule for each kind of trouble, and a result for each trouble.

    Raises
    ------
    KeyError for a kind that is none.

    >>> log = sarif_of([Trouble("mine.low", "refuted", ("It fails at x=1/2.",), "mine.py", 7)])
    >>> [found] = log["runs"][0]["results"]
    >>> found["ruleId"], found["locations"][0]["physicalLocation"]["region"]["startLine"], found["level"]
    ('refuted', 7, 'error')
    """
    places = list(KINDS)
    rules = [{"id": kind, "shortDescription": {"text": KINDS[kind]}} for kind in places]
    driver = {"name": "querygrad", "version": project_version(), "rules": rules}
    results = [_result(each, places.index(each.kind)) for each in troubles]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(trouble: Trouble, rule: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": trouble.kind,
        "ruleIndex": rule,
        "level": level_of(trouble),
        "message": {"text": "\n".join(map(printable, trouble.said))},
        "partialFingerprints": {FINGERPRINT: trouble.fingerprint},
        "properties": {"obligation": printable(trouble.id)},
    }
    if trouble.path:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(trouble.path)}}
        if trouble.line:
            physical["region"] = {"startLine": trouble.line}
        logical = {"fullyQualifiedName": printable(trouble.id), "kind": "function"}
        found["locations"] = [{"physicalLocation": physical, "logicalLocations": [logical]}]
    return found


def level_of(trouble: Trouble) -> str:
    """``error`` or ``warning``.

    >>> [level_of(Trouble("mine.low", kind, (), "", 0)) for kind in ("refuted", "unknown")]
    ['error', 'warning']
    """
    return "warning" if trouble.kind in WARNINGS else "error"


def _uri(path: str) -> str:
    return Path(path).as_uri() if Path(path).is_absolute() else quoted(path)


def quoted(path: str) -> str:
    """A relative path as part of a URI.

    >>> quoted("my folder/ü.py")
    'my%20folder/%C3%BC.py'
    """
    return urllib.parse.quote(path.encode("utf-8", "surrogateescape"))


def write_sarif(path: Path, troubles: Sequence[Trouble]) -> None:
    """Write the log to the file at a path; with no ``troubles`` it says that there are none. Raises ConstructionError
    if it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_sarif(Path(folder, "found.sarif"), [])
    ...     '"results": []' in Path(folder, "found.sarif").read_text()
    True
    """
    write_json_text(path, sarif_of(troubles), indent=2)


def annotations(troubles: Iterable[Trouble]) -> list[str]:
    """A workflow command for each of some troubles: it makes a line of the file carry the message.

    >>> annotations([Trouble("mine.low", "refuted", ("It fails at", " x=50%."), "mine.py", 7)])
    ['::error file=mine.py,line=7,title=mine.low: refuted::It fails at%0A x=50%25.']
    """
    found = []
    for each in troubles:
        place = [f"file={_escaped(each.path, more=True)}"] if each.path else []
        place += [f"line={each.line}"] if each.line else []
        title = f"title={_escaped(each.id, more=True)}: {each.kind}"
        message = _escaped("\n".join(each.said))
        found.append(f"::{level_of(each)} {','.join([*place, title])}::{message}")
    return found


def _escaped(text: str, *, more: bool = False) -> str:
    """A text in which no character has a meaning for the service; ``more`` of them have one in a property."""
    safe = "\n".join(map(printable, text.split("\n")))
    by = {"%": "%25", "\r": "%0D", "\n": "%0A", **({":": "%3A", ",": "%2C"} if more else {})}
    return "".join(by.get(character, character) for character in safe)
