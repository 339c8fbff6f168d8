"""Designs: circuits and machines written with vectors of bits (Lemma 10's hypothesis; the language is in
``bits.py``)."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from constructions.computation.bits import Bits, constant, text_of
from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine, machine_of
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole

MOST_BITS = 1 << 24


class Design:
    """A circuit or a machine being written; inputs and state may be declared at any time.

    A vector a of n bits has the inputs a[0], ..., a[n-1], least first; a vector of one bit is just a. So have outputs
    and state.

    >>> design = Design()
    >>> step, total = design.input("step", 3), design.state("total", 3, start=5)
    >>> design.becomes(total, total + step)
    >>> design.output("total", total)
    >>> [found["total"] for found in design.simulate([{"step": 2}] * 3)]
    [5, 7, 1]
    >>> len(design.machine().next), design.machine().outputs
    (3, ('total[0]', 'total[1]', 'total[2]'))
    >>> top = Design()
    >>> top.output("top", top.input("a", 2)[1:])
    >>> top.circuit().evaluate({"a[0]": 1, "a[1]": 0})
    {'top': 0}
    >>> Design().constant(-1, 3), Design().constant(5, 3)
    (<-1: 3 bits>, <5: 3 bits>)
    """

    def __init__(self) -> None:
        self.builder = Builder()
        self.widths: dict[str, int] = {}
        self._outputs: dict[str, Bits] = {}
        self._state: dict[str, tuple[Bits, int | None]] = {}
        self._next: dict[str, Bits] = {}

    def input(self, name: str, width: int = 1) -> Bits:
        """A new input vector of this name and width (bits).

        Raises
        ------
        ConstructionError
            For a name in use, or a width below 1.
        """
        _check_name(name, self.widths)
        _check_width(width, f"input {name!r}")
        self.widths[name] = width
        return Bits(self.builder, tuple(self.builder.input(bit) for bit in places(name, width)), name)

    def constant(self, value: int, width: int) -> Bits:
        """A number, ``value``, as a vector of so many bits (``width``); it may be negative, in two's complement.

        Raises
        ------
        ConstructionError
            For a number that does not fit.
        """
        _check_width(width, f"constant({value})")
        return constant(self.builder, value, width)

    def state(self, name: str, width: int = 1, *, start: int | None = 0) -> Bits:
        """A vector that the machine remembers: ``start`` at first (None: any value), then what it :meth:`becomes`.

        Parameters
        ----------
        name, width : what the vector is called, and how many bits it has.
        start : its number before the first step.

        Raises
        ------
        ConstructionError
            For a name in use, or a start that does not fit.
        """
        if start is not None:
            self.constant(start, width)
        vector = self.input(name, width)
        self._state[name] = (vector, start)
        return vector

    def becomes(self, state: Bits, value: Bits | int) -> None:
        """Say what a state vector is after the step; once.

        Raises
        ------
        ConstructionError
            For a vector that is no state of this design, a second time, or a value of another width.
        """
        name = next((name for name, (vector, _) in self._state.items() if vector is state), None)
        if name is None:
            raise ConstructionError(f"need a state vector of this design, got {text_of(state)}")
        if name in self._next:
            raise ConstructionError(f"need one next value for a state, got a second, at {name}")
        self._next[name] = state.operand(value, f"({name} becomes {text_of(value)})")

    def output(self, name: str, value: Bits) -> None:
        """Name an output vector, ``value``.

        Raises
        ------
        ConstructionError
            For a name in use, or a vector of another design.
        """
        _check_name(name, self._outputs)
        if not isinstance(value, Bits) or value.builder is not self.builder:
            raise ConstructionError(f"need a vector of this design, got {text_of(value)}, at output {name!r}")
        self._outputs[name] = value

    def circuit(self) -> FlatCircuit:
        """The circuit; what no output needs is left out.

        Raises
        ------
        ConstructionError
            If the design has a state: then it is a :meth:`machine`.
        """
        if self._state:
            raise ConstructionError(
                f"need a design without state for a circuit, got {next(iter(self._state))}; use machine()"
            )
        self.builder.outputs = _named("", self._outputs)
        return self.builder.circuit()

    def machine(self) -> Machine:
        """The machine; what neither an output nor a state needs is left out.

        Raises
        ------
        ConstructionError
            For a state of which :meth:`becomes` was never said.
        """
        unset = [name for name in self._state if name not in self._next]
        if unset:
            raise ConstructionError(f"need a next value for every state, got none, at {unset[0]}")
        start: list[bool | None] = []
        for name, (_, value) in self._state.items():
            start += [None if value is None else bool(value >> i & 1) for i in range(self.widths[name])]
        self.builder.outputs = _named("o ", self._outputs) | _named(
            "s ", {name: self._next[name] for name in self._state}
        )
        order = [name for name in self.widths if name not in self._state] + list(self._state)
        return machine_of(
            self.builder.circuit([bit for name in order for bit in places(name, self.widths[name])]), start=start
        )

    def evaluate(self, **inputs: int) -> dict[str, int]:
        """The outputs of the circuit for numbers as inputs. Raises ConstructionError unless each has a number that
        fits, and for a design with state."""
        return self._read(self.circuit().evaluate(self._given(inputs)))

    def simulate(self, inputs: Iterable[Mapping[str, int]]) -> Iterator[dict[str, int]]:
        """The outputs of the machine at each step, for numbers as inputs; a state without a start value is 0."""
        return map(self._read, self.machine().simulate(map(self._given, inputs)))

    def _given(self, inputs: Mapping[str, int]) -> dict[str, int]:
        wanted = [name for name in self.widths if name not in self._state]
        if set(inputs) != set(wanted):
            raise ConstructionError(f"need numbers for {wanted}, got {sorted(inputs)}")
        wrong = [name for name in wanted if not 0 <= inputs[name] < 1 << self.widths[name]]
        if wrong:
            raise ConstructionError(
                f"need a number of {self.widths[wrong[0]]} bits, got {inputs[wrong[0]]}, at {wrong[0]}"
            )
        return {bit: inputs[name] >> i & 1 for name in wanted for i, bit in enumerate(places(name, self.widths[name]))}

    def _read(self, found: Mapping[str, int]) -> dict[str, int]:
        return {
            name: sum(found[bit] << i for i, bit in enumerate(places(name, len(value))))
            for name, value in self._outputs.items()
        }


def places(name: str, width: int) -> list[str]:
    """The names of the bits of a vector of this name and width, least first.

    >>> places("a", 2), places("a", 1)
    (['a[0]', 'a[1]'], ['a'])
    """
    return [name] if width == 1 else [f"{name}[{i}]" for i in range(width)]


def _named(mark: str, vectors: Mapping[str, Bits]) -> dict[str, int]:
    return {
        mark + bit: literal
        for name, vector in vectors.items()
        for bit, literal in zip(places(name, len(vector)), vector.literals, strict=True)
    }


def _check_name(name: str, known: Collection[str]) -> None:
    if not name or "[" in name or "]" in name:
        raise ConstructionError(f"need a name without brackets, got {name!r}")
    if name in known:
        raise ConstructionError(f"need a new name, got {name!r} twice")


def _check_width(width: int, where: str) -> None:
    if whole(width, where=where, least=1) > MOST_BITS:
        raise ConstructionError(f"need a width of at most {MOST_BITS}, got {width}, at {where}")
