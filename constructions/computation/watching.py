"""Who watches the evaluation of circuits: while a claim is gone through, somebody may want to know which circuits were
evaluated, at what, with which outputs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Watcher = Callable[[Any, Mapping[str, int], Mapping[str, int], int], None]
"""Is told the circuit, its inputs and outputs by name, and how many assignments stand side by side in them."""
WATCHERS: list[Watcher] = []


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Tell a ``watcher`` of every evaluation of a circuit by its inputs' names, and of every step of a machine.

    >>> from constructions.computation.flat import FlatCircuit, Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"y": 4})
    >>> with watching(lambda circuit, inputs, outputs, width: print(inputs, outputs, width)):
    ...     found = both.evaluate({"a": 0b011, "b": 0b101}, width=3)
    {'a': 3, 'b': 5} {'y': 1} 3
    """
    WATCHERS.append(watcher)
    try:
        yield
    finally:
        WATCHERS.remove(watcher)


def tell(circuit: Any, inputs: Mapping[str, int], outputs: dict[str, int], width: int = 1) -> dict[str, int]:
    """Tell everybody who watches of an evaluation: the circuit, its inputs and outputs, and how many assignments
    (``width``) they have; the outputs are returned.

    >>> tell(None, {}, {"y": 1})
    {'y': 1}
    """
    for watcher in WATCHERS:
        watcher(circuit, inputs, outputs, width)
    return outputs
