"""One obligation in full: what it says, what it presupposes, what became of it, and every vertex where it fails."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from constructions.foundations.rendering import render
from constructions.foundations.spelling import printable
from constructions.foundations.terms import Term
from verify.discharge.result import Result
from verify.obligations.case import Scene
from verify.obligations.obligation import Obligation
from verify.obligations.user_file import one_line
from verify.provers import by_sympy, by_z3
from verify.provers.to_smt import expression
from verify.replay.witness import replay
from verify.reports.gradients import of_subject
from verify.reports.table import values

LENGTH = 240
VERTICES = 40


def text(formula: Any, *, full: bool = False) -> str:
    """A formula on one line, cut after 240 characters; ``full`` gives it whole, in SMT-LIB's notation.

    >>> from constructions.foundations.logic import every
    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> text(every(x > 0, x < 1)), text(x > 0, full=True), text(True)
    ('x > 0 and x < 1', '(> x 0.0)', 'true')
    """
    if not isinstance(formula, Term):
        return str(formula).lower() if isinstance(formula, bool) else one_line(formula)
    if full:
        return expression(formula)
    line = render(formula, LENGTH)
    return f"{line} (--full shows all)" if line.endswith(" ...") else line


def describe(obligation: Obligation, result: Result, *, full: bool = False) -> str:
    """Everything about one obligation as text, each line printable."""
    lines = [f"{obligation.id}", f"  {obligation.statement}", ""]
    lines += [f"paper       {obligation.paper}{f' (errata {obligation.erratum})' if obligation.erratum else ''}"]
    lines += [f"kind        {obligation.kind}, by {result.prover}"]
    lines += [f"needs       {', '.join(result.needs) or 'nothing'}"]
    lines += [f"finite case {obligation.finite}"] if obligation.finite else []
    if result.error:
        lines += ["", "verdict     ERROR", f"  {result.error.said}"]
    else:
        lines += [
            "",
            *stated(obligation, result, full=full),
            "",
            *outcome(obligation, result, full=full),
            *gradients(obligation),
        ]
    return "\n".join(map(printable, lines)) + "\n"


def stated(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """Premises and facts, as the prover gets them."""
    if obligation.kind == "identity":
        case = by_sympy.build(obligation, obligation.of)
        differences = (f"  {identity.label}: {text(identity.difference, full=full)}" for identity in case.identities)
        return ["identities (each difference is to be the zero polynomial)", *differences]
    if obligation.kind == "enumeration":
        return [
            "facts, at every point of the finite case",
            *(f"  {label}: {verdict}" for label, verdict, _, _ in result.facts),
        ]
    built = by_z3.build(obligation, obligation.of)
    became = {label: f"{verdict} ({reason})" if reason else verdict for label, verdict, _, reason in result.facts}
    premises = [f"  {text(premise.formula, full=full)}" for premise in built.premises if premise.formula is not True]
    lines = [
        "variables",
        f"  {', '.join(built.variables) or 'none'}",
        "premises (a fact presupposes those stated before it)",
    ]
    lines += premises or ["  none"]
    lines += ["facts"]
    for fact in built.facts:
        lines += [f"  {fact.label}: {became.get(fact.label, 'not asked')}", f"    {text(fact.conclusion, full=full)}"]
        lines += [f"    given {text(fact.given, full=True)}"] if full else []
    return lines


def outcome(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """The verdict, with the witness, the counterexample and the twin's."""
    wanted = "" if result.verdict == result.due else f" (expected {result.due.name})"
    lines = [f"verdict     {result.verdict.name}{wanted}"]
    if result.alone is not None:
        lines += [f"  {result.alone.name} by itself, lowered by what it needs: {', '.join(result.lowered)}"]
    lines += [f"  {label}: {reason}" for label, verdict, _, reason in result.facts if verdict in ("UNKNOWN", "VACUOUS")]
    lines += [f"premises hold at {values(result.witness)}"] if result.witness else []
    if full and result.witness:
        lines += scenes(obligation, obligation.of, result.witness, full=full)
    lines += counterexample(obligation, result, full=full)
    reason = f" ({result.twin_reason})" if result.twin_reason else ""
    lines += [f"twin        {result.twin.name}{reason}"] if result.twin is not None else ["twin        none"]
    if result.twin_counterexample is not None:
        lines += [f"twin's counterexample {values(result.twin_counterexample)}"]
        lines += [f"  first to leave its piece: {result.twin_leaves}"] if result.twin_leaves else []
        lines += scenes(obligation, obligation.twin, result.twin_counterexample, full=full)
    return lines


def counterexample(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """Where a claim fails, which facts, and every vertex there; nothing if it does not."""
    if result.counterexample is None:
        return []
    lines = [f"counterexample {values(result.counterexample)}", *(f"  fails: {label}" for label in result.failing)]
    lines += [f"  first to leave its piece: {result.leaves}"] if result.leaves else []
    return lines + scenes(obligation, obligation.of, result.counterexample, full=full)


def scenes(obligation: Obligation, of: Any, witness: Mapping[str, str], *, full: bool = False) -> list[str]:
    """Every walk of the claim at a witness: each vertex's pre-activation, output and piece."""
    seen = replay(obligation.claim, of, {name: Fraction(value) for name, value in witness.items()})
    lines = [line for scene in seen.scenes for line in _scene(scene, full=full)]
    for label, states in seen.runs.items():
        lines += [
            f"  the run of {label}",
            *(f"    {step} steps: {values(_text(state))}" for step, state in enumerate(states)),
        ]
    return lines


def _text(state: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in state.items()}


def _scene(scene: Scene, *, full: bool) -> Iterable[str]:
    run = scene.run
    rows = [("vertex", "pre-activation", "output", "piece")]
    rows += [(v, "-", str(run.out[v]), "given") for v in run.fragment.order if v not in run.pre]
    rows += [(v, str(run.pre[v]), str(run.out[v]), _piece(scene, v)) for v in run.fragment.order if v in run.pre]
    shown = rows if full else rows[: VERTICES + 1]
    widths = [max(len(row[i]) for row in shown) for i in range(4)]
    yield f"  {scene.label}"
    for row in shown:
        yield ("    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
    if len(shown) < len(rows):
        yield f"    ... (--full shows all {len(rows) - 1} vertices)"


def _piece(scene: Scene, v: str) -> str:
    piece = scene.run.fragment.sigma.piece_of(scene.run.pre[v])
    found = "ON A KINK" if piece is None else f"{piece} slope {piece.slope}"
    meant = scene.expect.get(v)
    return found if meant is None or meant == piece else f"{found}, meant to be on {meant}"


def gradients(obligation: Obligation) -> list[str]:
    """The symbolic gradient of every edge of an active query graph, by sympy from the graph with its weights as
    symbols."""
    if obligation.kind not in ("solver", "induction"):
        return []
    rows = of_subject(obligation.of(by_z3.SolverCase()))
    if not rows:
        return []
    width = max(len(edge) for edge, _ in rows)
    head = (
        "gradient of the loss (o - y)^2 / 2 on an active sample, o the output, y the label (sympy, weights as symbols)"
    )
    return ["", head, *(f"  {edge.ljust(width)}  {formula}" for edge, formula in rows)]
