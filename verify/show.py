"""One obligation in full: what it says, what it presupposes, what became of it, and every vertex where it fails."""
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import z3

from constructions.foundations.spelling import printable
from verify.case import Scene
from verify.discharge import Result
from verify.gradients import of_subject
from verify.obligation import Obligation
from verify.provers import by_sympy, by_z3
from verify.registry import one_line
from verify.replay import replay
from verify.report import values

LENGTH = 240
VERTICES = 40


def text(formula: Any, *, full: bool = False) -> str:
    """A formula on one line, simplified where that makes it shorter and cut after 240 characters; ``full`` gives it as it is.

    >>> x = z3.Real("x")
    >>> text(z3.And(x > 0, x < 1)), text(x > 0, full=True), text(True)
    ('And(x > 0, x < 1)', '(> x 0.0)', 'True')
    """
    if full:
        return formula.sexpr() if isinstance(formula, z3.ExprRef) else str(formula)
    lines = [one_line(formula)]
    if isinstance(formula, z3.ExprRef):
        lines.append(one_line(z3.simplify(formula)))
    line = min(lines, key=len)
    return line if len(line) <= LENGTH and "..." not in line else f"{line[:LENGTH].rstrip(' .')} ... (--full shows all)"


def describe(obligation: Obligation, result: Result, *, full: bool = False) -> str:
    """Everything about one obligation as text, each line printable."""
    lines = [f"{obligation.id}", f"  {obligation.statement}", ""]
    lines += [f"paper       {obligation.paper}{f' (errata {obligation.erratum})' if obligation.erratum else ''}"]
    lines += [f"kind        {obligation.kind}, by {result.prover}"]
    lines += [f"needs       {', '.join(result.needs) or 'nothing'}"]
    lines += [f"finite case {obligation.finite}"] if obligation.finite else []
    lines += ["", *stated(obligation, result, full=full), "", *outcome(obligation, result, full=full)]
    return "\n".join(map(printable, (*lines, *gradients(obligation)))) + "\n"


def stated(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """Premises and facts, as the prover gets them."""
    if obligation.kind == "identity":
        case = by_sympy.IdentityCase()
        obligation.claim(obligation.of(case), case)
        differences = (f"  {label}: {text(difference, full=full)}" for label, difference in case.identities)
        return ["identities (each difference is to be the zero polynomial)", *differences]
    if obligation.kind == "enumeration":
        return ["facts, at every point of the finite case", *(f"  {label}: {verdict}" for label, verdict, _, _ in result.facts)]
    built = by_z3.build(obligation, obligation.of)
    became = {label: verdict for label, verdict, _, _ in result.facts}
    premises = [line for premise in built.premises if premise is not True for line in indented(premise, 2, full=full)]
    lines = ["variables", f"  {', '.join(built.variables) or 'none'}", "premises (a fact presupposes those stated before it)"]
    lines += premises or ["  none"]
    lines += ["facts"]
    for fact in built.facts:
        lines += [f"  {fact.label}: {became.get(fact.label, 'not asked')}", *indented(fact.conclusion, 4, full=full)]
        lines += ["    given", *indented(fact.given, 4, full=True)] if full else []
    return lines


def indented(formula: Any, blanks: int, *, full: bool) -> list[str]:
    """The lines of a formula."""
    return [" " * blanks + line for line in text(formula, full=full).split("\n")]


def outcome(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """The verdict, with the witness, the counterexample and the twin's."""
    wanted = "" if result.verdict == result.expect else f" (expected {result.expect.name})"
    lines = [f"verdict     {result.verdict.name}{wanted}"]
    lines += [f"  {label}: {reason}" for label, verdict, _, reason in result.facts if verdict in ("UNKNOWN", "VACUOUS")]
    lines += [f"premises hold at {values(result.witness)}"] if result.witness else []
    if full and result.witness:
        lines += scenes(obligation, obligation.of, result.witness, full=full)
    if result.counterexample is not None:
        lines += [f"counterexample {values(result.counterexample)}", *(f"  fails: {label}" for label in result.failing)]
        lines += [f"  first to leave its piece: {result.leaves}"] if result.leaves else []
        lines += scenes(obligation, obligation.of, result.counterexample, full=full)
    lines += [f"twin        {result.twin.name}"] if result.twin is not None else ["twin        none"]
    if result.twin_counterexample is not None:
        lines += [f"twin's counterexample {values(result.twin_counterexample)}"]
        lines += [f"  first to leave its piece: {result.twin_leaves}"] if result.twin_leaves else []
        lines += scenes(obligation, obligation.twin, result.twin_counterexample, full=full)
    return lines


def scenes(obligation: Obligation, of: Any, witness: Mapping[str, str], *, full: bool = False) -> list[str]:
    """Every walk of the claim at a witness: each vertex's pre-activation, output and piece."""
    seen = replay(obligation.claim, of, {name: Fraction(value) for name, value in witness.items()})
    return [line for scene in seen.scenes for line in _scene(scene, full=full)]


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
    """The symbolic gradient of every edge of an active query graph, by sympy from the graph with its weights as symbols."""
    if obligation.kind not in ("solver", "induction"):
        return []
    rows = of_subject(obligation.of(by_z3.SolverCase()))
    if not rows:
        return []
    width = max(len(edge) for edge, _ in rows)
    head = "gradient of the loss (o - y)^2 / 2 on an active sample, o the output, y the label (sympy, weights as symbols)"
    return ["", head, *(f"  {edge.ljust(width)}  {formula}" for edge, formula in rows)]
