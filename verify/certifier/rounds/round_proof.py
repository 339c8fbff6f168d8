"""One round proved in its three phases: the step of the induction in Lemma 3b.

The induction says: in step t the rounds before t are over, round t is in its step, and later rounds are still to come.
To go from step t to step t + 1, this is shown of round t, for every x, state, random string and record:

* *before its step* no copy of it acts, and each of its controls returns 0. So in the steps of the rounds before it, it
  adds nothing to the output, and no edge of it has a gradient (:func:`_silent`);
* *in its step* its clock acts on every sample; every other copy acts exactly where a digit of a query of the machine is
  set, and each such digit has its copy (:func:`_roles`); and what copies and controls give to the output adds up to one
  number, the same for all x (:func:`_held`). Lemma 11 then says what the step writes into the copies, for any batch and
  any valid roundings. That the copies are memories for an output that is held at this number is left to ``check``;
* *after its step* again no copy acts and all controls return 0, but for the final ones of the last round
  (:func:`_final`); and what later rounds read is the machine's next state, or a function of it (:func:`_following`):
  the decoder and the update of the machine, applied to what the copies now read.

The circuits of the phases are those of :mod:`verify.certifier.rounds.phases`. Which copy stands for which digit is seen
from where it acts. Where several act alike it is not, and the possibilities are tried in the order in which
:mod:`verify.certifier.rounds.ties` proposes them, until one gives the machine's next state.

What is proved of a round is a :class:`verify.certifier.rounds.phases.Proved`. Each refusal names its premise, as
``refusal.py`` lists them: (e) something acts at the wrong time, (f) a final control, (k) the circuit is not the
machine's.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from constructions.computation.builder import FALSE, TRUE
from verify.certifier.refusal import NetworkRefused
from verify.certifier.rounds.between import Between
from verify.certifier.rounds.naming import Naming
from verify.certifier.rounds.phases import (
    AFTER,
    BEFORE,
    NOW,
    Context,
    Control,
    Known,
    NetworkRound,
    PhaseCircuit,
    Proved,
    asked_of,
)
from verify.certifier.rounds.state_functions import FALSE_FUNCTION, TRUE_FUNCTION, Equation
from verify.certifier.rounds.sums import Sum
from verify.certifier.rounds.ties import orders
from verify.certifier.rounds.unrolling import Role

Groups = list[tuple[list[Role], list[int]]]


def prove_round(
    context: Context,
    round_: NetworkRound,
    between: Between,
    layer_of: Callable[[int], int],
    check: Callable[[Fraction], None],
) -> Proved:
    """Prove one round.

    Parameters
    ----------
    round_ : the round, as the network has it. between : what holds before it. layer_of : the round of a vertex, 0 if it
        depends on x alone. check : raises NetworkRefused if the output may not be held at a value, or a copy of the
        round is no memory then.
    context : what all rounds share: the machine, the decoder, and how equality is decided.

    Raises
    ------
    NetworkRefused, naming the premise and the vertex, where one of the phases is not as it must be or the solver finds
    no answer.

    >>> from dataclasses import replace
    >>> from constructions.computation.design import Design
    >>> from constructions.computation.query_machine import QueryMachine
    >>> from verify.certifier.rounds.all_rounds import NO_DECODER
    >>> from verify.certifier.rounds.equal import SolverTally
    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> from verify.certifier.rounds.state_functions import StateFunctions
    >>> from verify.certifier.rounds.unrolling import UnrolledMachine
    >>> design = Design()  # a machine that asks nothing: each round its one bit is turned
    >>> x, turned = design.input("x"), design.state("turned")
    >>> design.becomes(turned, ~turned)
    >>> design.output("predict", x ^ turned)
    >>> machine = UnrolledMachine(QueryMachine(machine=design.machine(), rounds=2))
    >>> gates = {2: (1, [(3, 1)])}  # vertex 2 is "not digit 3": it is true until the clock's record is written
    >>> rest = {"decoding": NO_DECODER, "bits": 1, "functions": StateFunctions(), "tally": SolverTally()}
    >>> context = Context(row=gates.__getitem__, inputs=1, machine=machine, **rest)
    >>> control = Control(vertex=4, operands=(2,), table={(0,): Fraction(0), (1,): Fraction(-2)}, weight=Fraction(1, 2))
    >>> clock = {"drivers": [(2, 1)], "adds": [Fraction(-1, 8)], "digits": [[3]], "vc": [5]}
    >>> round_ = replace(NO_ROUND, number=1, gates=[2], live=[2], **clock, controls=[control], last=False)
    >>> str(held_in_step(context, round_, {}))
    '-9/8'
    >>> now, after = (PhaseCircuit(context, round_, {}, phase) for phase in (NOW, AFTER))
    >>> acting(round_, now, 0) == TRUE, acting(round_, after, 0) == FALSE
    (True, True)
    >>> start = Between(state=(FALSE_FUNCTION,), known={})
    >>> proved = prove_round(context, round_, start, lambda v: 0, lambda pre: None)
    >>> str(proved.held), proved.live, proved.state == (TRUE_FUNCTION,)
    ('-9/8', {2: (True, 1)}, True)
    """
    known, state, equations = between.known, between.state, between.equal
    now = PhaseCircuit(context, round_, known, NOW, equations=equations)
    held = _held(round_, now)
    check(held)
    groups, idle = _sided_roles(context, round_, now, state) if round_.clock else _roles(context, round_, now, state)
    before = PhaseCircuit(context, round_, known, BEFORE) if round_.number > 1 else None
    if before:
        _silent(round_, before, "before its step")
    after = PhaseCircuit(context, round_, known, AFTER, idle=idle, equations=equations)
    final = _final(round_, now, after)
    live = [*round_.live, *(u for control in final for u in control.operands)]
    roles: list[Role | None] = [None] * len(round_.digits)
    failed: NetworkRefused | None = None
    for order in orders(context, round_, groups, after, state):
        for role, c in order:
            roles[c] = role
        try:
            functions, state_after, equal = _following(
                context, round_, known, after, dict(order), state, live, layer_of
            )
        except NetworkRefused as refusal:
            failed = failed or refusal
            continue
        found = {v: (_constant(before, now, v), function) for v, function in functions.items()}
        return Proved(held=held, roles=list(roles), live=found, state=state_after, final=final, equations=equal)
    raise failed or NetworkRefused("k", f"round {round_.number}: no order of the copies gives the machine's next state")


def _final(round_: NetworkRound, now: PhaseCircuit, after: PhaseCircuit) -> list[Control]:
    """The final controls: those of the last round that are not always 0 after its step. They are 0 in its step."""
    final = _silent(round_, after, "after its step")
    if final and not round_.last:
        raise NetworkRefused("e", f"a control that is not 0 after step {round_.number}", vertex=final[0].vertex)
    early = _stirring(final, now)
    if early:
        what = f"a final control that can be other than 0 in step {round_.number}: its edge moves"
        raise NetworkRefused("f", what, vertex=early[0].vertex)
    return final


def _constant(before: PhaseCircuit | None, now: PhaseCircuit, v: int) -> bool | None:
    """The constant that a vertex carries until its round is over, or None. (Before the first round there is no
    step.)"""
    found = {phase.literal(v) for phase in (before, now) if phase}
    return found == {TRUE} if len(found) == 1 and found <= {TRUE, FALSE} else None


def acting(round_: NetworkRound, phase: PhaseCircuit, c: int) -> int:
    """The literal that says where copy number ``c`` of ``round_`` (or side, if copies have two) acts in a
    ``phase``."""
    driver, at = round_.drivers[c]
    return phase.literal(driver) ^ (0 if at else 1)


def _roles(context: Context, round_: NetworkRound, now: PhaseCircuit, state: Sequence[int]) -> tuple[Groups, list[int]]:
    """For each set of roles with equal digits the copies that act where they are set; and the copies that never act."""
    if not now.circuit.same(acting(round_, now, 0), TRUE):
        raise NetworkRefused(
            "e", f"the clock of round {round_.number} does not act on every sample", vertex=round_.vc[0]
        )
    literals = [now.function(reference) for reference in state]
    asked = asked_of(context.machine.digits(now.circuit, now.x, literals, context.decoding.d))
    found: dict[int, list[int]] = {literal: [] for literal in asked}
    idle = []
    for c in range(1, len(round_.digits)):
        literal = now.circuit.among(acting(round_, now, c), [*asked, FALSE])
        if literal is None:
            raise NetworkRefused(
                "k", f"round {round_.number}: a copy that acts where no digit of a query is set", vertex=round_.vc[c]
            )
        if literal == FALSE:
            idle.append(c)
        else:
            found[literal].append(c)
    for literal, roles in asked.items():
        if len(found[literal]) == len(roles):
            continue
        _merge(now, asked, found, literal)
    return [(roles, found[literal]) for literal, roles in asked.items() if roles], idle


def _sided_roles(
    context: Context, round_: NetworkRound, now: PhaseCircuit, state: Sequence[int]
) -> tuple[Groups, list[int]]:
    """For each set of queries that are one function the copies that ask it: the minus side acts where it is -1, the
    plus side everywhere else. No copy is idle."""
    literals = [now.function(reference) for reference in state]
    asked: dict[int, list[Role]] = {}
    for role, literal in context.machine.digits(now.circuit, now.x, literals, 0).items():
        asked.setdefault(literal, []).append(role)
    found: dict[int, list[int]] = {literal: [] for literal in asked}
    for c in range(len(round_.digits)):
        plus, minus = acting(round_, now, 2 * c), acting(round_, now, 2 * c + 1)
        query = now.circuit.among(minus, asked)
        if query is None or not now.circuit.same(plus, minus ^ 1):
            what = "a copy whose minus side acts where no query is -1, or not its plus side elsewhere"
            raise NetworkRefused("k", f"round {round_.number}: {what}", vertex=round_.vc[2 * c])
        found[query].append(c)
    for literal, roles in asked.items():
        if len(found[literal]) != len(roles):
            _merge(now, asked, found, literal)
    return [(roles, found[literal]) for literal, roles in asked.items() if roles], []


def _merge(now: PhaseCircuit, asked: dict[int, list[Role]], found: dict[int, list[int]], literal: int) -> None:
    """Put together sets of roles whose digits are equal, though not by structure; NetworkRefused (k) if roles and
    copies do not come out even."""
    if not asked[literal]:
        return
    for other in asked:
        if (
            other != literal
            and asked[other]
            and len(found[other]) != len(asked[other])
            and now.circuit.same(literal, other)
        ):
            asked[literal] += asked[other]
            found[literal] += found[other]
            asked[other], found[other] = [], []
    if len(asked[literal]) != len(found[literal]):
        if now.circuit.same(literal, FALSE):
            asked[literal], found[literal] = [], []
            return
        raise NetworkRefused(
            "k",
            f"{len(found[literal])} copies for {', '.join(map(str, asked[literal][:3]))} "
            f"({len(asked[literal])} needed)",
        )


def held_in_step(context: Context, round_: NetworkRound, known: Known) -> Fraction:
    """What copies and controls of a round add up to in its step, whatever the copies are asked for; ``known`` is what
    vertices of earlier rounds carry, and ``context`` as for :func:`prove_round`."""
    return _held(round_, PhaseCircuit(context, round_, known, NOW))


def _held(round_: NetworkRound, now: PhaseCircuit) -> Fraction:
    """What copies and controls add up to in the round's step; NetworkRefused (e) if that depends on x, state or random
    bits."""
    total = Sum(now.circuit)
    for c, add in enumerate(round_.adds):
        total.add(acting(round_, now, c), add)
    for control in round_.controls:
        total.add_table(control.table, [now.literal(u) for u in control.operands], control.weight)
    left = total.left()
    if left:
        guilty = next((c for c in range(len(round_.adds)) if acting(round_, now, c) & ~1 in left), None)
        where = round_.vc[guilty] if guilty is not None else round_.controls[0].vertex if round_.controls else None
        raise NetworkRefused(
            "e",
            f"what copies and controls of round {round_.number} give to the output depends on the sample",
            vertex=where,
        )
    return total.rest


def _silent(round_: NetworkRound, phase: PhaseCircuit, when: str) -> list[Control]:
    """No copy acts in this phase; returns the controls that are not always 0, which only the last round may have,
    and only afterwards."""
    for c in range(len(round_.drivers)):
        if not phase.circuit.same(acting(round_, phase, c), FALSE):
            raise NetworkRefused("e", f"a copy of round {round_.number} that can act {when}", vertex=round_.vc[c])
    found = _stirring(round_.controls, phase)
    if found and phase.phase == BEFORE:
        raise NetworkRefused(
            "e", f"a control of round {round_.number} that can be other than 0 {when}", vertex=found[0].vertex
        )
    return found


def _stirring(controls: Sequence[Control], phase: PhaseCircuit) -> list[Control]:
    """Those of some controls that are not always 0 in a phase, whatever their weights to the output are."""
    found = []
    for control in controls:
        total = Sum(phase.circuit)
        literals = [phase.literal(u) for u in control.operands]
        total.add_table({bits: value * value for bits, value in control.table.items()}, literals, Fraction(1))
        if total.left() or total.rest:
            found.append(control)
    return found


def next_state(context: Context, after: PhaseCircuit, roles: dict[Role, int], state: Sequence[int]) -> list[int]:
    """The literals of the machine's next state, given which copy has which role."""
    records = {role: after.digits[c] for role, c in roles.items()}
    given = [after.function(reference) for reference in state]
    return context.machine.following(after.circuit, context.decoding, records, context.bits, after.random, given)


def _following(
    context: Context,
    round_: NetworkRound,
    known: Known,
    after: PhaseCircuit,
    roles: dict[Role, int],
    state: Sequence[int],
    live: Sequence[int],
    layer_of: Callable[[int], int],
) -> tuple[dict[int, int], tuple[int, ...], tuple[Equation, ...]]:
    """What the live vertices carry after the round, as functions; the machine's state, a function for each bit; and the
    equations between functions that hold then."""
    functions = context.functions
    literals = next_state(context, after, roles, state)
    of: dict[int, int] = {TRUE: TRUE_FUNCTION, FALSE: FALSE_FUNCTION}
    for i, literal in enumerate(literals):
        if literal not in of and context.solver:
            other = after.circuit.among(literal, of)
            literals[i] = literal = literal if other is None else other
        if literal not in of:
            of[literal], of[literal ^ 1] = functions.state(i), functions.state(i) ^ 1
    naming = Naming(context, round_, known, after, layer_of)
    found = naming.functions(of, live)
    return {v: found[v] for v in live if v in found}, tuple(of[literal] for literal in literals), naming.equations
