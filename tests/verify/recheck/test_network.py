"""Arrays, gates and parts: what follows from the file alone, and what is refused."""

import io
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.networks.network_file import read_network_bytes
from verify.attacks.bases import Base, base
from verify.attacks.certificates import honest
from verify.attacks.drafts import NetworkDraft, file_of, header_of
from verify.certifier.certificate.entries import spelled
from verify.recheck import gates
from verify.recheck.gates import by_order, thresholds
from verify.recheck.layout import GATE, expanded, laid_out
from verify.recheck.machine import read_machine
from verify.recheck.network import Network, read_network
from verify.recheck.parts import taken_apart
from verify.recheck.reading import MalformedError, RefusedError

NAME = "coins, minimal"


def network_of(data: bytes) -> Network:
    """A network from its bytes."""
    return read_network(io.BytesIO(data))


def test_the_arrays_are_the_file_s() -> None:
    net, flat = network_of(base(NAME).data), base(NAME).plan.trainable
    assert (net.size, net.n, net.output, net.rho) == (
        flat.network.size,
        len(flat.network.inputs),
        flat.output,
        flat.rho,
    )
    assert (
        net.sources.tolist() == flat.network.sources.tolist() and net.weights.tolist() == flat.network.weights.tolist()
    )
    assert net.fan_out.tolist() == np.bincount(flat.network.sources, minlength=net.size).tolist()
    assert net.into(20) == [(u, int(w * net.scale)) for u, w in flat.network.into(20)]


def header_with(**change: object) -> bytes:
    """The file with another header."""
    header, body = header_of(base(NAME).data)
    return file_of(header | change, body)


@pytest.mark.parametrize(
    "change",
    [
        {"rate": "0"},
        {"rho": "0"},
        {"loss": "the square"},
        {"labels": [1, 0]},
        {"labels": [False, True]},
        {"output": 3},
        {"last": {}},
        {"sigma": {"kinks": ["-3", "-1", "0", "2"], "slopes": ["0", "1", "0", "1", "0"], "value": "-1", "name": ""}},
    ],
    ids=str,
)
def test_other_settings_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        network_of(header_with(**change))


@pytest.mark.parametrize(
    "change",
    [
        {"scale": 0},
        {"scale": True},
        {"steps": -1},
        {"sha256": ""},
        {"more": 1},
        {"arrays": []},
        {"batch": 1 << 60},
        {"steps": 1 << 60},
        {"scale": 1 << 60},
        {"hints": 1},
        {"inputs": ["\0"]},
        {"inputs": [""]},
        {"inputs": ["a", "a"]},
        {"rho": "+1/4"},
        {"rho": "01/4"},
        {"rho": " 1/4"},
        {"rho": "1_0/40"},
        {"rho": "\uff11/4"},
        {"rho": "1/0"},
    ],
    ids=ascii,
)
def test_a_header_that_is_none_is_malformed_to_both_readers(change: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        network_of(header_with(**change))
    with pytest.raises(ConstructionError):
        read_network_bytes(header_with(**change))


def test_bytes_too_few_or_too_many_are_malformed() -> None:
    data = base(NAME).data
    for bad in (data[:-1], data + b"\0", data[:-8], data[:100], data[:8], b"", b"X" + data[1:]):
        with pytest.raises(MalformedError):
            network_of(bad)


SHAPES: dict[str, Callable[[NetworkDraft, Base], object]] = {
    "a second sink": lambda draft, made: draft.remove([draft.edge(made.parts["canceller"][0], draft.output)]),
    "a source": lambda draft, made: draft.remove(draft.into(made.parts["gate"][0])),
    "a parallel edge": lambda draft, made: draft.add(int(draft.tails[50]), int(draft.heads[50]), 1),
    "an edge that leads downwards": lambda draft, made: draft.add(draft.output - 1, 30, 1),
    "an edge to itself": lambda draft, made: draft.add(40, 40, 1),
    "an output that leads on": lambda draft, made: draft.add(draft.output, draft.output, 1),
    "weights that do not fit": lambda draft, made: draft.weights.__setitem__(60, (1 << 60) - 1),
}


@pytest.mark.parametrize("name", SHAPES)
def test_another_shape_is_refused(name: str) -> None:
    draft = base(NAME).draft()
    SHAPES[name](draft, base(NAME))
    with pytest.raises(RefusedError, match=r"\(a\)"):
        network_of(draft.data())


@pytest.mark.parametrize("weight", [1 << 60, 1 << 62, -(1 << 60), -(1 << 63)])
def test_a_weight_that_the_other_reader_does_not_take_is_malformed_here_too(weight: int) -> None:
    draft = base(NAME).draft()
    draft.weights[60] = weight
    with pytest.raises(MalformedError, match=r"within 2\^60"):
        network_of(draft.data())


def test_a_factor_that_all_weights_and_the_scale_share_does_no_harm() -> None:
    plain = network_of(base(NAME).data)
    draft = base(NAME).draft()
    draft.finer(1 << 40)
    net = network_of(draft.data())
    assert net.weights.tolist() == [w // (plain.scale // net.scale) for w in plain.weights.tolist()]
    draft = base(NAME).draft()
    draft.finer(1 << 40)
    draft.weights[3] += 1
    with pytest.raises(RefusedError, match="added up in 64 bits"):
        network_of(draft.data())


def lone(weights: list[int], constant: int, *, bits: bool) -> Network:
    """A network with one gate over five inputs, or over five gates that carry them."""
    n = 5
    tails = [[0, i] for i in range(1, n + 1)] + [[0, *(i + (n if bits else 0) for i in range(1, n + 1))]]
    rows = [[-4, 8]] * n + [[constant, *weights]]
    offsets = np.concatenate(([0] * (n + 1), np.cumsum([0, *map(len, tails)])))
    fan_in = np.diff(offsets).astype(np.int32)
    return Network(
        n=n,
        offsets=offsets,
        sources=np.concatenate(tails),
        weights=np.concatenate(rows),
        sampled=np.zeros(0, np.int64),
        frozen=np.zeros(0, np.int64),
        fan_in=fan_in,
        fan_out=fan_in,
        scale=1,
        output=11,
        rho=Fraction(1, 8),
        rate=Fraction(1),
        batch=1,
        steps=0,
        sha256="",
    )


@pytest.mark.parametrize("bits", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_a_gate_is_taken_just_where_it_is_one(seed: int, bits: bool) -> None:
    source = Random(seed)
    size = source.randrange(1, 4)
    weights = [source.choice((0, size, -size, size + source.randrange(2))) * (1 if bits else 4) for _ in range(5)]
    net = lone(weights, source.randrange(-20, 21), bits=bits)
    is_gate = np.arange(net.size) >= 6
    values: dict[int, set[int]] = {}
    for given in product((0, 1), repeat=5):
        total = int(net.weights[10]) + sum(
            w * (4 * bit - 2 if bits else bit) for w, bit in zip(weights, given, strict=True)
        )
        true = sum(bit == (w > 0) for w, bit in zip(weights, given, strict=True) if w)
        values.setdefault(true, set()).add(2 if total > 2 else -2 if total < -3 else 0)
    order = [values[true] for true in sorted(values)]
    right = all(len(found) == 1 and 0 not in found for found in order)
    right = right and [min(found) for found in order if 0 not in found] == sorted(
        min(found) for found in order if 0 not in found
    )
    try:
        needs = int(thresholds(net, is_gate)[11])
    except RefusedError:
        assert not right
        return
    assert right
    for true, found in values.items():
        assert found == {2 if true >= needs else -2}
    assert by_order(net, 11) == needs


@pytest.mark.slow
def test_the_gates_of_a_base_are_all_taken_and_a_kink_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    made = base(NAME)
    net, cert = network_of(made.data), honest(NAME)
    layout = laid_out(net, read_machine(spelled(made.machine).encode()), cert)
    needs = thresholds(net, layout.kind == GATE)
    assert (needs[made.parts["gate"]] >= 0).all() and list(RAMP.kinks) == [-3, -1, 0, 2]
    monkeypatch.setattr("verify.recheck.network.PIECE", 37)
    assert thresholds(net, layout.kind == GATE).tolist() == needs.tolist()
    taken_apart(net, layout)
    gate = next(v for v in made.parts["gate"] if len(net.into(v)) > 2)
    draft = made.draft()
    low = sum(-2 * abs(w) for u, w in net.into(gate) if u)
    draft.weights[draft.edge(0, gate)] = -3 * net.scale - low
    with pytest.raises(RefusedError, match=r"\(k\) a gate that is strictly flat"):
        thresholds(network_of(draft.data()), layout.kind == GATE)
    assert gates.FAR > 1 << 60


def test_rows_of_vertices_are_runs() -> None:
    net = network_of(base(NAME).data)
    assert expanded([4, 3, 2, 1, 9, 0], net, "").tolist() == [4, 5, 6, 2] and expanded([], net, "").tolist() == []
    for bad in ([1], [1, True], ["1", 1], [-1, 1], [1, -1], [net.size, 1], [1, net.size], None, [1.5, 1]):
        with pytest.raises(RefusedError):
            expanded(bad, net, "")
