"""Learners in bits as methods of the paper's definitions, and circuits with state as learners in bits.

A *learner in bits* (:class:`constructions.computation.extraction_machine.LearnerInBits`) takes in a sample at a time, a
*query machine* (:class:`constructions.computation.query_machine.QueryMachine`) asks queries. Here each becomes the
method that it is: a PAC method, or one that asks queries, so that errors can be measured and the network that runs it
be compared with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import cast

from constructions.computation.bits import Bits, concat
from constructions.computation.builder import assignments
from constructions.computation.design import Design, places
from constructions.computation.extraction_machine import Draw, LearnerInBits
from constructions.computation.machines import Machine
from constructions.computation.query_machine import Fixed, QueryMachine
from constructions.computation.sample_learners import fed
from constructions.errors import ConstructionError
from constructions.foundations.rounding import clip
from constructions.learning.models import BSQ, PAC, Answers, Query, QueryMethod, SampleMethod, State
from constructions.learning.problems import Bits as Point
from constructions.learning.problems import Predictor

TABULATED = 11
"""Up to so many bits of x a learner in bits is asked at all points at once."""
PORTS = ("x", "taken", "label", "point")
"""The inputs of a circuit that is a learner from samples; its output is ``predict``."""


def sample_method(learner: LearnerInBits, m: int) -> SampleMethod:
    """The PAC method that gives a learner its m samples one by one, then asks it at each point.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> method = sample_method(conjunction_learner(2), 1)
    >>> method.budget, method.learn((((1, 0), 1),), ())((1, 0)), method.learn((((1, 0), 1),), ())((1, 1))
    (PAC(m=1, r=0), Fraction(1, 1), Fraction(0, 1))
    """
    machine, n = fed(learner, m), learner.n
    form = Fixed(width=learner.fraction + 1, fraction=learner.fraction)
    named = {name: places(name, n if name in ("x", "point") else 1) for name in PORTS}
    told = places("predict", form.width)

    def given(x: Sequence[int], label: int, point: Sequence[int], taken: int) -> dict[str, int]:
        rows = {"x": x, "taken": (taken,), "label": (label,), "point": point}
        return {name: bit for port, row in rows.items() for name, bit in zip(named[port], row, strict=True)}

    def learn(sample: Sequence[tuple[Point, int]], bits: Point) -> Predictor:
        state = machine.first_state()
        for x, y in sample:
            state, _ = machine.step(state, given((0,) * n, y, x, 1))

        words, width = assignments(n) if n <= TABULATED else ([], 1)
        full = (1 << width) - 1
        rows = {name: full * bit for name, bit in state.items()}
        _, table = machine.step(rows, given(words, 0, (0,) * n, 0), width=width) if words else ({}, {})

        def predict(x: Point) -> Fraction:
            found, place = table, sum(bit << i for i, bit in enumerate(x)) if words else 0
            if not words:
                _, found = machine.step(state, given(x, 0, (0,) * n, 0))
            return form.value_of(sum((found[name] >> place & 1) << i for i, name in enumerate(told)))

        return predict

    return SampleMethod(n=n, budget=PAC(m=m), learn=learn)


def learner_of_circuit(machine: Machine) -> LearnerInBits:
    """The learner from samples that a circuit with state is: inputs ``x``, ``taken``, ``label`` and ``point``, whose
    bits are numbered from 0; output ``predict``, a number over 2^f in f + 1 bits.

    Raises
    ------
    ConstructionError
        For other ports, a state without start values or one that depends on x, or that changes where no sample is
        taken, so far as this can be seen: the last is left to the learner.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> made = learner_of_circuit(fed(conjunction_learner(2), 1))
    >>> made.n, made.fraction
    (2, 0)
    """
    n = sum(1 for name in machine.inputs if name.partition("[")[0] == "x")
    wanted = [name for port in PORTS for name in places(port, n if port in ("x", "point") else 1)]
    told = places("predict", len(machine.outputs))
    if n < 1 or sorted(machine.inputs) != sorted(wanted) or sorted(machine.outputs) != sorted(told):
        got = f"{', '.join(machine.inputs)}; {', '.join(machine.outputs)}"
        raise ConstructionError(f"need the inputs x, taken, label, point and the output predict, got {got[:200]}")
    if None in machine.start:
        raise ConstructionError("need a start value for every state bit, got one without")
    cone = machine.circuit.cone(machine.next)
    fed_by_x = [name for i, name in enumerate(machine.inputs) if cone[i] and name.partition("[")[0] == "x"]
    if fed_by_x:
        raise ConstructionError(f"need a next state that does not depend on x, got one on {fed_by_x[0]}")
    exposed, first = machine.exposed(), machine.first_state()

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        state = {name: design.state(f"own{i}", start=first[name]) for i, name in enumerate(machine.state)}
        rows = {"x": x, "taken": draw.taken, "label": draw.label, "point": draw.point}
        given = {name: bit for port, row in rows.items() for name, bit in zip(places(port, len(row)), row, strict=True)}
        found = design.builder.stamp(exposed, [(given | state)[name].literals[0] for name in exposed.inputs])
        for name, held in state.items():
            after = Bits(design.builder, (found[f"s {name}"],), name)
            design.becomes(held, (after & draw.taken) | (held & ~draw.taken))
        return concat(*(Bits(design.builder, (found[f"o {name}"],), name) for name in told))

    return LearnerInBits(n=n, fraction=len(told) - 1, write=write)


@dataclass(frozen=True, slots=True)
class _Held:
    """A machine's state as the bits in their order, the random bits that are left, and the label of the round."""

    bits: Point
    random: Point
    label: int


def query_method(machine: QueryMachine, *, b: int, tau: Fraction) -> QueryMethod:
    """The bSQ method on one label at a time that a query machine is; it rounds answers to the machine's places.

    Parameters
    ----------
    machine : what asks. b, tau : the batch size and the tolerance of its budget.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> made = query_method(best_literal_machine(1, fraction=4), b=4, tau=Fraction(1, 16))
    >>> made.budget
    BSQ(k=2, tau=Fraction(1, 16), b=4, p=2, r=0, alternating=True)
    >>> made.ask(made.start(()), 1)((1,), 1)
    (Fraction(1, 1), Fraction(1, 1))
    """
    steps, random = _MachineSteps(machine), machine.random_bits
    return QueryMethod(
        n=machine.inputs,
        budget=BSQ(k=machine.rounds, tau=tau, b=b, p=machine.parallel, r=machine.rounds * random, alternating=True),
        start=steps.start,
        query=steps.query,
        after=steps.after,
        predictor=steps.predictor,
    )


@dataclass(frozen=True, slots=True)
class _MachineSteps:
    """The functions of the method that a query machine is."""

    machine: QueryMachine

    def start(self, bits: Point) -> State:
        """The machine's own start; ``bits`` are those of all rounds."""
        return _Held(tuple(self.machine.start().values()), bits, 1)

    def query(self, state: State) -> Query:
        """The queries of the machine's state, on the label of the round."""
        held = cast(_Held, state)
        now, zero = self._named(held), (Fraction(0),) * self.machine.parallel
        return lambda x, y: self.machine.ask(now, x) if y == held.label else zero

    def after(self, state: State, answers: Answers) -> State:
        """The state after a round, from the answers in the machine's places."""
        held, unit, many = cast(_Held, state), 1 << self.machine.answer_fraction, self.machine.random_bits
        near = [Fraction(floor(clip(answer) * unit + Fraction(1, 2)), unit) for answer in answers]
        following = self.machine.after(self._named(held), near, held.random[:many])
        return _Held(tuple(following.values()), held.random[many:], 1 - held.label)

    def predictor(self, state: State) -> Predictor:
        """What the machine predicts in a state."""
        now = self._named(cast(_Held, state))
        return lambda x: self.machine.predict(now, x)

    def _named(self, held: _Held) -> dict[str, int]:
        return dict(zip(self.machine.machine.state, held.bits, strict=True))
