"""A second check of a certificate (Lemma 3b), by a program of its own: the standard library and NumPy, nothing else of this project.

It reads the bytes of the network and of the machine again and repeats every pass over the arrays and all exact arithmetic: shape, copies,
flatness of every vertex, controls, settings, read-out, decoder. What the rounds compute is written as SMT-LIB, a text for each phase of each
different round, for another solver. Of the certificate it takes which copy asks what and which vertex carries which bit: that is what it checks.

    python recheck.py CERT NET [--solver cvc5] [--smt FOLDER] [--seconds N]
"""
import argparse
import base64
import hashlib
import json
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction as F
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

RAMP = (["-3", "-1", "0", "2"], ["0", "1", "0", "1", "0"], "-2")
MARK, TRUE = "querygrad query machine ", -1


class WrongError(Exception):
    """The certificate does not hold; the message says what and where."""


def need(truth: object, what: str) -> None:
    """Go on if it is true."""
    if not truth:
        raise WrongError(what)


class Machine:
    """A query machine from a binary AIGER file."""

    def __init__(self, data: bytes) -> None:
        head, _, rest = data.partition(b"\n")
        need(head.startswith(b"aig "), "a binary AIGER file")
        _, ins, latches, outs, ands = map(int, head.split()[1:])
        rows = []
        for _ in range(latches + outs):
            row, _, rest = rest.partition(b"\n")
            rows.append([int(part) for part in row.split()])
        self.states = [2 * (ins + i + 1) for i in range(latches)]
        self.next, self.start = [row[0] for row in rows[:latches]], [(*row, 0)[1] for row in rows[:latches]]
        self.ands: dict[int, tuple[int, int]] = {}
        at = 0
        for head_ in range(2 * (ins + latches + 1), 2 * (ins + latches + ands + 1), 2):
            deltas = []
            for _ in range(2):
                value = shift = 0
                while rest[at] & 128:
                    value, shift, at = value | (rest[at] & 127) << shift, shift + 7, at + 1
                deltas.append(value | rest[at] << shift)
                at += 1
            self.ands[head_] = head_ - deltas[0], head_ - deltas[0] - deltas[1]
        names, _, comment = rest[at:].partition(b"c\n" + MARK.encode())
        said = json.loads(comment.splitlines()[0])
        self.rounds, self.signed = said["rounds"], said["signed"]
        self.q, self.a, self.p = (said[f"{name}_fraction"] for name in ("query", "answer", "predict"))
        literals = {f"i{i}": 2 * (i + 1) for i in range(ins)} | {f"o{i}": row[0] for i, row in enumerate(rows[latches:])}
        ports: dict[str, dict[int, int]] = {}
        for line in names.decode().splitlines():
            key, name = line.split(" ", 1)
            if key in literals:
                port, _, index = name.partition("[")
                ports.setdefault(port, {})[int(index.rstrip("]") or 0)] = literals[key]
        self.port = {name: [bits[i] for i in range(len(bits))] for name, bits in ports.items()}
        self.random, self.queries = self.port.get("random", []), sum(name.startswith("query") for name in ports)


class Network:
    """The arrays of a network file, and what follows from them alone."""

    def __init__(self, data: bytes) -> None:
        need(data[:8] == b"QGNET\0\0\1", "a network file")
        size = struct.unpack("<Q", data[8:16])[0]
        self.header, body, arrays, at = json.loads(data[16 : 16 + size]), data[16 + size :], {}, 0
        for entry in self.header["arrays"]:
            arrays[entry["name"]] = np.frombuffer(body, "<i8", entry["length"], at)
            at += 8 * entry["length"]
        need(at == len(body), "(a) arrays as long as the header says")
        self.offsets, self.sources, self.weights, self.sampled = (arrays[name] for name in ("offsets", "sources", "weights", "sampled"))
        self.frozen, self.n, self.size = arrays["frozen"], len(self.header["inputs"]), len(self.offsets) - 1
        self.scale, self.output, fan_in = self.header["scale"], self.header["output"], np.diff(self.offsets)
        self.rho, self.rate = F(self.header["rho"]), F(self.header["rate"])
        need(self.offsets[0] == 0 and self.offsets[-1] == len(self.sources) == len(self.weights) and (fan_in >= 0).all(), "(a) offsets")
        self.heads = np.repeat(np.arange(self.size), fan_in)
        need((self.sources >= 0).all() and (self.sources < self.heads).all(), "(a) edges that lead upwards")
        need(not ((np.diff(self.sources) <= 0) & (np.diff(self.heads) == 0)).any(), "(a) no parallel edges")
        need((fan_in[: 1 + self.n] == 0).all() and (fan_in[1 + self.n :] > 0).all(), "(a) the constant and the inputs as sources")
        order = np.argsort(self.sources, kind="stable")
        self.ends, self.begin = self.heads[order], np.searchsorted(self.sources[order], np.arange(self.size + 1))
        need(np.flatnonzero(np.diff(self.begin) == 0).tolist() == [self.output], "(a) one sink")
        coins = self.heads[self.sampled]
        need((self.sources[self.sampled] == 0).all() and (fan_in[coins] == 1).all() and len(np.unique(coins)) == len(coins), "(h) coins")
        need((np.abs(self.weights[self.sampled]) > 3 * self.scale).all(), "(h) coins that are strictly flat")
        sigma = self.header["sigma"]
        need((sigma["kinks"], sigma["slopes"], sigma["value"]) == RAMP and self.header["last"] is None, "(i) the two-stage ramp")
        need(self.header["loss"] == "half the square" and self.header["labels"] == [0, 1] and not len(self.frozen), "(i) loss, labels, frozen")

    def into(self, v: int) -> dict[int, F]:
        """The edges into a vertex."""
        low, high = int(self.offsets[v]), int(self.offsets[v + 1])
        return {int(u): F(int(w), self.scale) for u, w in zip(self.sources[low:high], self.weights[low:high], strict=True)}

    def out(self, v: int) -> set[int]:
        """The heads of the edges out of a vertex."""
        return set(self.ends[self.begin[v] : self.begin[v + 1]].tolist())


def sigma(z: F) -> F:
    """The two-stage ramp, where it is strictly flat."""
    need(z < -3 or -1 < z < 0 or z > 2, "(d), (k) a vertex that is strictly flat")
    return F(-2 if z < -3 else 2 if z > 2 else 0)


class Copies:
    """(b), (c), (d), (g): the copies that the certificate names, each a memory, and the controls."""

    def __init__(self, net: Network, rounds: Sequence[dict[str, Any]]) -> None:
        self.net, self.known = net, dict[Any, F]()
        self.digits, self.drive, self.round, self.adds = dict[int, list[int]](), dict[int, tuple[int, bool]](), dict[int, int](), dict[int, F]()
        self.special, self.v3, into = {net.output}, set[int](), net.into(net.output)
        for t, said in enumerate(rounds, 1):
            held = F(said["held"])
            need(-3 < held < -1 if t % 2 else 0 < held < 2, f"(g) the output inside its piece in round {t}")
            for v1, *_ in said["copies"]:
                self._copy(v1, t, ((-held if t % 2 else held) - 1) / net.rho, into)
        self.controls = [u for u in into if u not in self.v3]
        need(not self.special & set(self.controls), "(b) edges into the output from v3s and controls")
        self.tables = {u: table(net.into(u)) for u in self.controls}
        need(all(net.out(u) == {net.output} for u in self.controls), "(d) controls that feed only the output")

    def _copy(self, v1: int, t: int, offset: F, to_output: dict[int, F]) -> None:
        net, a = self.net, self.net.into(v1)
        paths = {v: net.into(v) for v in net.out(v1) if len(net.into(v)) == 2 and 0 not in net.into(v)}
        need(len(paths) == 2 and set(a) == {0}, f"(c) a copy at vertex {v1}")
        (vc,) = set.intersection(*map(set, paths.values())) - {v1}
        v2, v2_ = sorted(paths, key=lambda v: -paths[v][vc])
        (v3,) = net.out(v2)
        digits, three = sorted(net.out(v1) - set(paths), key=lambda v: -len(net.into(v))), net.into(v3)
        need(set(three) == {v2, v2_, vc} and net.out(v2_) == {v3} and net.out(v3) == {net.output}, f"(c) v3 of the copy at {v1}")
        bit, drive = next(u for u in net.into(vc) if u), net.into(vc)
        need(net.out(vc) == {v2, v2_, v3} and set(drive) == {0, bit}, f"(d) vc of the copy at {v1}")
        ends = [sigma(drive[0] + value * drive[bit]) for value in (-2, 2)]
        need(sorted(ends) == [0, 2], f"(d) vc of the copy at {v1}")
        inside = {v1, v2, v2_, v3, vc, *digits}
        need(not inside & self.special and len(inside) == 5 + len(digits), f"(c) a copy of its own at {v1}")
        self.special |= inside
        self.v3.add(v3)
        rows = []
        for i, v in enumerate(digits):
            into = net.into(v)
            need(set(into) <= {0, v1, *digits[i + 1 :]}, f"(c) a digit at vertex {v}")
            rows.append((into.get(0, F(0)), into[v1], tuple(into.get(d, F(0)) for d in digits[i + 1 :])))
        weights = (a[0], paths[v2][v1], paths[v2_][v1], three[v2], three[v2_], paths[v2][vc], paths[v2_][vc], three[vc], to_output[v3])
        key = weights, tuple(rows), t % 2, offset
        if key not in self.known:
            self.known[key] = memory(weights, rows, bool(t % 2), offset, net.rho, net.rate)
        self.adds[v1], self.drive[v1], self.digits[v1], self.round[v1] = self.known[key], (bit, ends[1] == 0), digits, t


def memory(weights: Sequence[F], digits: Sequence[Any], odd: bool, o: F, rho: F, rate: F) -> F:
    """(c), (j): Lemma 11's conditions on the weights of one copy; what the copy adds while it acts."""
    a, w12, w12_, w23, w23_, c2, c2_, c3, g = weights
    gain, k = g * (w12 * w23 + w12_ * w23_), len(digits)
    size, loss, idle = abs(gain), (1 + o * rho) * abs(g), 2 * (w23 - w23_) + 2 * c3
    most, most_ = (abs(w) + rate * (min(F(1), loss * abs(outer) * a) + 3 * rho / 4) for w, outer in ((w12, w23), (w12_, w23_)))
    rise = rate * (min(F(1), (1 + o * rho) * size) + 3 * rho / 4)
    far = [abs(value - 12 / rho) * rise + abs(value * a + level - (6 - 6 * 2**k))
           + sum(2 * abs(w + 3 * 2 ** (k - len(carries) + j)) for j, w in enumerate(carries)) for level, value, carries in digits]  # fmt: skip
    truths = (
        (gain > 0) == odd, rate.denominator == 1, o > 0, o * rho < 1, 0 < a < 2, 0 < w12 * a < 2, w12 == w12_, 0 < gain / g * a < 2,
        a + rise < 2, 2 * c2 - 2 * most > 2, 2 * c2_ + 2 * most_ < -3, idle - 2 * rate * rho > -1, idle + 2 * rate * rho < 0,
        2 * c2 + w12 * a > 2, 2 * c2_ + w12_ * a < -3, (1 + o * rho) * size <= 1, 4 * o * size > 3,
        (2**k - 1) * rho + 3 * rate * rho / 4 >= rate * size, *(deviation < 3 for deviation in far),
    )  # fmt: skip
    need(all(truths), f"(c) copies that are memories: condition {truths.index(False) if False in truths else 0}")
    return gain * a


def table(into: dict[int, F]) -> tuple[list[int], dict[tuple[int, ...], F]]:
    """(d): the operands of a control and its value for every choice of their bits, strictly flat each time."""
    operands = [u for u in into if u]
    need(len(operands) <= 8, "(d) controls of at most 8 bits")
    choices = product((0, 1), repeat=len(operands))
    return operands, {bits: sigma(into.get(0, F(0)) + sum(into[u] * (4 * b - 2) for u, b in zip(operands, bits, strict=True))) for bits in choices}


def gate(into: dict[int, F], inputs: int) -> tuple[int, list[tuple[int, bool]]]:
    """(k): a vertex as "at least k of some literals", strictly flat; an input counts as its bits 0 and 1."""
    parts, bias = [(u, w) for u, w in into.items() if u and w], into.get(0, F(0))
    adapts = bool(parts) and parts[0][0] <= inputs
    need(not adapts or len(parts) == 1, "(k) an adaptor of one input")
    size = abs(parts[0][1]) if parts else F(0)
    need(all(abs(w) == size for _, w in parts), "(k) operands of one weight")
    if adapts:
        values = sorted((sigma(bias), sigma(bias + parts[0][1])))
    else:
        values = [sigma(bias + size * (4 * count - 2 * len(parts))) for count in range(len(parts) + 1)]
    need(0 not in values, "(k) a gate that returns a bit")
    return values.index(F(2)) if 2 in values else len(values), [(u, w < 0) for u, w in parts]


def tolerance(cert: dict[str, Any], net: Network, machine: Machine, bits: int) -> None:
    """(j): an answer is within the tolerance of its batch mean, for every record that Lemma 11 allows."""
    d, m, add, shift = (cert["decoder"][name] for name in ("d", "multiplier", "add", "shift"))
    code, left, part = F(1, 2**machine.a), F(1, 2**d) if d else F(0), F(2**d - 1, 2**d) if d else F(1)
    for reading in cert["readings"]:
        gain, offset = net.rate * F(reading["gain"]), F(reading["offset"])
        slack = F(3, 4) * net.rate / gain
        low, high = -slack * net.rho, (offset + slack) * net.rho
        low, high = (low - high, high - low) if machine.signed else (low, high)
        drift = (F(m, 2**shift) * code - net.rho / gain / 2**d) * (2**bits - 1) * (2**d - 1 if d else 1)
        ends, more = (drift, -drift if machine.signed else F(0)), F(add, 2**shift) * code
        least = low * part - left + min(ends) + more - (1 - F(1, 2**shift)) * code
        most = high * part + (left if machine.signed else 0) + max(ends) + more
        need(max(-least, most) <= F(cert["tolerance"]), "(j) answers within the tolerance")


class Phase:
    """(e), (f), (g), (k): what a round computes before, in and after its step, and at the end, as an SMT-LIB text whose right answer is unsat."""

    def __init__(self, check: "Check", t: int, phase: str, state: Sequence[int], carried: dict[int, tuple[int, Any]]) -> None:
        self.check, self.t, self.phase, self.state, self.carried = check, t, phase, state, carried
        self.net, self.machine, self.said, self.copies = check.net, check.machine, check.rounds[t - 1] if t else {"copies": []}, check.copies
        self.lines, self.declared, self.terms, self.names = list[str](), set[str](), dict[int, str](), dict[str, str]()
        self.order = {copy[0]: c for c, copy in enumerate(self.said["copies"])}

    def declare(self, name: str) -> str:
        """A Boolean variable, once."""
        if name not in self.declared:
            self.declared.add(name)
            self.lines.append(f"(declare-const {name} Bool)")
        return name

    def define(self, body: str, sort: str = "Bool") -> str:
        """A name for a term, the same for the same term."""
        if body not in self.names:
            self.lines.append(f"(define-fun n{len(self.lines)} () {sort} {body})")
            self.names[body] = f"n{len(self.lines) - 1}"
        return self.names[body]

    def both(self, terms: Sequence[str]) -> str:
        """The conjunction of some terms, two at a time, constants folded."""
        found = "true"
        for term in terms:
            if "false" in (found, term) or term == flip(found, True):
                return "false"
            if found == "true" or term in ("true", found):
                found = term if found == "true" else found
            else:
                found = self.define(f"(and {' '.join(sorted((found, term)))})")
        return found

    def threshold(self, needs: int, terms: Sequence[str]) -> str:
        """At least ``needs`` of some terms."""
        if needs <= 0 or needs > len(terms):
            return "true" if needs <= 0 else "false"
        if needs in (1, len(terms)):
            return flip(self.both([flip(term, needs == 1) for term in terms]), needs == 1)
        return self.define(f"(<= {needs} (+ 0 0 {' '.join(f'(ite {term} 1 0)' for term in terms)}))")

    def bit(self, reference: int) -> str:
        """A bit of the machine's state, or a constant."""
        return ("true" if reference == TRUE else "false") if reference < 0 else flip(self.declare(f"s{reference >> 1}"), reference & 1)

    def term(self, v: int) -> str:
        """What a vertex carries."""
        if v not in self.terms:
            self.terms[v] = self._term(v)
        return self.terms[v]

    def _term(self, v: int) -> str:
        check, here = self.check, int(self.check.layer[v]) == self.t
        if v <= self.net.n:
            return self.declare(f"x{v}")
        if v in self.carried and (not here or self.phase == "end"):
            reference, early = self.carried[v]
            if self.phase != "before":
                return self.bit(reference)
            known = early is not None and check.layer[v] == self.t - 1
            return ("true" if early else "false") if known else self.declare(f"f{len(self.lines)}")
        if here and v in check.digit:
            v1, i = check.digit[v]
            reads = self.phase in ("after", "end") and self.said["copies"][self.order[v1]][1] >= TRUE
            return self.declare(f"d{self.order[v1]}_{i}") if reads else "false"
        if here and v in check.coin:
            return self.declare(f"r{check.coin[v] % len(self.machine.random)}")
        need(v in check.gates and (here or check.layer[v] == 0), f"(k) vertex {v} that round {self.t} reads and of which nothing is said")
        needs, row = check.gates[v]
        return self.threshold(needs, [flip(self.term(u), negated) for u, negated in row])

    def acting(self, v1: int) -> str:
        """Whether a copy acts."""
        bit, at = self.copies.drive[v1]
        return flip(self.term(bit), not at)

    def literal(self, given: dict[int, str]) -> Callable[[int], str]:
        """Terms of the machine's literals, for terms of its inputs (others are false)."""
        known = {0: "false"}

        def find(wanted: int) -> str:
            waiting = [wanted & ~1]
            while waiting:
                node = waiting[-1]
                pair = self.machine.ands.get(node)
                missing = [x & ~1 for x in pair if x & ~1 not in known] if pair else []
                if not missing:
                    known.setdefault(waiting.pop(), "")
                    if not known[node]:
                        known[node] = self.both([flip(known[x & ~1], x & 1) for x in pair]) if pair else given.get(node, "false")
                waiting += missing
            return flip(known[wanted & ~1], wanted & 1)

        return find

    def text(self) -> str:
        """The whole text: definitions, and a counterexample to the claims."""
        machine, claims = self.machine, list[str]()
        now = {literal: self.declare(f"x{i + 1}") for i, literal in enumerate(machine.port["x"])}
        now |= {literal: self.bit(reference) for literal, reference in zip(machine.states, self.state, strict=True)}
        given = self._given()
        if self.phase == "now":
            acts = [f"(ite {self.acting(v1)} {self.whole(self.copies.adds[v1])} 0)" for v1 in self.order]
            claims += [*self._asked(self.literal(now)), f"(= (+ 0 0 {' '.join(acts + given)}) {self.whole(F(self.said['held']))})"]
        elif self.phase == "end":
            find, places = self.literal(now), [self.whole(F(2**i, 2**machine.p)) for i in range(len(machine.port["predict"]))]
            value = [f"(ite {find(b)} {place} 0)" for b, place in zip(machine.port["predict"], places, strict=True)]
            claims.append(f"(= (+ 0 0 {' '.join(given)}) (+ 0 0 {' '.join(value)}))")
        else:
            claims += [flip(self.acting(v1), True) for v1 in self.order]
            if self.phase == "before" or self.t < len(self.check.rounds):
                claims.append(f"(= 0 0 {' '.join(given)})")
        if self.phase in ("before", "now"):
            claims += [flip(self.term(u), not early) for u, _, early in self.said["carries"] if early is not None]
        if self.phase in ("after", "end") and self.t:
            self.lines.append(f"(assert (or false {' '.join(self.term(v) for v in self.copies.digits[self.said['copies'][0][0]])}))")
        if self.phase == "after":
            after = self._following(now)
            said = [(self.term(u), reference) for u, reference, _ in self.said["carries"]] + list(zip(after, self.said["state"], strict=True))
            claims += [f"(= {term} {flip(after[r >> 1], r & 1) if r >= 0 else 'true' if r == TRUE else 'false'})" for term, r in said]
        return "\n".join(["(set-logic ALL)", *self.lines, f"(assert (not (and true {' '.join(claims)})))", "(check-sat)", ""])

    def whole(self, value: F) -> str:
        """A multiple of the common unit as an integer."""
        scaled = value * self.check.unit
        need(scaled.denominator == 1, "(g) numbers over one unit")
        return str(int(scaled)) if scaled >= 0 else f"(- {-int(scaled)})"

    def _given(self) -> list[str]:
        """What the round's controls give to the output."""
        found, into = [], self.check.to_output
        for u in self.check.of_controls.get(self.t, []):
            operands, values = self.copies.tables[u]
            for bits, value in values.items():
                if value:
                    where = " ".join(flip(self.term(v), not bit) for v, bit in zip(operands, bits, strict=True))
                    found.append(f"(ite (and true {where}) {self.whole(value * into[u])} 0)")
        return found

    def _asked(self, find: Callable[[int], str]) -> Iterator[str]:
        """Each copy acts exactly where its digit of its query is set, the clock's always."""
        machine, d, q = self.machine, self.check.cert["decoder"]["d"], self.machine.q
        for c, (v1, query, place, negative) in enumerate(self.said["copies"]):
            need((query == TRUE) == (c == 0), f"(e) one clock in round {self.t}")
            if query < 0:
                yield flip(self.acting(v1), c > 0)
                continue
            bits = [find(b) for b in machine.port[f"query{query}"]]
            wide = max(len(bits), q + 1) + 1
            code = vector(bits, wide, bits[-1] if machine.signed else "false")
            sign = f"(bvslt {code} (_ bv0 {wide}))"
            size = self.define(f"(ite {sign} (bvneg {code}) {code})", f"(_ BitVec {wide})")
            digit = f"(bvuge {size} (_ bv{2**q} {wide}))"
            if d and place < q:
                digit = f"(or {digit} (= #b1 ((_ extract {q - 1 - place} {q - 1 - place}) {size})))"
            yield f"(= {self.acting(v1)} (and {digit} {flip(sign, not negative)}))"

    def _following(self, now: dict[int, str]) -> list[str]:
        """The machine's next state on the answers that the decoder gives."""
        machine, (d, m, add, shift) = self.machine, (self.check.cert["decoder"][name] for name in ("d", "multiplier", "add", "shift"))
        wide, given = (m * 2 ** (self.check.bits + d + 1) + abs(add)).bit_length() + machine.a + 4, dict(now)
        for j in range(machine.queries):
            terms = []
            for v1, query, place, negative in self.said["copies"]:
                if query == j:
                    read = vector([self.term(v) for v in self.copies.digits[v1]], wide, "false")
                    terms.append(f"({'bvneg' if negative else 'bvadd (_ bv0 %d)' % wide} (bvmul {read} (_ bv{2 ** max(d - 1 - place, 0)} {wide})))")
            total = f"(bvmul (bvadd (_ bv0 {wide}) (_ bv0 {wide}) {' '.join(terms)}) (_ bv{m} {wide}))"
            raw = self.define(f"(bvashr (bvadd {total} (_ bv{add % 2**wide} {wide})) (_ bv{shift} {wide}))", f"(_ BitVec {wide})")
            high, low = f"(_ bv{2**machine.a} {wide})", f"(_ bv{2**wide - 2**machine.a} {wide})"
            code = self.define(f"(ite (bvsgt {raw} {high}) {high} (ite (bvslt {raw} {low}) {low} {raw}))", f"(_ BitVec {wide})")
            at = [min(i, wide - 1) for i in range(len(machine.port[f"answer{j}"]))]
            given |= {b: self.define(f"(= #b1 ((_ extract {i} {i}) {code}))") for i, b in zip(at, machine.port[f"answer{j}"], strict=True)}
        find = self.literal(given | {literal: self.declare(f"r{i}") for i, literal in enumerate(machine.random)})
        return [find(b) for b in machine.next]


def flip(term: str, negated: object) -> str:
    """A term or its negation."""
    if not negated:
        return term
    return {"true": "false", "false": "true"}.get(term) or (term[5:-1] if term.startswith("(not ") else f"(not {term})")


def vector(bits: Sequence[str], wide: int, fill: str) -> str:
    """Booleans, least first, as a bit-vector."""
    return f"(concat {' '.join(f'(ite {bit} #b1 #b0)' for bit in reversed([*bits, *[fill] * (wide - len(bits))]))})"


class Check:
    """All passes; WrongError where something does not hold. :meth:`texts` then gives what is left to a solver."""

    def __init__(self, cert: dict[str, Any], data: bytes) -> None:
        need(cert.get("kind") == "querygrad certificate", "a certificate")
        need(hashlib.sha256(data).hexdigest() == cert["network"]["sha256"], "the network that the certificate names")
        self.cert, self.net, self.machine = cert, Network(data), Machine(base64.b64decode(cert["machine"]["file"]))
        net, machine, self.rounds = self.net, self.machine, cert["guide"]
        per, self.to_output = len(machine.random), net.into(net.output)
        need(all(net.header[name] == cert["network"][name] for name in ("rho", "rate", "steps")), "(i) settings as in the certificate")
        need(net.header["steps"] == machine.rounds == len(self.rounds) and len(machine.port["x"]) == net.n, "(i) steps and inputs")
        need(len(net.sampled) == machine.rounds * per, "(h) a coin for each random bit")
        copies = self.copies = Copies(net, self.rounds)
        sizes = {len(row) for row in copies.digits.values()}
        need(len(sizes) <= 1, "(j) copies of one number of digits")
        self.bits, self.unit = max(sizes, default=0), net.scale**4 * 2**machine.p
        if machine.rounds:
            tolerance(cert, net, machine, self.bits)
        self.coin = {int(net.heads[e]): i for i, e in enumerate(net.sampled.tolist())}
        self.digit = {v: (v1, i) for v1, row in copies.digits.items() for i, v in enumerate(row)}
        self.layer, self.gates = np.zeros(net.size, np.int64), dict[int, tuple[int, list[tuple[int, bool]]]]()
        self.of_layer, self.of_controls = dict[int, list[int]](), dict[int, list[int]]()
        paths = copies.special - set(self.digit) | set(copies.controls)
        for v in range(1 + net.n, net.size):
            if v in self.digit or v in self.coin:
                self.layer[v] = copies.round[self.digit[v][0]] if v in self.digit else self.coin[v] // per + 1
            elif v not in paths:
                self.gates[v] = gate(net.into(v), net.n)
                need(not paths & {u for u, _ in self.gates[v][1]} and not paths & set(net.into(v)), f"(c), (k) gate {v} that reads a path")
                self.layer[v] = max((self.layer[u] for u, _ in self.gates[v][1]), default=0)
        for u in copies.controls:
            self.of_controls.setdefault(max((int(self.layer[w]) for w in copies.tables[u][0]), default=0), []).append(u)
        need(not self.rounds or 0 not in self.of_controls, "(e) a control that no round drives")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every phase of every round, with its name."""
        state, carried = [TRUE if bit else TRUE - 1 for bit in self.machine.start], dict[int, tuple[int, Any]]()
        for t, said in enumerate(self.rounds, 1):
            for phase in ("before", "now", "after")[t == 1 :]:
                yield f"round {t}, {phase}", Phase(self, t, phase, state, carried).text()
            state = said["state"]
            carried |= {u: (reference, early) for u, reference, early in said["carries"]}
        yield "the end", Phase(self, len(self.rounds), "end", state, carried).text()


def ask_cvc5(text: str, seconds: int) -> str:
    """What cvc5 answers to a text."""
    import cvc5  # the solver is optional

    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(1000 * seconds))
    parser, answer = cvc5.InputParser(solver), ""
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "text")
    while not (command := parser.nextCommand()).isNull():
        answer += str(command.invoke(solver, parser.getSymbolManager()))
    return answer.strip()


def main(argv: Sequence[str] | None = None) -> int:
    """Check a certificate. 0: it holds; 1: it does not; 2: bad input; 3: the solver leaves something open."""
    parser = argparse.ArgumentParser(prog="recheck", description="Check a certificate again.")
    parser.add_argument("cert", type=Path)
    parser.add_argument("net", type=Path)
    parser.add_argument("--solver", choices=["cvc5"])
    parser.add_argument("--smt", type=Path, help="write the texts to this folder")
    parser.add_argument("--seconds", type=int, default=60, help="for each text")
    given = parser.parse_args(argv)
    try:
        check = Check(json.loads(given.cert.read_bytes()), given.net.read_bytes())
        asked = {text: name for name, text in reversed(list(check.texts()))}
        print(f"every pass over {check.net.size} vertices repeated; {len(asked)} different texts for a solver")
        if given.smt:
            given.smt.mkdir(parents=True, exist_ok=True)
            for text, name in asked.items():
                (given.smt / f"{name.replace(', ', '-').replace(' ', '-')}.smt2").write_text(text)
        answers = {name: ask_cvc5(text, given.seconds) for text, name in asked.items()} if given.solver else {}
    except WrongError as error:
        print(f"the certificate does not hold: {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration, ArithmeticError, struct.error) as error:
        print(f"need a certificate and its network, got {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    left = {name: answer for name, answer in answers.items() if answer != "unsat"}
    for name, answer in left.items():
        print(f"{name}: {answer}", file=sys.stderr)
    if given.solver:
        print(f"{given.solver}: {len(answers) - len(left)} of {len(answers)} texts have no counterexample")
    return 0 if not left else 1 if "sat" in left.values() else 3


if __name__ == "__main__":
    sys.exit(main())
