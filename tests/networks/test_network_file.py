"""Files of networks: what is written is read, and nothing else is."""

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY
from constructions.networks.emulation import Plan
from constructions.networks.network_file import NETWORK, network_bytes, read_network, read_network_bytes, write_network
from constructions.networks.trainable import Trainable


def made() -> Trainable:
    return Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16), batch=3).trainable


def with_header(data: bytes, change: Callable[[dict[str, object]], object]) -> bytes:
    size = struct.unpack("<Q", data[8:16])[0]
    header = json.loads(data[16 : 16 + size])
    changed = change(header)
    text = json.dumps(header if changed is None else changed).encode()
    return NETWORK.mark + struct.pack("<Q", len(text)) + text + data[16 + size :]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    net = Trainable(
        **{name: getattr(made(), name) for name in ("network", "rho", "rate", "batch", "steps", "sampled", "hints")},
        frozen=np.array([3, 5]),
        last=IDENTITY,
    )
    write_network(tmp_path / "net.qgn", net)
    again = read_network(tmp_path / "net.qgn")
    for name in ("offsets", "sources", "weights"):
        assert np.array_equal(getattr(again.network, name), getattr(net.network, name))
    assert (again.rho, again.rate, again.batch, again.steps, again.last, again.output) == (
        net.rho,
        net.rate,
        net.batch,
        net.steps,
        net.last,
        net.output,
    )
    assert again.frozen.tolist() == [3, 5] and again.hints == json.loads(json.dumps(net.hints))
    assert list(tmp_path.iterdir()) == [tmp_path / "net.qgn"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda header: header.pop("rho"), "need the keys of a network's header"),
        (lambda header: header.update(extra=1), "need the keys of a network's header"),
        (
            lambda header: header.update({"x" * 10**5: 1}),
            "need the keys of a network's header, got a difference at .{0,100}, at the file$",
        ),
        (lambda header: header.update(loss="x" * 10**5), "need the loss 'half the square' and labels .{0,200}$"),
        (lambda header: [], "need the keys of a network's header"),
        (lambda header: header.update(rho="0.1"), "need a rational written p/q"),
        (lambda header: header.update(rho=1), "need a rational as a short string"),
        (lambda header: header.update(rho="1/" + "9" * 300), "need a rational as a short string"),
        (lambda header: header.update(labels=[-1, 1]), "need the loss"),
        (lambda header: header.update(output=1.5), "need whole numbers"),
        (lambda header: header.update(output=0), "need one output that is no source"),
        (lambda header: header.update(output=10**15), "need outputs among the"),
        (lambda header: header.update(output=10**30), "need numbers within 2\\^60, got one of 100 bits, at output"),
        (lambda header: header.update(scale=1 << 60), "need numbers within 2\\^60, got one of 61 bits, at scale"),
        (lambda header: header.update(batch=10**400), "need numbers within 2\\^60, got one of 1329 bits, at batch"),
        (lambda header: header.update(labels=[False, True]), "need the loss"),
        (lambda header: header.update(inputs=["\x1b[2J"]), r"need names that can be printed, got '\\x1b\[2J'"),
        (lambda header: header.update(inputs=["\ud800"]), r"need names that can be printed, got '\\ud800'"),
        (lambda header: header.update(inputs=[""]), "need names that can be printed"),
        (lambda header: header["sigma"].update(kinks="0123"), "need lists of at most 1000 kinks"),
        (lambda header: header["hints"].update(a=float("nan")), "need a header in JSON, got NaN, which is no number"),
        (lambda header: header["hints"].update(a=[{}] * (1 << 22)), "need a header of at most 8388608 values"),
        (lambda header: header.update(scale=0), "need different names for the inputs and a scale"),
        (lambda header: header.update(inputs=["x", "x"]), "need"),
        (lambda header: header.update(inputs="x"), "need a list of names"),
        (lambda header: header.update(hints=[]), "need whole numbers and an object of hints"),
        (lambda header: header.update(sha256="0"), "need arrays with the digest"),
        (lambda header: header["arrays"][0].update(length=-1), "need lengths of the arrays"),
        (lambda header: header["arrays"][0].update(length=10**18), "bytes of arrays"),
        (lambda header: header["arrays"].reverse(), "need lengths of the arrays"),
        (
            lambda header: header.update(sigma={"kinks": ["0"], "slopes": ["1"], "value": "0"}),
            "need one more slope than kinks",
        ),
        (lambda header: header.update(sigma=3), "need the header of a network"),
        (lambda header: header.update(steps=True), "need whole numbers"),
    ],
)
def test_another_header_is_refused_with_one_error(change: Callable[[dict[str, object]], object], message: str) -> None:
    def apply(header: dict[str, object]) -> object:
        changed = change(header)
        return changed if isinstance(changed, list) else None

    with pytest.raises(ConstructionError, match=message):
        read_network_bytes(with_header(network_bytes(made()), apply))


def test_a_header_that_readers_could_take_in_two_ways_is_refused() -> None:
    data = network_bytes(made())
    size = struct.unpack("<Q", data[8:16])[0]
    text, body = data[16 : 16 + size], data[16 + size :]
    for other, message in (
        (text[:-1] + b', "rho": "1/2"}', "a key twice"),
        (text.replace(b'"centred"', b'"d": 9, "centred"'), "a key twice"),
        (text.decode().encode("utf-16"), "need a header in JSON"),
        (b"\xef\xbb\xbf" + text, "need a header in JSON"),
    ):
        with pytest.raises(ConstructionError, match=message):
            read_network_bytes(NETWORK.mark + struct.pack("<Q", len(other)) + other + body)


def test_what_could_not_be_read_back_is_not_written() -> None:
    net = made()
    odd = tuple(f"{name}\n" for name in net.network.inputs)
    for bad, message in (
        (replace(net, network=replace(net.network, inputs=odd)), "names that can be printed"),
        (replace(net, hints={"a": float("nan")}), "hints that JSON can hold"),
        (replace(net, hints={"a": {1}}), "hints that JSON can hold"),
    ):
        with pytest.raises(ConstructionError, match=message):
            network_bytes(bad)


def test_offsets_whose_differences_wrap_around_are_refused() -> None:
    data = network_bytes(made())
    size = struct.unpack("<Q", data[8:16])[0]
    header, rows = json.loads(data[16 : 16 + size]), np.frombuffer(data[16 + size :], "<i8").copy()
    rows[3:7] = [1 << 62, (1 << 63) - 1, -(1 << 63), -(1 << 62)]
    length = header["arrays"][0]["length"]
    assert (np.diff(rows[:length]) >= 0).all()
    header["sha256"] = hashlib.sha256(rows.tobytes()).hexdigest()
    text = json.dumps(header).encode()
    with pytest.raises(ConstructionError, match="need offsets that increase from 0"):
        read_network_bytes(NETWORK.mark + struct.pack("<Q", len(text)) + text + rows.tobytes())


def test_cut_flipped_and_lengthened_files_are_refused() -> None:
    data, random = network_bytes(made()), Random(2)
    for _ in range(150):
        changed = bytearray(data)
        at = random.randrange(len(data))
        how = random.randrange(3)
        if how == 0:
            changed[at] ^= 1 << random.randrange(8)
        elif how == 1:
            del changed[at:]
        else:
            changed[at:at] = random.randbytes(random.randrange(1, 20))
        try:
            again = read_network_bytes(bytes(changed))
        except ConstructionError:
            continue
        assert np.array_equal(again.network.weights, made().network.weights)


def test_a_file_that_is_not_there_or_called_otherwise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match="need a file that can be read, got No such file"):
        read_network(tmp_path / "none.qgn")
    for other in (tmp_path, "/dev/null"):
        with pytest.raises(ConstructionError, match="need a file that can be read, got something else"):
            read_network(other)
    with pytest.raises(ConstructionError, match=r"need a file that ends in \.qgn"):
        write_network(tmp_path / "net.npz", made())
    with pytest.raises(ConstructionError, match=r"^not a \.qgn file: need one that starts with"):
        read_network_bytes(b"PK")
    with pytest.raises(ConstructionError, match="got an empty file, at the file"):
        read_network_bytes(b"")
