"""Boolean circuits (Lemma 10's hypothesis): named inputs, gates NOT, AND, OR, threshold and constants, named
outputs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.loading import loaded_when_used

with loaded_when_used(__name__):
    import networkx as nx

ARITY = {"true": (0, 0), "false": (0, 0), "not": (1, 1), "and": (1, None), "or": (1, None), "threshold": (1, None)}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its kind (a key of :data:`ARITY`), the vertices that feed it, and k for a threshold-k gate.

    Raises
    ------
    ConstructionError
        For an unknown kind, a number of inputs that the kind does not take, an input twice, or k < 0.

    >>> Gate("threshold", ("a", "b", "c"), 2).value([True, False, True])
    True
    """

    kind: str
    inputs: tuple[str, ...] = ()
    k: int = 1

    def __post_init__(self) -> None:
        if self.kind not in ARITY:
            raise ConstructionError(f"need a gate among {sorted(ARITY)}, got {self.kind!r}")
        least, most = ARITY[self.kind]
        if len(self.inputs) < least or (most is not None and len(self.inputs) > most):
            more = " or more" if most is None else ""
            raise ConstructionError(f"need {least} inputs{more} at a {self.kind} gate, got {len(self.inputs)}")
        whole(self.k, where=f"threshold of a {self.kind} gate")
        if len(set(self.inputs)) != len(self.inputs):
            raise ConstructionError(f"need different inputs, got {list(self.inputs)}, at a {self.kind} gate")

    def value(self, bits: Iterable[bool]) -> bool:
        """The bit that the gate gives for the bits of its inputs."""
        found = sum(bits)
        n = len(self.inputs)
        least = {"true": 0, "false": 1, "not": 0, "and": n, "or": 1, "threshold": self.k}[self.kind]
        return found == 0 if self.kind == "not" else found >= least


class Circuit:
    """A circuit over an acyclic graph. It is a value: it never changes, and equal circuits are the same.

    Parameters
    ----------
    inputs : the names of the inputs, in order.
    gates : for each name of a gate, the gate.
    outputs : names of inputs or gates.

    Raises
    ------
    ConstructionError
        For a name used twice, an input or output that is not there, or a cycle.

    >>> half_adder = Circuit(
    ...     inputs=("a", "b"),
    ...     gates={"carry": Gate("and", ("a", "b")), "any": Gate("or", ("a", "b")), "both": Gate("not", ("carry",)),
    ...            "sum": Gate("and", ("any", "both"))},
    ...     outputs=("sum", "carry"))
    >>> half_adder(a=True, b=True)
    {'sum': False, 'carry': True}
    >>> half_adder.values(a=True, b=False)["both"], sorted(half_adder.graph.predecessors("sum"))
    (True, ['any', 'both'])
    """

    def __init__(self, *, inputs: Iterable[str], gates: Mapping[str, Gate], outputs: Iterable[str]) -> None:
        self.inputs, self.outputs = tuple(inputs), tuple(outputs)
        self.gates: Mapping[str, Gate] = MappingProxyType(dict(gates))
        known = {*self.inputs, *self.gates}
        if len(known) != len(self.inputs) + len(self.gates):
            raise ConstructionError("need different names for inputs and gates, got one name twice")
        for name, gate in self.gates.items():
            lost = [u for u in gate.inputs if u not in known]
            if lost:
                raise ConstructionError(f"need an input or a gate, got {lost[0]!r}, at gate {name!r}")
        lost = [v for v in self.outputs if v not in known]
        if lost:
            raise ConstructionError(f"need outputs that are inputs or gates, got {lost[0]!r}")
        graph = self.graph
        if not nx.is_directed_acyclic_graph(graph):
            raise ConstructionError(f"need an acyclic circuit, got the cycle {[u for u, _ in nx.find_cycle(graph)]}")
        self.order = tuple(v for v in nx.lexicographical_topological_sort(graph) if v in self.gates)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Circuit) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.inputs, tuple(sorted(self.gates.items(), key=lambda item: item[0])), self.outputs

    def __repr__(self) -> str:
        return f"Circuit(inputs={self.inputs!r}, gates={dict(self.gates)!r}, outputs={self.outputs!r})"

    @property
    def graph(self) -> "nx.DiGraph[str]":
        """The circuit as a graph; a gate's vertex has its ``kind`` (and ``k``)."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.inputs, kind="input")
        for name, gate in self.gates.items():
            graph.add_node(name, kind=gate.kind, k=gate.k)
            graph.add_edges_from((u, name) for u in gate.inputs)
        return graph

    def values(self, **inputs: bool) -> dict[str, bool]:
        """The value of every input and gate. Raises ConstructionError unless each input gets a value."""
        if set(inputs) != set(self.inputs):
            raise ConstructionError(f"need values for {sorted(self.inputs)}, got {sorted(inputs)}")
        values = dict(inputs)
        for name in self.order:
            gate = self.gates[name]
            values[name] = gate.value(values[u] for u in gate.inputs)
        return values

    def __call__(self, **inputs: bool) -> dict[str, bool]:
        """The values of the outputs."""
        values = self.values(**inputs)
        return {v: values[v] for v in self.outputs}


class Draft:
    """A circuit being written: each call adds gates and returns the name of the last one.

    >>> draft = Draft("a", "b")
    >>> out = draft.xor("a", "b", name="differs")
    >>> draft.circuit(out)(a=True, b=False)
    {'differs': True}
    >>> three = Draft("low", "high")
    >>> enough = three.at_least(("low", "high"), 3)
    >>> three.add("not", enough), three.circuit(enough).gates["g1"]
    ('g2', Gate(kind='and', inputs=('high', 'low'), k=1))
    """

    def __init__(self, *inputs: str) -> None:
        self.inputs = inputs
        self.gates: dict[str, Gate] = {}

    def add(self, kind: str, *inputs: str, name: str = "", k: int = 1) -> str:
        """Add a gate of a kind over some inputs, with ``k`` for a threshold, and return its name; without one it is
        called g1, g2, ...

        Raises
        ------
        ConstructionError
            For a name that is used already, and as :class:`Gate`.
        """
        fresh = (f"g{i}" for i in count(len(self.gates) + 1))
        name = name or next(g for g in fresh if g not in self.gates and g not in self.inputs)
        if name in self.gates or name in self.inputs:
            raise ConstructionError(f"need a new name, got {name!r}")
        self.gates[name] = Gate(kind, inputs, k)
        return name

    def negate(self, a: str, *, name: str = "") -> str:
        """Add a gate NOT of one vertex; returns its name."""
        return self.add("not", a, name=name)

    def both(self, *inputs: str, name: str = "") -> str:
        """Add a gate AND of any number of vertices; returns its name."""
        return self.add("and", *inputs, name=name)

    def either(self, *inputs: str, name: str = "") -> str:
        """Add a gate OR of any number of vertices; returns its name."""
        return self.add("or", *inputs, name=name)

    def xor(self, a: str, b: str, *, name: str = "") -> str:
        """Exactly one of two vertices: (a or b) and not (a and b); ``name`` is the last gate's."""
        return self.both(self.either(a, b), self.negate(self.both(a, b)), name=name)

    def at_least(self, digits: tuple[str, ...], bound: int, *, name: str = "") -> str:
        """Whether the number with these binary digits (least first) is at least an odd ``bound``; every digit is used.
        The last gate gets the ``name``.

        Raises
        ------
        ConstructionError
            For a bound that is even, or not between 0 and the largest number of so many digits.
        """
        if bound % 2 == 0 or not 0 < bound < 2 ** len(digits):
            raise ConstructionError(f"need an odd bound below {2 ** len(digits)}, got {bound}")
        found = digits[0] if len(digits) > 1 or not name else self.either(digits[0], name=name)
        for i, digit in enumerate(digits[1:], 1):
            last = name if i == len(digits) - 1 else ""
            found = self.add("and" if bound >> i & 1 else "or", digit, found, name=last)
        return found

    def circuit(self, *outputs: str) -> Circuit:
        """The finished circuit."""
        return Circuit(inputs=self.inputs, gates=self.gates, outputs=outputs)
