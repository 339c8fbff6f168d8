"""Claims about the samples of a decoded batch: they are the batch, in some order."""

from collections.abc import Callable, Iterator
from typing import Any

from constructions.computation.batch_gates import DecodedBatch, digits_of_entries
from constructions.computation.batch_samples import WrittenSample, written_samples
from constructions.computation.builder import Builder
from constructions.strip.family import balances
from verify.claims.computation.batch_gates import in_lanes
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Write = Callable[[Builder, DecodedBatch, int], list[WrittenSample]]


def one_fewer(builder: Builder, batch: DecodedBatch, b: int) -> list[WrittenSample]:
    """All samples but the first (a twin's)."""
    return written_samples(builder, batch, b)[1:]


def _batches() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b} for n, b in ((1, 1), (2, 1), (1, 3), (2, 2), (2, 3)))


@obligation(
    "strip.gates.samples",
    paper="the strip",
    kind="enumeration",
    domain=_batches,
    expect=Verdict.CHECKED,
    finite="all functions with a norm of at most b, for five pairs n, b with n at most 2 and b at most 3",
    of=lambda case: written_samples,
    twin=lambda case: one_fewer,
)
def samples_are_the_batch(write: Write, case: Case) -> None:
    """Of an integer function with a norm of at most b, the circuit writes so many samples with label 0 at each point as
    its value there, or with label 1 if it is negative, and no others."""
    n, b = int(case.integer("n")), int(case.integer("b"))
    width, places = digits_of_entries(b), 1 << n
    builder = Builder()
    points = [[builder.input(f"point {s} {i}") for i in range(n)] for s in range(b + 1)]
    entries = [[builder.input(f"entry {s} {i}") for i in range(width)] for s in range(b + 1)]
    for k, sample in enumerate(write(builder, DecodedBatch(points, entries, 0), b)):
        named = {"taken": sample.taken, "label": sample.label} | {f"bit {i}": bit for i, bit in enumerate(sample.point)}
        for name, literal in named.items():
            builder.output(f"{name} of {k}", literal)
    every_one = [one for size in range(b + 1) for one in balances(n, size)]

    def given(balance: dict[tuple[int, ...], int]) -> dict[str, int]:
        found = dict.fromkeys(builder.inputs, 0)
        for s, (x, many) in enumerate(balance.items()):
            found |= {f"point {s} {i}": bit for i, bit in enumerate(x)}
            found |= {f"entry {s} {i}": many >> i & 1 for i in range(width)}
        return found

    out = builder.circuit().evaluate(in_lanes(map(given, every_one)), width=len(every_one))
    made = len({name.split(" of ")[1] for name in out})
    wrong = 0
    for lane, balance in enumerate(every_one):
        count = dict.fromkeys(balance, 0)
        for k in range(made):
            bit = {
                name: out[f"{name} of {k}"] >> lane & 1 for name in ("taken", "label", *(f"bit {i}" for i in range(n)))
            }
            x = tuple(bit[f"bit {i}"] for i in range(n))
            if bit["taken"]:
                count[x] = count.get(x, 0) + 1 - 2 * bit["label"]
        wrong += count != balance
    case.show("all are written", wrong == 0 and len(every_one) > places)
