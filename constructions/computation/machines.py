"""Machines: sequential circuits, a state that a circuit computes anew at every step from itself and the inputs.

A time-bounded computation is a machine run for some number of steps, or one circuit: the machine unrolled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit
from constructions.computation.watching import WATCHERS, tell
from constructions.errors import ConstructionError
from constructions.foundations.shown import Shown

Start = bool | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Machine(Shown):
    """A circuit with state; a value.

    Parameters
    ----------
    circuit : its inputs are the machine's inputs, then the state; its outputs are the machine's.
    next : for each state bit, the literal of its value after the step.
    start : for each state bit, its value at first (None: any).

    Raises
    ------
    ConstructionError
        For state bits without a next value or a start, or a next value that is no literal of the circuit.

    >>> from constructions.computation.flat import Gates
    >>> rows = Gates.of([(1, (0, 2)), (1, (1, 3)), (2, (4, 6))])
    >>> flip = FlatCircuit(inputs=("go", "q"), gates=rows, outputs={"now": 2})
    >>> toggle = Machine(circuit=flip, next=(8,), start=(False,))
    >>> [outputs["now"] for outputs in toggle.simulate([{"go": 1}] * 3)]
    [0, 1, 0]
    >>> toggle.first_state(), toggle.step({"q": 1}, {"go": 0})
    ({'q': 0}, ({'q': 1}, {'now': 1}))
    """

    circuit: FlatCircuit
    next: tuple[int, ...] = ()
    start: tuple[Start, ...] = ()

    def __post_init__(self) -> None:
        if len(self.next) != len(self.start) or len(self.next) > len(self.circuit.inputs):
            got = f"{len(self.next)} and {len(self.start)}, with {len(self.circuit.inputs)} inputs of the circuit"
            raise ConstructionError(f"need a next and a start for each state bit, got {got}")
        wrong = [literal for literal in self.next if not 0 <= literal < 2 * self.circuit.size]
        if wrong:
            raise ConstructionError(f"need a literal below {2 * self.circuit.size} as the next state, got {wrong[0]}")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return self.circuit.inputs[: len(self.circuit.inputs) - len(self.next)]

    @property
    def state(self) -> tuple[str, ...]:
        """Names of the state bits."""
        return self.circuit.inputs[len(self.circuit.inputs) - len(self.next) :]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return tuple(self.circuit.outputs)

    def first_state(self, *, width: int = 1, free: Mapping[str, int] | None = None) -> dict[str, int]:
        """The state at first, for ``width`` runs at once; ``free`` gives the bits that may start as they like (0 if not
        given). Raises ConstructionError for other bits in ``free``."""
        mask, given = (1 << width) - 1, free or {}
        bound = sorted(set(given) - {name for name, start in zip(self.state, self.start, strict=True) if start is None})
        if bound:
            raise ConstructionError(f"need state bits without a start value, got {bound[0]!r}")
        return {
            name: given.get(name, 0) & mask if start is None else mask * start
            for name, start in zip(self.state, self.start, strict=True)
        }

    def step(
        self, state: Mapping[str, int], inputs: Mapping[str, int], *, width: int = 1
    ) -> tuple[dict[str, int], dict[str, int]]:
        """One step of ``width`` runs at once: the next state and the outputs. ``state`` and ``inputs`` give each bit's
        values, as integers whose bit j is that of run j. Raises ConstructionError unless every one has a value."""
        given = {**inputs, **state}
        if set(given) != set(self.circuit.inputs) or len(given) != len(inputs) + len(state):
            self.circuit.check_shared(given, self.circuit.inputs, what="input or state bit")
            lost = sorted(set(given) ^ set(self.circuit.inputs))[:3]
            raise ConstructionError(f"need a value for each input and state bit, got another set, at {lost}")
        values, mask = self.circuit.values([given[name] for name in self.circuit.inputs], width=width), (1 << width) - 1

        def value(literal: int) -> int:
            return values[literal >> 1] ^ (mask if literal & 1 else 0)

        after = {name: value(literal) for name, literal in zip(self.state, self.next, strict=True)}
        found = {name: value(literal) for name, literal in self.circuit.outputs.items()}
        if WATCHERS:
            outputs = {f"o {name}": bit for name, bit in found.items()}
            tell(self.exposed(), given, outputs | {f"s {name}": bit for name, bit in after.items()}, width)
        return after, found

    def simulate(
        self, inputs: Iterable[Mapping[str, int]], *, width: int = 1, free: Mapping[str, int] | None = None
    ) -> Iterator[dict[str, int]]:
        """The outputs of each step, for ``width`` runs at once. ``inputs`` has the values of one step after another, as
        :meth:`step` takes them; ``free`` is as in :meth:`first_state`."""
        state = self.first_state(width=width, free=free)
        for given in inputs:
            state, outputs = self.step(state, given, width=width)
            yield outputs

    def unroll(self, steps: int) -> FlatCircuit:
        """``steps`` steps as one circuit.

        Its inputs are the state bits without a start value, then ``x@t`` for every input x and step t; its outputs are
        ``y@t`` for every output y, and ``q@steps`` for every state bit q.

        Raises
        ------
        ConstructionError
            For a negative number of steps.

        >>> from constructions.computation.flat import Gates
        >>> delay = FlatCircuit(inputs=("x", "q"), gates=Gates.of([]), outputs={"y": 2})
        >>> Machine(circuit=delay, next=(0,), start=(False,)).unroll(2).evaluate({"x@0": 1, "x@1": 0})
        {'y@0': 0, 'y@1': 1, 'q@2': 0}
        """
        if steps < 0:
            raise ConstructionError(f"need a number of steps >= 0, got {steps}")
        builder = Builder()
        now = {
            name: builder.input(name) if start is None else -1 - (not start)
            for name, start in zip(self.state, self.start, strict=True)
        }
        given = [{name: builder.input(f"{name}@{t}") for name in self.inputs} for t in range(steps)]
        exposed = self.exposed()
        for t in range(steps):
            found = builder.stamp(
                exposed, [given[t][name] for name in self.inputs] + [now[name] for name in self.state]
            )
            for name in self.outputs:
                builder.output(f"{name}@{t}", found[f"o {name}"])
            now = {name: found[f"s {name}"] for name in self.state}
        for name, literal in now.items():
            builder.output(f"{name}@{steps}", literal)
        return builder.circuit()

    def exposed(self) -> FlatCircuit:
        """The circuit of one step with outputs ``o y`` for every output y and ``s q`` for the next value of every
        state bit q."""
        outputs = {f"o {name}": literal for name, literal in self.circuit.outputs.items()}
        outputs |= {f"s {name}": literal for name, literal in zip(self.state, self.next, strict=True)}
        circuit = self.circuit
        return FlatCircuit(
            inputs=circuit.inputs, gates=circuit.gates, outputs=outputs, signals=circuit.signals, labels=circuit.labels
        )


def machine_of(exposed: FlatCircuit, *, start: Sequence[Start]) -> Machine:
    """A machine from the circuit of one step, as :meth:`Machine.exposed` gives it, and ``start``, the state bits'
    values at first.

    >>> from constructions.computation.flat import Gates
    >>> delay = FlatCircuit(inputs=("x", "q"), gates=Gates.of([]), outputs={"y": 2})
    >>> exposed = Machine(circuit=delay, next=(0,), start=(False,)).exposed()
    >>> made = machine_of(exposed, start=(False,))
    >>> exposed.outputs, made.inputs, made.state, made.outputs, made.next
    ({'o y': 2, 's q': 0}, ('x',), ('q',), ('y',), (0,))
    """
    outputs = {name[2:]: literal for name, literal in exposed.outputs.items() if name.startswith("o ")}
    state = exposed.inputs[len(exposed.inputs) - len(start) :]
    circuit = FlatCircuit(
        inputs=exposed.inputs, gates=exposed.gates, outputs=outputs, signals=exposed.signals, labels=exposed.labels
    )
    return Machine(circuit=circuit, next=tuple(exposed.outputs[f"s {name}"] for name in state), start=tuple(start))
