"""Results as JSON and back, and files that are written whole or not at all."""

import dataclasses
from typing import Any

from constructions.errors import ConstructionError
from verify.discharge.result import Result
from verify.obligations.verdict import Fault, Verdict

VERDICTS = ("verdict", "expect", "twin", "alone", "wanted")
TUPLES = ("needs", "failing", "lowered")
TEXTS = ("id", "paper", "statement", "prover", "twin_reason", "unkept")
FIELDS = tuple(field.name for field in dataclasses.fields(Result))
ERROR = "ERROR"


def to_json(result: Result) -> dict[str, Any]:
    """Everything of a result as JSON values; verdicts by name, ``ERROR`` if there is none."""
    found: dict[str, Any] = {name: getattr(result, name) for name in FIELDS}
    for name in VERDICTS:
        found[name] = None if found[name] is None else found[name].name
    found |= {name: list(found[name]) for name in TUPLES}
    found["facts"] = [list(fact) for fact in result.facts]
    found["read"] = [list(pair) for pair in result.read]
    if result.error is not None:
        found |= {"verdict": ERROR, "error": {"kind": result.error.kind, "said": result.error.said}}
    return found


def from_json(found: dict[str, Any]) -> Result:
    """The result that :func:`to_json` wrote; ConstructionError for anything else."""
    if not isinstance(found, dict) or set(found) != set(FIELDS):
        raise ConstructionError(
            f"need the fields of a result, got {sorted(found) if isinstance(found, dict) else type(found).__name__}"
        )
    values = dict(found)
    try:
        if values["error"] is not None:
            values |= {"error": Fault(**values["error"]), "verdict": {ERROR: Verdict.UNKNOWN.name}[values["verdict"]]}
        for name in VERDICTS:
            values[name] = None if values[name] is None else Verdict[values[name]]
        values |= {name: tuple(values[name]) for name in TUPLES}
        values["facts"] = tuple(_fact(*fact) for fact in values["facts"])
        values["read"] = tuple((str(path), str(digest)) for path, digest in values["read"])
    except (KeyError, TypeError, ValueError) as error:
        raise ConstructionError(f"need a result, got {type(error).__name__}: {error}") from error
    _check(values)
    return Result(**values)


def _fact(label: str, verdict: str, rlimit: int, reason: str) -> tuple[str, str, int, str]:
    return str(label), Verdict[verdict].name, int(rlimit), str(reason)


def _check(values: dict[str, Any]) -> None:
    wrong = [name for name in TEXTS if not isinstance(values[name], str)]
    wrong += [name for name in ("verdict", "expect") if not isinstance(values[name], Verdict)]
    wrong += [name for name in ("counterexample", "twin_counterexample") if not isinstance(values[name], dict | None)]
    wrong += [] if isinstance(values["witness"], dict) else ["witness"]
    wrong += [] if isinstance(values["seconds"], int | float) else ["seconds"]
    if wrong:
        raise ConstructionError(f"need a result, got a wrong type, at {wrong[0]}")
