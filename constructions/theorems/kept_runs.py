"""What ``querygrad theorem`` keeps in a file: its parameters and the exact sums of the runs so far, from which it
can go on."""

from fractions import Fraction
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.files import reading
from constructions.foundations.spelling import from_json_text
from constructions.theorems.measure import IN_ARRAYS, ONE_BY_ONE, Tally

KIND = "querygrad theorem"
MOST_CHARACTERS = 100_000
Parameters = dict[str, str | int | bool | None]


def read_state(path: Path) -> tuple[Parameters, Tally]:
    """The parameters and sums of a file.

    Raises
    ------
    ConstructionError
        For a file that ``querygrad theorem`` did not write.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.foundations.spelling import json_text
    >>> state = {"runs": 4, "sums": {"late": ["1", "1"]}}
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "runs.json"
    ...     written = path.write_text(json_text({"kind": KIND, "parameters": {"bits": 8}, "state": state}))
    ...     read_state(path)
    ({'bits': 8}, Tally(runs=4, sums={'late': (Fraction(1, 1), Fraction(1, 1))}, form='one by one'))
    """
    with reading(path, "querygrad theorem"):
        found = from_json_text(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or found.get("kind") != KIND:
            raise ConstructionError(f"need a file that querygrad theorem has written, got another, at {path}")
        state = found["state"]
        sums = {str(name): (Fraction(total), Fraction(squares)) for name, (total, squares) in state["sums"].items()}
        parameters = {str(name): value for name, value in found["parameters"].items()}
        form = state.get("form", ONE_BY_ONE)
        tally = Tally(whole(state["runs"], where=f"runs of {path}"), sums, form)
    if form not in (ONE_BY_ONE, IN_ARRAYS):
        raise ConstructionError(
            f"need runs taken in the form {ONE_BY_ONE!r} or {IN_ARRAYS!r}, got {_shown(form)}, at {path}"
        )
    long = [name for name, value in parameters.items() if len(str(value)) > MOST_CHARACTERS]
    if long:
        raise ConstructionError(
            f"need parameters of at most {MOST_CHARACTERS} characters, got more, at {_shown(long[0])} of {path}"
        )
    for name, (total, squares) in sums.items():
        if total**2 > tally.runs * squares:
            raise ConstructionError(
                f"need sums of {tally.runs} runs, got {total} and {squares} for squares, at {name} of {path}"
            )
    return parameters, tally


def differences(kept: Parameters, wanted: Parameters) -> list[str]:
    """In which parameters two runs differ, in words.

    >>> differences({"bits": 8, "seed": 0}, {"bits": 9, "seed": 0})
    ['bits is 8, not 9']
    """
    names = dict.fromkeys((*kept, *wanted))
    pairs = [(name, kept.get(name), wanted.get(name)) for name in names]
    return [f"{_shown(name)} is {_shown(one)}, not {_shown(other)}" for name, one, other in pairs if one != other]


def _shown(value: object) -> str:
    """A parameter in a line of text."""
    text = str(value) if len(str(value)) <= 200 else f"{str(value)[:200]}..."
    return text if text.isprintable() else ascii(text)
