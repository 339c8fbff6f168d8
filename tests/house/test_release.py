"""What a release says of itself: how it is cited, and the licences of all that it brings along."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
FIELD = re.compile(r"^([a-z-]+): *(.*)$", flags=re.M)


def test_the_citation_has_what_the_format_needs_and_the_license_of_the_project() -> None:
    fields = dict(FIELD.findall(CITATION))
    assert fields.keys() >= {"cff-version", "message", "title", "authors", "type", "references"}
    assert (fields["cff-version"], fields["type"], fields["license"]) == ("1.2.0", "software", PROJECT["license"])
    paper = "On the Power of Differentiable Learning versus PAC and SQ Learning"
    assert paper in CITATION and all(name in CITATION for name in ("Abbe", "Kamath", "Malach", "Sandon", "Srebro"))


def test_the_release_is_the_same_wherever_it_is_named() -> None:
    fields = dict(FIELD.findall(CITATION))
    assert fields["version"] == PROJECT["version"]
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    assert heads[:2] == ["Unreleased", f"{PROJECT['version']} ({fields['date-released']})"]


def test_every_package_that_users_get_has_its_licence_in_the_note() -> None:
    note = (ROOT / "proofs_notes" / "release.md").read_text(encoding="utf-8")
    listed = {row[0]: row[1] for row in re.findall(r"^\| ([\w.-]+)(?: \(.*\))? \| (.+) \|$", note, flags=re.M)}
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *(line for name, lines in extras.items() if name != "dev" for line in lines)]
    names = {re.match(r"[\w.-]+", line)[0] for line in asked}  # type: ignore[index]
    assert listed.keys() - {"package"} == names and all(listed.values())
