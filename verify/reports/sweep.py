"""The rows of ``querygrad sweep``: as JSON, as the lines of a table, and in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.files import reading
from constructions.foundations.spelling import from_json_text
from constructions.theorems.phase import STATES, SweepPoint, SweepRow, SweepSetting
from verify.discharge.result_json import to_json

KIND: Literal["querygrad sweep"] = "querygrad sweep"
FORMAT: Literal[1] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSweep:
    """What a file of ``sweep`` holds: what is the same at all points, and the rows so far, by their points.

    >>> KeptSweep(setting=SweepSetting(n=3), rows={}).rows
    {}
    """

    setting: SweepSetting
    rows: dict[SweepPoint, SweepRow]


class SettingRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is the same at all points.

    Parameters
    ----------
    bits : of a point of the data. runs, seed : of each point of the plane. delta : what may be given up in error.
    most : so many samples are drawn at most in a run.
    """

    bits: int
    runs: int
    seed: int
    delta: Fraction
    most: int


class PointRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One point of the plane, for one learner.

    Parameters
    ----------
    learner, batch, rho : the point. state : what is known of it. way, claims : by what, and which claims say so.
    steps, parameters : of gradient descent; null if there is no such run. runs : how many were made.
    error : the mean loss; null without runs. interval : around its expectation. held : in how many of the runs the
        draws were those of gradient descent, or ended both worlds with the same weights; null for other learners.
    misread : the most points of a batch that were read as others; null for other learners.
    """

    learner: str
    batch: int
    rho: Fraction
    state: Literal["run", "proved only", "open"]
    way: str
    claims: tuple[str, ...]
    steps: int | None
    parameters: int | None
    runs: int
    error: Fraction | None
    interval: tuple[float, float] | None
    held: int | None
    misread: int | None = None


class SweepFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad sweep -o`` writes and ``querygrad plot`` reads. Rationals are texts ("1/4").

    Parameters
    ----------
    kind, format : of this form. setting : what is the same at all points. rows : the points so far.
    """

    kind: Literal["querygrad sweep"]
    format: Literal[1]
    setting: SettingRow
    rows: tuple[PointRow, ...]


def sweep_json(sweep: KeptSweep) -> Any:
    """A sweep as the JSON value that :func:`read_sweep` reads; rationals are texts.

    >>> sweep_json(KeptSweep(setting=SweepSetting(n=3), rows={}))["setting"]
    {'bits': 3, 'runs': 20, 'seed': 0, 'delta': '1/20', 'most': 100000}
    """
    setting = sweep.setting
    same = SettingRow(
        bits=setting.n, runs=setting.runs, seed=setting.seed, delta=Fraction(setting.delta), most=setting.most
    )
    rows = (point_row(sweep.rows[point]) for point in sorted(sweep.rows, key=_place))
    return to_json(SweepFile(kind=KIND, format=FORMAT, setting=same, rows=tuple(rows)))


def _place(point: SweepPoint) -> tuple[str, int, Fraction]:
    return point.learner, point.b, -point.rho


def point_row(row: SweepRow) -> PointRow:
    """What is written of a point.

    >>> point = SweepPoint(learner="parity", b=4, rho=Fraction(1, 4))
    >>> str(point_row(SweepRow(point=point, state="open", way="nothing is known")).rho)
    '1/4'
    """
    point = row.point
    return PointRow(
        learner=point.learner,
        batch=point.b,
        rho=Fraction(point.rho),
        state=row.state,
        way=row.way,
        claims=tuple(row.claims),
        steps=row.steps,
        parameters=row.parameters,
        runs=row.runs,
        error=row.error,
        interval=None if row.low is None or row.high is None else (row.low, row.high),
        held=row.held,
        misread=row.misread,
    )


def read_sweep(path: Path) -> KeptSweep:
    """The sweep in a file.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, or that ``sweep`` did not write.

    >>> from tempfile import TemporaryDirectory
    >>> from constructions.foundations.spelling import json_text
    >>> point = SweepPoint(learner="parity", b=4, rho=Fraction(1, 4))
    >>> sweep = KeptSweep(setting=SweepSetting(n=3), rows={point: SweepRow(point=point, state="open", way="unknown")})
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "sweep.json"
    ...     written = path.write_text(json_text(sweep_json(sweep)))
    ...     read_sweep(path) == sweep
    True
    """
    with reading(path, "querygrad sweep"):
        found = from_json_text(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or (found.get("kind"), found.get("format")) != (KIND, FORMAT):
            raise ConstructionError(f"need a file that querygrad sweep has written, got another, at {path}")
        given = found["setting"]
        delta = Fraction(str(given["delta"]))
        numbers = {name: given[key] for name, key in (("n", "bits"), ("runs", "runs"), ("seed", "seed"))}
        setting = SweepSetting(**numbers, delta=delta, most=given["most"])
        rows = [_row(row) for row in found["rows"]]
    return KeptSweep(setting=setting, rows={row.point: row for row in rows})


def _row(found: dict[str, Any]) -> SweepRow:
    point = SweepPoint(learner=str(found["learner"]), b=whole(found["batch"], where="batch"), rho=_text(found["rho"]))
    if found["state"] not in STATES:
        raise ValueError(f"need a state among {', '.join(STATES)}, got {found['state']!r}")
    low, high = found["interval"] or (None, None)
    optional = {name: None if found.get(name) is None else whole(found[name], where=name) for name in OPTIONAL}
    return SweepRow(
        point=point,
        state=found["state"],
        way=str(found["way"]),
        claims=tuple(map(str, found["claims"])),
        runs=whole(found["runs"], where="runs"),
        error=None if found["error"] is None else _text(found["error"]),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        **optional,
    )


OPTIONAL = ("steps", "parameters", "held", "misread")
"""What may be null; older files do not say how much was misread."""


def _text(value: object) -> Fraction:
    if not isinstance(value, str):
        raise TypeError("need a rational as a text")
    return Fraction(value)


def told(row: SweepRow) -> tuple[str, ...]:
    """The cells of a row: learner, b, rho, b rho, b rho^2, what is known, the mean loss, and by what.

    >>> point = SweepPoint(learner="parity", b=4, rho=Fraction(1, 4))
    >>> told(SweepRow(point=point, state="run", way="Result B0", runs=2, error=Fraction(0), low=0.0, high=0.5))
    ('parity', '4', '1/4', '1', '0.25', 'run', '0 (0 to 0.5)', 'Result B0, 2 runs')
    """
    b, rho = row.point.b, row.point.rho
    error = "" if row.error is None else f"{float(row.error):.4g}"
    if row.low is not None and row.high is not None:
        error += f" ({row.low:.3g} to {row.high:.3g})"
    runs = f", {row.runs} run{'s' * (row.runs > 1)}" if row.runs and row.held is None else ""
    if row.held is not None:
        runs = f": in {row.held} of {row.runs} {HELD.get(row.point.learner, 'draws a run of bSGD')}"
    if row.misread is not None:
        runs += f", at most {row.misread} of {b} points read as others"
    products = f"{float(b * rho):.4g}", f"{float(b * rho * rho):.4g}"
    return row.point.learner, str(b), str(rho), *products, row.state, error, row.way + runs


HELD = {"hidden": "runs"}
"""What ``held`` counts, where it is not draws."""


def summary(rows: Iterable[SweepRow]) -> str:
    """How many points were run, proved only, or are open.

    >>> summary([])
    '0 points'
    """
    found = list(rows)
    counts = Counter(row.state for row in found)
    parts = [f"{counts[state]} {state}" for state in STATES if counts[state]]
    return f"{len(found)} point{'s' * (len(found) != 1)}" + (f": {', '.join(parts)}" if parts else "")


def different(kept: SweepSetting, wanted: SweepSetting) -> Sequence[str]:
    """In which numbers two sweeps differ, in words.

    Parameters
    ----------
    kept, wanted : the two.

    >>> different(SweepSetting(n=3), SweepSetting(n=4))
    ['bits is 3, not 4']
    """
    names = {"bits": "n", "runs": "runs", "seed": "seed", "delta": "delta", "most": "most"}
    pairs = [(word, getattr(kept, name), getattr(wanted, name)) for word, name in names.items()]
    return [f"{word} is {one}, not {other}" for word, one, other in pairs if one != other]
