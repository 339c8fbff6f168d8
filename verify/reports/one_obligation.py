"""One obligation in full: what it says, what it presupposes, what became of it, and every vertex where it fails.

Its lines are made from an ``obligation`` and its ``result``; with ``full``, long formulas are not shortened and more is
shown.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from constructions.foundations.rendering import render
from constructions.foundations.spelling import one_line, printable
from constructions.foundations.terms import Term
from verify.discharge.result import Result
from verify.discharge.seen import never_seen_to_fail, seen_to_fail
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.paper import tops_of
from verify.obligations.parts import Scene
from verify.provers import by_sympy, by_z3
from verify.provers.outcome import OPEN, FactFinding
from verify.provers.to_smt import expression
from verify.replay.witness import replay_of
from verify.reports.folding import Folding
from verify.reports.gradients import of_subject
from verify.reports.table import failures, values
from verify.reports.tree import in_words

LENGTH = 240
VERTICES = 40
WAYS = {
    "solver": "for all values of the variables, by z3",
    "identity": "the difference of two sides is the zero polynomial, by sympy",
    "enumeration": "at every point of a finite case, in rational numbers",
    "induction": "induction: base and step for all values of the variables, by z3",
}
"""How an obligation of each kind is proved."""


def text(formula: Any, *, full: bool = False, folding: Folding | None = None) -> str:
    """A formula on one line, cut after 240 characters; ``full`` gives it whole, in SMT-LIB's notation.

    Parameters
    ----------
    folding : the names that may stand in it.

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
    line = folding.text(formula, LENGTH) if folding else render(formula, LENGTH)
    return f"{line} (--full shows all)" if line.endswith(" ...") else line


def describe(obligation: Obligation, result: Result, *, full: bool = False) -> str:
    """Everything about one obligation as text, each line printable.

    Parameters
    ----------
    obligation : what is shown. result : what became of it. full : cut nothing off, and show the premises' witness.

    >>> from msgspec.structs import replace
    >>> from constructions.foundations.network import Fragment
    >>> from verify.discharge.result import described
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> def returns_it(graph, case):
    ...     "The vertex returns an input that is not negative."
    ...     x = case.real("x")
    ...     case.assume(x >= 0)
    ...     case.equal("the value", case.run(graph, {"x": x}, label="gate").out["y"], x)
    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1})
    >>> claim = Obligation(id="a.gate", paper="mine", claim=returns_it, of=lambda case: gate, expect=Verdict.REFUTED)
    >>> found = Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(3)}, failing=("the value",))
    >>> result = replace(described(claim), claim=found)
    >>> print(describe(claim, result), end="")
    a.gate
      The vertex returns an input that is not negative.
    <BLANKLINE>
    paper       mine
    proof       for all values of the variables, by z3
    uses        nothing
    <BLANKLINE>
    Variables: x
    Premises; a fact presupposes those that are stated before it:
      x >= 0
    Facts:
      the value: not asked
        two-stage ramp(x) == x
    Here
      two-stage ramp(t) is -2 if t < -3, t + 1 if t < -1, 0 if t < 0, t if t < 2, else 2
    <BLANKLINE>
    verdict     REFUTED
    The claim fails at x=3.
      This fact fails there: the value
      The walk 'gate':
        vertex  pre-activation  output  piece
        x       -               3       given
        y       3               2       (2, oo) slope 0
    twin        none
    >>> stated(claim, result)[:3], verdict(claim, result)[-1], counterexample(claim, result)[:2]
    (['Variables: x', 'Premises; a fact presupposes those that are stated before it:', '  x >= 0'], 'twin        \
none', ['The claim fails at x=3.', '  This fact fails there: the value'])
    >>> scenes(claim, claim.of, {"x": Fraction(1)})[-1]
    '    y       1               1       (0, 2) slope 1'
    """
    lines = [f"{obligation.id}", f"  {obligation.statement}", ""]
    lines += [f"paper       {obligation.paper}{f' (errata {obligation.erratum})' if obligation.erratum else ''}"]
    lines += top_of(obligation)
    lines += [f"proof       {WAYS[obligation.kind]}"]
    lines += [f"uses        {use}" for use in uses_in_words(result) or ["nothing"]]
    lines += [f"in prose    rests on {', '.join(result.needs)}"] if result.needs else []
    lines += [f"finite case {obligation.finite}"] if obligation.finite else []
    if result.error or result.claim is None:
        lines += ["", "verdict     ERROR", *([f"  {result.error.said}"] if result.error else [])]
    else:
        lines += [
            "",
            *stated(obligation, result, full=full),
            "",
            *verdict(obligation, result, full=full),
            *gradients(obligation),
        ]
    return "\n".join(map(printable, lines)) + "\n"


def top_of(obligation: Obligation) -> list[str]:
    """Of which item an obligation is the top statement, and how it differs from the printed sentence."""
    items = tops_of(obligation.id)
    if not items or paper_obligations().get(obligation.id) is not obligation:
        return []
    lines = []
    for item in items:
        lines.append(f"top         the top statement of {item.name}: the item is worth what this claim is worth")
        lines += [f"  differs   {difference}" for difference in item.differs]
        lines += [f"  left out  {part.what}{f' ({part.claim})' if part.claim else ''}" for part in item.parts]
    return lines


def uses_in_words(result: Result) -> list[str]:
    """What the claim of a result uses and the principles on which it rests, each with what was given for its variables.

    >>> from verify.discharge.one import discharge
    >>> from verify.obligations.catalogue import paper_obligations
    >>> uses_in_words(discharge(paper_obligations()["sigma.figure"]))
    []
    """
    if result.claim is None:
        return []
    return [in_words(use) for use in (*result.claim.uses, *result.claim.principles)]


def stated(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """Premises and facts, as the prover gets them."""
    if obligation.kind == "identity":
        case = by_sympy.build(obligation, obligation.of)
        unseen = never_seen_to_fail(result)
        mark = dict.fromkeys(unseen, " (never seen to fail)")
        differences = (
            f"  {each.label}{mark.get(each.label, '')}: {text(each.difference, full=full)}" for each in case.identities
        )
        return ["Identities; each difference of two sides is to be the zero polynomial:", *differences]
    if obligation.kind == "enumeration":
        unseen = never_seen_to_fail(result)
        mark = dict.fromkeys(unseen, ", never seen to fail")
        facts = (f"  {fact.label}: {fact.verdict.name}{mark.get(fact.label, '')}" for fact in result.facts)
        return ["Facts, at every point of the finite case:", *facts]
    return of_a_solver(by_z3.build(obligation, obligation.of), result, full=full)


def of_a_solver(built: by_z3.SolverCase, result: Result, *, full: bool) -> list[str]:
    """Variables, premises and facts that a solver gets; what graphs compute goes by the names of their vertices."""
    folding = Folding(built.scenes)
    said = partial(text, full=full, folding=folding)
    premises = [f"  {said(premise.formula)}" for premise in built.premises if premise.formula is not True]
    lines = [f"Variables: {', '.join(built.variables) or 'none'}"]
    lines += ["Premises; a fact presupposes those that are stated before it:", *(premises or ["  none"])]
    lines += ["Facts:"]
    seen, unseen = seen_to_fail(result), never_seen_to_fail(result)
    became = {fact.label: _became(fact) for fact in result.facts}
    became |= {label: f"{became[label]}, never seen to fail" for label in unseen}
    became |= {label: f"{became[label]}, fails under {seen[label]}" for label in seen if full}
    for fact in built.facts:
        lines += [f"  {fact.label}: {became.get(fact.label, 'not asked')}"]
        lines += [f"    {said(fact.conclusion)}"] if fact.conclusion is not True else []
        lines += [f"    given {text(fact.given, full=True)}"] if full else []
    meanings = [] if full else folding.meanings(LENGTH)
    shown = meanings[:VERTICES]
    more = ["  ... (--full shows every formula in the claim's variables)"] if len(shown) < len(meanings) else []
    return lines + (["Here", *(f"  {line}" for line in shown), *more] if shown else [])


def _became(fact: FactFinding) -> str:
    """The verdict of a fact, with the reason if there is one."""
    return f"{fact.verdict.name} ({fact.reason})" if fact.reason else fact.verdict.name


def verdict(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """The verdict, with the witness, the counterexample and the twin's."""
    wanted = "" if result.verdict is result.due else f" (expected {result.due.name})"
    lines = [f"verdict     {result.verdict.name}{wanted}"]
    if result.lowered:
        needs = ", ".join(f"{need} ({least.name})" for need, least in result.lowered.items())
        lines += [f"  The claim is {result.own.name} by itself, but it is worth no more than what it needs: {needs}."]
    lines += [f"  {fact.label}: {fact.reason}" for fact in result.facts if fact.verdict in OPEN]
    witness = result.claim.witness if result.claim is not None else {}
    lines += [f"The premises hold at {values(witness)}."] if witness else []
    if full and witness:
        lines += scenes(obligation, obligation.of, witness, full=full)
    lines += counterexample(obligation, result, full=full)
    return lines + _of_twin(obligation, result, full=full)


def _of_twin(obligation: Obligation, result: Result, *, full: bool) -> list[str]:
    """The verdict of the broken twin, and where it fails."""
    twin = result.twin
    if twin is None:
        return [f"twin        {'none' if obligation.twin is None else 'not examined'}"]
    lines = [f"twin        {twin.verdict.name}{f' ({result.twin_reason})' if result.twin_reason else ''}"]
    if twin.counterexample is None:
        return lines
    lines += [f"The broken twin fails at {values(twin.counterexample)}.", *failures(twin)]
    return lines + scenes(obligation, obligation.twin, twin.counterexample, full=full)


def counterexample(obligation: Obligation, result: Result, *, full: bool = False) -> list[str]:
    """Where a claim fails, which facts, and every vertex there; nothing if it does not."""
    claim = result.claim
    if claim is None or claim.counterexample is None:
        return []
    lines = [f"The claim fails at {values(claim.counterexample)}.", *failures(claim)]
    return lines + scenes(obligation, obligation.of, claim.counterexample, full=full)


def scenes(obligation: Obligation, of: Any, witness: Mapping[str, Fraction], *, full: bool = False) -> list[str]:
    """Every walk of the claim at a witness: each vertex's pre-activation, output and piece."""
    seen = replay_of(obligation, of, witness)
    lines = [line for scene in seen.scenes for line in _walk(scene, full=full)]
    for label, states in seen.runs.items():
        lines += [f"  The run of the induction {label!r}:"]
        lines += [f"    after {step} steps: {values(state)}" for step, state in enumerate(states)]
    return lines


def _walk(scene: Scene, *, full: bool) -> Iterable[str]:
    run = scene.run
    rows = [("vertex", "pre-activation", "output", "piece")]
    rows += [(v, "-", str(run.out[v]), "given") for v in run.fragment.order if v not in run.pre]
    rows += [(v, str(run.pre[v]), str(run.out[v]), _piece(scene, v)) for v in run.fragment.order if v in run.pre]
    shown = rows if full else rows[: VERTICES + 1]
    widths = [max(len(row[i]) for row in shown) for i in range(4)]
    yield f"  The walk {scene.label!r}:"
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
    rows = of_subject(obligation.of(by_z3.SolverCase(obligation.known, obligation.id)))
    if not rows:
        return []
    width = max(len(edge) for edge, _ in rows)
    head = (
        "Gradient of the loss (o - y)^2 / 2 on an active sample, o the output, y the label (sympy, weights as symbols):"
    )
    return ["", head, *(f"  {edge.ljust(width)}  {formula}" for edge, formula in rows)]
