"""The machine of Theorem 2a follows the method of which it is made, round by round."""

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from constructions.computation.counts import fewest_places
from constructions.computation.extraction_both import both_labels_machine, both_ports, given_to
from constructions.computation.machines import Machine
from constructions.computation.sample_learners import memoriser_learner
from constructions.learning.learners import memoriser
from constructions.learning.models import QueryMethod
from constructions.learning.problems import labelled_points
from constructions.reductions.one_bit import VERSIONS
from constructions.reductions.sample_extract import Extracting, Extraction, extraction_method
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def code_of(found: dict[str, int], name: str) -> int:
    """The number that an output has.

    >>> code_of({"a[0]": 0, "a[1]": 1}, "a")
    2
    """
    bits = [value for key, value in found.items() if key == name or key.startswith(f"{name}[")]
    return sum(bit << i for i, bit in enumerate(bits))


def runs_of_an_extraction() -> Iterator[dict[str, Any]]:
    """Both versions, small n and b, seeds."""
    for version, n, b, seed in product((0, 1), (1, 2, 3), (1, 3, 4), (0, 1)):
        yield {"look": version, "n": n, "b": b, "seed": seed}


@cache
def extraction_of(look: int, n: int, b: int, broken: bool) -> tuple[Extraction, QueryMethod, Machine]:
    """The extraction, its method and its machine, for a memoriser of two samples; broken, the machine is made for other
    tosses of the coin."""
    how = Extraction(n=n, b=b, tau=F(1, 2 * b + 1), delta=F(1, 4), version=list(VERSIONS.values())[look])
    method = extraction_method(memoriser(n, 2), how)
    wrong = list(VERSIONS.values())[1 - look] if broken else how.version
    machine = both_labels_machine(
        Extraction(n=n, b=b, tau=how.tau, delta=how.delta, version=wrong, bits=how.coin_bits),
        2,
        memoriser_learner(n, 2),
    )
    return how, method, machine


@obligation(
    "theorem2a.machine.follows",
    paper="Theorem 2a",
    kind="enumeration",
    domain=runs_of_an_extraction,
    expect=Verdict.CHECKED,
    finite="both versions, n up to 3, b = 1, 3 and 4, two samples, 30 rounds of two random runs",
    of=lambda case: False,
    twin=lambda case: True,
)
def extraction_machine_follows(broken: bool, case: Case) -> None:
    """The machine with queries on both labels at a time asks what the method of Theorem 2a asks, at every point, and
    predicts what it predicts, before each of 30 rounds of a run on random batches with random coins."""
    look, n, b, seed = (int(case.integer(name)) for name in ("look", "n", "b", "seed"))
    how, method, machine = extraction_of(look, n, b, broken)
    draw, places = random.Random(seed), fewest_places(b, how.tau)
    state, kept, same = method.start((0,) * method.budget.r), machine.first_state(), True
    for t in range(1, 31):
        batch = [draw.choice(labelled_points(n)) for _ in range(b)]
        same = same and _extraction_agrees(how, method, machine, state, kept, t)
        if not isinstance(state, Extracting) or not same:
            break
        coin = tuple(draw.randint(0, 1) for _ in range(how.coin_bits))
        rows = [method.ask(state, t)(*z) for z in batch]
        means = tuple(sum(map(F, column), F(0)) / b for column in zip(*rows, strict=True))
        answers = [F(0)] * machine_ports(machine)
        for port, mean in zip(ports_of(how, state), means, strict=False):
            answers[port] = F(round(mean * 2**places), 2**places)
        state = method.after(state._replace(fresh=coin), means)
        kept, _ = machine.step(kept, given_to(machine, answers=answers, random=coin, places_=places))
    case.show("the same", same)


def machine_ports(machine: Machine) -> int:
    """How many queries a machine asks."""
    return sum(1 for name in machine.outputs if name.startswith("query"))


def ports_of(how: Extraction, state: Extracting) -> tuple[int, ...]:
    """The machine's ports for the method's queries in a state."""
    return () if state.coin is not None else both_ports(how.version, how.n, len(state.s))


def _extraction_agrees(
    how: Extraction, method: QueryMethod, machine: Machine, state: Any, kept: dict[str, int], t: int
) -> bool:
    places, same = ports_of(how, state) if isinstance(state, Extracting) else (), True
    for x, y in labelled_points(how.n):
        _, found = machine.step(kept, given_to(machine, x=x, label=y, places_=fewest_places(how.b, how.tau)))
        wanted = [0] * machine_ports(machine)
        for port, value in zip(places, method.ask(state, t)(x, y), strict=False):
            wanted[port] = int(value)
        same = same and [found[f"query{j}"] for j in range(len(wanted))] == wanted
        same = same and F(code_of(found, "predict"), 2) == method.predictor(state)(x)
    return same
