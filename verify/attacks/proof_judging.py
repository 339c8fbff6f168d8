"""What becomes of a forged proof file: it is refused, malformed or left open, or what it is accepted for is true.

The forger may do more than change a file: keys are made again so that they fit, or the checker is told nothing of the
file's questions and asks its own, as if the forger wrote each of them right. Then the reviewer wants what the file
says, whatever it is. Of an accepted statement that is not the honest one a counterexample is looked for, by z3 and at
random points and the ends of random runs, by the evaluator of this project and not by the checker's. One that is found
is a defect; so is a principle that an accepted statement rests on no more, a premise that cannot hold, and any other
error.

>>> text, wanted = honest()
>>> judged(text.encode(), wanted, lenient=False)
('harmless', 'it says what holds')
>>> judged(text.replace('"2"', '"3"').encode(), wanted, lenient=False)[0]
'refused'
>>> trial("statements: a premise is dropped", 2)[0]
'refused'
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import z3

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import value_of
from constructions.foundations.functions import application_name
from constructions.foundations.terms import INTEGER, TRUTH, RealTerm, Term, TruthTerm, node
from verify.attacks import proof_grounds
from verify.attacks.proof_bases import honest
from verify.attacks.proof_excuses import FALSE
from verify.attacks.proof_forgeries import FORGERIES
from verify.judge.check import Checking, Standing
from verify.judge.reading import MalformedError, RefusedError
from verify.judge.report import LEFT_OPEN, REESTABLISHED
from verify.judge.report import judged as judged_statements
from verify.judge.smt import question
from verify.judge.solver import Solver
from verify.judge.terms import REACHED, Node, inside, names_in
from verify.judge.theorems import Induction, ProofFile, Theorem
from verify.judge.wanted import Wanted

MODES = ("as it is", "with its keys", "with its keys and questions")
NUMBERS = tuple(map(Fraction, ("0", "1", "-1", "1/2", "2", "-2", "3", "5/2", "10", "11", "12", "-7/3", "-9/2")))
POINTS = 150


class _Within(Solver):
    """z3 in this process."""

    def _answer(self, text: str) -> str:
        solver = z3.Solver(ctx=z3.Context())
        solver.set("rlimit", 2_000_000)
        try:
            solver.from_string(text)
            return str(solver.check())
        except z3.Z3Exception:
            return "unknown"


SOLVER = _Within((), f"z3 {z3.get_version_string()}, within", 10)


class _Lenient(Checking):
    """A checker that believes that every question is written as it must be, and asks its own."""

    def refute(self, formula: Node, text: str | None, where: str) -> None:
        super().refute(formula, question(formula), where)


def trial(kind: str, seed: int) -> tuple[str, str, str]:
    """Forge a file by a kind and a seed: what became of it, why, and what was changed; "nothing" if nothing was."""
    source = Random(f"{kind} {seed}")
    text, wanted = honest()
    if kind == "bytes":
        raw = bytearray(text.encode())
        for _ in range(source.randint(1, 3)):
            raw[source.randrange(len(raw))] = source.randrange(256)
        return (*judged(bytes(raw), wanted, lenient=False), "bytes")
    data = json.loads(text)
    note = FORGERIES[kind](source, data)
    if note is None or data == json.loads(text):
        return "nothing", "", ""
    mode = source.choice(MODES) if kind not in FALSE else MODES[2]
    wanted = deepcopy(wanted)
    if mode != MODES[0]:
        try:
            _with_keys(data, wanted)
        except MalformedError as error:
            return "malformed", str(error), note
        except RefusedError as error:
            return "refused", str(error), note
    found = judged(json.dumps(data).encode(), wanted, lenient=mode == MODES[2])
    return (*found, f"{note}, {mode}")


assert proof_grounds  # it puts its ways into the table
KINDS = ("bytes", *FORGERIES)
"""All kinds of forged files."""


def _with_keys(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Make the keys fit what the file says, and the reviewer want it."""
    checking = Checking(ProofFile(json.dumps(data).encode()), SOLVER, {})
    keys = {id: checking.statement(id).key for id in checking.file.theorems}
    for theorem in data["theorems"]:
        theorem["key"] = keys[theorem["id"]]
        for ground in theorem["proof"]["grounds"]:
            if "key" in ground:
                ground["key"] = keys.get(ground["of"], ground["key"])
    wanted["statements"] = [{"id": id, "key": key, "least": "CHECKED"} for id, key in keys.items()]


@cache
def _standings() -> dict[str, tuple[str, Standing]]:
    """Keys and standings of the honest theorems."""
    text, wanted = honest()
    checking = Checking(ProofFile(text.encode()), SOLVER, Wanted(json.dumps(wanted).encode()).principles)
    return {id: (checking.statement(id).key, checking.establish(id)) for id in checking.file.theorems}


def judged(data: bytes, wanted: dict[str, Any], *, lenient: bool) -> tuple[str, str]:
    """What becomes of a file whose statements are wanted, and why: malformed, refused, open, harmless or DEFECT.

    Parameters
    ----------
    data : the file. wanted : what the reviewer wants. lenient : whether the file's questions are taken as right.
    """
    try:
        wants = Wanted(json.dumps(wanted).encode())
        file = ProofFile(data)
        checking = (_Lenient if lenient else Checking)(file, SOLVER, wants.principles)
        found = judged_statements(checking, wants)
    except MalformedError as error:
        return "malformed", str(error)
    except RefusedError as error:
        return "refused", str(error)
    except Exception as error:
        return "DEFECT", f"{type(error).__name__}: {error}"
    accepted = [each for each in found if each.what == REESTABLISHED]
    for each in accepted:
        assert each.standing is not None
        odd = _wrong(checking, each.id, each.standing)
        if odd:
            return "DEFECT", f"{each.id} is accepted: {odd}"
    bad = next((each for each in found if each.what not in (REESTABLISHED, LEFT_OPEN)), None)
    if bad is not None:
        return "refused", bad.why
    left = next((each for each in found if each.what == LEFT_OPEN), None)
    return ("harmless", "it says what holds") if left is None else ("open", left.why)


def _wrong(checking: Checking, id: str, standing: Standing) -> str:
    """What is wrong with an accepted statement; empty if nothing is found."""
    file, theorem, now = checking.file, checking.file.theorems[id], checking.statement(id).key
    for key, before in _standings().values():
        if key == now:
            return "it rests on less than before" if before.principles - standing.principles else ""
    if standing.principles or theorem.rule in ("enumeration", "principle"):
        return ""  # words have no values of their own; a table says what it says
    source, table = Random(now), file.table
    for label, under, said in theorem.statement.facts:
        if SOLVER.ask(question(under)) == "unsat":
            return f"{label!r} is under what cannot hold"
        of_runs = any(part.op == "apply" and part.data[0].startswith(REACHED) for part in inside(under, said))
        if not of_runs and SOLVER.ask(question(table.all_of([under, table.make("not", None, (said,))]))) == "sat":
            return f"{label!r} can fail"
    return next(filter(None, (_counterexample(theorem, file, source) for _ in range(POINTS))), "")


def _counterexample(theorem: Theorem, file: ProofFile, source: Random) -> str:
    """A random point at which a fact fails, in words; empty if it does not."""
    values: dict[str, Fraction] = {}
    free = names_in(theorem.statement.terms)
    for name, part in free.items():
        value = source.choice(NUMBERS)
        kind = part.data[1]
        values[name] = Fraction(value.numerator % 2 if kind == TRUTH else value // 1 if kind == INTEGER else value)
    for run in _runs(theorem, file, source, values):
        values |= run
    for label, under, said in theorem.statement.facts:
        if any(part.op == "apply" and part.data[0].startswith(REACHED) for part in inside(said)):
            continue  # whether it is reached is no matter of values
        try:
            if value_of(_term(under), values) is True and value_of(_term(said), values) is not True:
                return f"{label!r} fails at {values}"
        except ConstructionError:
            continue
    return ""


def _runs(theorem: Theorem, file: ProofFile, source: Random, values: dict[str, Fraction]) -> Iterator[dict[str, Any]]:
    """For what is said to be reached: the end of a random run, put in the place of the variables there."""
    for part in inside(*theorem.statement.terms):
        if part.op == "apply" and part.data[0].startswith(REACHED):
            owner, record = _record(file, part.data[0])
            if record is not None and owner is not None:
                found = _end(owner, record, part, source, values)
                if found is not None:
                    yield found


def _record(file: ProofFile, name: str) -> tuple[Theorem | None, Induction | None]:
    for theorem in file.theorems.values():
        for record in theorem.inductions:
            if record.reached == name:
                return theorem, record
    return None, None


def _end(
    owner: Theorem, record: Induction, part: Node, source: Random, values: dict[str, Fraction]
) -> dict[str, Fraction] | None:
    """The values of the variables in a state that a random run reaches; None if a step may not be taken."""
    fixed, state = part.args[: len(record.fixed)], part.args[len(record.fixed) :]
    if any(each.op != "variable" for each in part.args) or len(state) != len(record.state):
        return None
    own = {there.data[0]: values[here.data[0]] for here, there in zip(fixed, record.fixed, strict=True)}
    premises = [owner.grounds[i].term for i in record.conditions if owner.grounds[i].kind == "premise"]
    try:
        own |= _inputs(record, source)
        now = {name: value_of(_term(term), own) for name, term in record.start.items()}
        for _ in range(source.randrange(4)):
            own |= _inputs(record, source) | {record.state[name].data[0]: value for name, value in now.items()}
            if not all(value_of(_term(each), own) is True for each in (*premises, record.taken)):
                return None
            now = {name: value_of(_term(term), own) for name, term in record.after.items()}
        if not all(value_of(_term(each), own) is True for each in premises):
            return None
        named = {here.data[0]: Fraction(now[name]) for name, here in zip(record.state, state, strict=True)}
        arguments = tuple(value_of(_term(each), values | named) for each in part.args)
    except (ConstructionError, KeyError):
        return None
    return named | {application_name(part.data[0], arguments): Fraction(1)}


def _inputs(record: Induction, source: Random) -> dict[str, Fraction]:
    return {each.data[0]: source.choice(NUMBERS) for each in record.inputs.values()}


def _term(part: Node) -> Term:
    """A term of the checker's as one of this project."""
    made: dict[int, Term] = {}
    for each in inside(part):
        kind = RealTerm if each.sort == "real" else TruthTerm
        made[id(each)] = node(kind, each.op, tuple(made[id(arg)] for arg in each.args), each.data)
    return made[id(part)]
