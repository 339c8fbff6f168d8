"""ISCAS-85 c17, the smallest benchmark circuit, from its six NANDs."""

from constructions.computation.flat import FlatCircuit, Gates

NANDS = {
    "10": ("1", "3"),
    "11": ("3", "6"),
    "16": ("2", "11"),
    "19": ("11", "7"),
    "22": ("10", "16"),
    "23": ("16", "19"),
}


def c17() -> FlatCircuit:
    """Five inputs, two outputs, six NANDs, each one row: an OR of two negated literals.

    >>> c17().evaluate({"1": 1, "2": 0, "3": 1, "6": 0, "7": 0})
    {'22': 1, '23': 0}
    """
    inputs = ("1", "2", "3", "6", "7")
    at = {name: i for i, name in enumerate((*inputs, *NANDS))}
    rows = [(1, sorted(2 * at[name] + 1 for name in operands)) for operands in NANDS.values()]
    signals = {at[name]: name for name in NANDS}
    return FlatCircuit(
        inputs=inputs, gates=Gates.of(rows), outputs={name: 2 * at[name] for name in ("22", "23")}, signals=signals
    )
