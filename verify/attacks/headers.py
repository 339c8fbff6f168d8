"""Attacks on the header and on single bits of the file.

Each is a function of ``source``, which draws at random from a seed, ``base``, the network that is attacked with the
places of its parts, and ``draft``, the network's arrays, which it changes. It returns what it did in words, or None if
this network gives it nothing to change. The last one changes the bytes of the file, ``data``, instead.
"""

import json
from fractions import Fraction
from random import Random
from typing import Any

from constructions.foundations.files import sha256_of
from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft, file_of, header_of
from verify.attacks.mutants import changes, rewrites

Found = tuple[bytes, str] | None


def _near(source: Random, value: Fraction) -> Fraction:
    factor = Fraction(source.choice((1, 2, 3, 15, 17, 1023, 1025)), source.choice((1, 2, 3, 16, 1024)))
    return value * factor


@changes("header, activation")
def activation(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A kink or slope or the value moved, a kink left out or put in; of sigma, or as the output's own."""
    sigma: dict[str, Any] = json.loads(json.dumps(draft.header["sigma"]))
    how, i = source.randrange(4), source.randrange(len(sigma["kinks"]))
    little = Fraction(1, source.choice((1, 2, 64, 1 << 30))) * source.choice((-1, 1))
    if how == 0:
        sigma["kinks"][i] = str(Fraction(sigma["kinks"][i]) + little)
    elif how == 1:
        j = source.randrange(len(sigma["slopes"]))
        sigma["slopes"][j] = str(Fraction(sigma["slopes"][j]) + little)
    elif how == 2:
        sigma["value"] = str(Fraction(sigma["value"]) + little)
    else:
        del sigma["kinks"][i], sigma["slopes"][i]
    where = source.choice(("sigma", "last"))
    draft.header[where] = sigma
    return f"{where}: {('a kink', 'a slope', 'the value')[how] + f' by {little}' if how < 3 else f'kink {i} left out'}"


@changes("header, the output's activation is sigma", keeps=True)
def same_last(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The header says that the output has the activation of all other vertices, which holds if nothing is said, too."""
    draft.header["last"] = draft.header["sigma"]
    return "last: as sigma"


@changes("header, rho")
def rho(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Another precision: all held outputs and digits are then of the wrong size."""
    new = _near(source, base.plan.rho)
    draft.header["rho"] = str(new)
    return f"rho = {new}"


@changes("header, rate")
def rate(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The header has another step size, so that what is learned is of the wrong size."""
    new = _near(source, Fraction(draft.header["rate"]))
    draft.header["rate"] = str(new)
    return f"rate = {new}"


@changes("header, batch")
def batch(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The header has another batch size; this is harmless, since a network serves batches of every size."""
    draft.header["batch"] = source.choice((1, 2, 3, 4, 5, 7))
    return f"batch = {draft.header['batch']}"


@changes("header, steps")
def steps(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The header has another number of steps than the machine has rounds."""
    draft.header["steps"] = max(0, draft.header["steps"] + source.choice((-2, -1, 1, 2, 10**6)))
    return f"steps = {draft.header['steps']}"


@changes("header, loss or labels")
def loss(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An entry of the header that the format does not have: another loss, or other labels."""
    key, value = source.choice(
        (
            ("loss", "the square"),
            ("loss", "absolute"),
            ("loss", None),
            ("labels", [1, 0]),
            ("labels", [-1, 1]),
            ("labels", [0]),
            ("labels", [0, 1, 2]),
        )
    )
    draft.header[key] = value
    return f"{key} = {value}"


@changes("header, scale")
def scale(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Another scale in the header, so that all weights change by one factor."""
    old = draft.scale
    draft.header["scale"] = source.choice((1, old * 2, max(1, old // 2), old + 1, old - 1, old << 20))
    return f"scale = {draft.header['scale']}"


@changes("header, output")
def output(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The header names another vertex as the output."""
    draft.header["output"] = source.choice((draft.output - 1, source.randrange(draft.size), draft.size, 0))
    return f"output = {draft.output}"


@changes("header, sampled")
def sampled(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The list of sampled edges: one more, one less, in another order, another edge."""
    edges, how = list(draft.sampled), source.randrange(4)
    other = source.randrange(len(draft.tails))
    if how == 0 and other not in edges:
        edges.insert(source.randrange(len(edges) + 1), other)
    elif how == 1 and edges:
        edges.pop(source.randrange(len(edges)))
    elif how == 2 and edges and other not in edges:
        edges[source.randrange(len(edges))] = other
    else:
        source.shuffle(edges)
    changed = edges != draft.sampled
    draft.sampled = edges
    return f"sampled edges {edges}"[:200] if changed else None


@changes("header, frozen")
def frozen(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Edges that do not train: any, those of a part, or all but a few."""
    how = source.randrange(3)
    part = source.choice(list(base.parts))
    if how == 0:
        draft.frozen = source.sample(range(len(draft.tails)), source.choice((1, 1, 1, 5)))
    elif how == 1:
        draft.frozen = [e for v in base.parts[part] for e in draft.into(v)]
    else:
        draft.frozen = sorted(set(range(len(draft.tails))) - set(source.sample(range(len(draft.tails)), 3)))
    return f"{len(draft.frozen)} frozen edges" + (f" (into every {part})" if how == 1 else f" ({draft.frozen[:3]} ...)")


@changes("inputs reordered")
def inputs(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The adaptors read one another's input; with one input, a second input that nothing reads."""
    n = draft.first - 1
    if n == 1 or source.random() < 0.3:
        draft.header["inputs"] = [*draft.header["inputs"], "more"]
        draft.insert(draft.first - 1)
        return "one more input, not read"
    places = list(range(1, n + 1))
    source.shuffle(places)
    edges = [e for v in range(1, n + 1) for e in draft.out_of(v)]
    draft.tails[edges] = [places[int(draft.tails[e]) - 1] for e in edges]
    return f"inputs in the order {places}" if places != sorted(places) else None


@changes("inputs renamed", keeps=True)
def names(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Names mean nothing, the order does: also if one is called as another was."""
    found = list(draft.header["inputs"])
    draft.header["inputs"] = found[::-1] if len(found) > 1 else ["any name"]
    return f"inputs called {draft.header['inputs']}"


@changes("hints that are wrong", keeps=True)
def hints(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Groups shifted, a decoder's numbers changed, another setting, things that mean nothing; what they say does not
    count."""
    found = draft.header["hints"]
    how = source.randrange(6)
    if how == 0:
        found["groups"] = [[name, low + 1, high + 3] for name, low, high in found["groups"]]
    elif how == 1:
        found["groups"] = list(reversed(found["groups"]))
    elif how == 2:
        found["decoder"][source.choice(list(found["decoder"]))] = source.choice((0, -1, 17, True, "x", [1]))
    elif how == 3:
        found["setting"] = source.choice(("as printed", "strong", "none", 7))
    elif how == 4:
        found["tolerance"] = source.choice(("0", "1", "1/0", 3, None))
    else:
        found |= {"groups": None, "decoder": source.choice((None, 5, [], {"d": None})), "more": {"a": [1] * 50}}
    return f"hints changed ({how})"


@changes("hints deleted", keeps=True)
def no_hints(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """All hints are taken out of the header; the certifier does not need them."""
    draft.header["hints"] = {}
    return "no hints"


@changes("finer scale", keeps=True)
def finer_scale(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The same weights over a larger scale."""
    factor = source.choice((2, 3, 7, 64, 1 << 20, 12345))
    draft.finer(factor)
    return f"scale times {factor}"


@rewrites("header written otherwise", keeps=True)
def other_text(source: Random, base: Base, data: bytes) -> Found:
    """The same JSON with spaces and its keys in another order."""
    header, body = header_of(data)
    keys = list(header)
    source.shuffle(keys)
    return file_of(
        json.dumps({key: header[key] for key in keys}, indent=source.choice((None, 1, 3))).encode(), body
    ), "header rewritten"


@rewrites("a bit flipped, digest recomputed")
def bit(source: Random, base: Base, data: bytes) -> Found:
    """One bit of the arrays is flipped, a low one more often than a high one, and the digest is made anew."""
    header, body = header_of(data)
    changed = bytearray(body)
    at = source.randrange(len(changed) // 8) * 8 + source.choice((0, 0, 0, 1, 1, 2, 5, 7))
    mask = 1 << source.randrange(8)
    changed[at] ^= mask
    header["sha256"] = sha256_of(changed)
    return file_of(header, bytes(changed)), f"byte {at} of the arrays xor {mask}"


@rewrites("a bit flipped")
def raw_bit(source: Random, base: Base, data: bytes) -> Found:
    """One bit of the whole file is flipped, and the digest stays as it was."""
    changed, at, mask = bytearray(data), source.randrange(len(data)), 1 << source.randrange(8)
    changed[at] ^= mask
    return bytes(changed), f"byte {at} xor {mask}"


@rewrites("a bit flipped in the header")
def header_bit(source: Random, base: Base, data: bytes) -> Found:
    """One bit before the arrays, outside the hints' groups as a rule."""
    header, body = header_of(data)
    text = json.dumps({**header, "hints": {}}, sort_keys=True).encode()
    changed, at, mask = bytearray(text), source.randrange(len(text)), 1 << source.randrange(7)
    changed[at] ^= mask
    return file_of(bytes(changed), body), f"byte {at} of the header xor {mask}"
