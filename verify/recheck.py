"""A second check of a certificate (Lemma 3b), by a program of its own: the standard library and NumPy, nothing else of this project.

It reads the bytes of the network and of the machine again and repeats every pass over the arrays and all exact arithmetic: shape, copies,
flatness of every vertex, controls, settings, read-out, decoder. What the rounds compute is written as SMT-LIB, a text for each phase of each
different round, for another solver. Of the certificate it takes which copy asks what and which vertex carries which bit: that is what it checks.

    python recheck.py CERT NET [--solver cvc5] [--smt FOLDER] [--seconds N]
"""
import argparse
import hashlib
import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction as F
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

ARRAYS, MARK = ["offsets", "sources", "weights", "sampled", "frozen"], "querygrad query machine "
RAMP = (["-3", "-1", "0", "2"], ["0", "1", "0", "1", "0"], "-2")
DECODER = {"d": (0, 64), "multiplier": (0, 1 << 256), "add": (-1 << 256, 1 << 256), "shift": (0, 256)}
BAD = (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration, ArithmeticError, RecursionError, MemoryError)


class WrongError(Exception):
    """The certificate does not hold; the message says what and where."""


def need(truth: object, what: str) -> None:
    """Go on if it is true."""
    if not truth:
        raise WrongError(what)


def whole(value: Any, low: int, high: int) -> int:
    """A whole number within bounds."""
    need(type(value) is int and low <= value <= high, f"a whole number from {low} to {high}, not {str(value)[:50]}")
    return int(value)


def ratio(text: Any) -> F:
    """A rational, p or p/q."""
    need(isinstance(text, str) and re.fullmatch(r"-?[0-9]{1,200}(/[0-9]{1,200})?", text), f"a rational, not {str(text)[:50]}")
    return F(text)


class Machine:
    """A query machine from an ASCII AIGER file."""

    def __init__(self, text: str) -> None:
        lines, ports = text.split("\n"), dict[str, dict[int, int]](random={})
        need(re.fullmatch(r"aag( [0-9]{1,9}){5}", lines[0]), "a machine as an ASCII AIGER file")
        _, ins, latches, outs, ands = map(int, lines[0].split()[1:])
        rows = [[int(part) for part in line.split()] for line in lines[1 : 1 + ins + latches + outs + ands]]
        states, outputs, gates = rows[ins : ins + latches], rows[ins + latches : ins + latches + outs], rows[ins + latches + outs :]
        self.states, self.next, self.start = [row[0] for row in states], [row[1] for row in states], [whole((*row, 0)[2], 0, 1) for row in states]
        self.ands, free = {node: (left, right) for node, left, right in gates}, {row[0] for row in rows[: ins + latches]}
        need(free.isdisjoint(self.ands) and len(free) + len(self.ands) == ins + latches + ands, "a machine whose variables are set once")
        need(all(node > max(pair) and min(pair) >= 0 == node & 1 for node, pair in self.ands.items()), "a machine without cycles")
        mark = next(i for i, line in enumerate(lines) if line.startswith(MARK))
        self.said, literals = json.loads(lines[mark][len(MARK) :]), {f"i{i}": row[0] for i, row in enumerate(rows[:ins])}
        literals |= {f"o{i}": row[0] for i, row in enumerate(outputs)}
        self.q, self.a, self.p = (whole(self.said[f"{name}_fraction"], 0, 256) for name in ("query", "answer", "predict"))
        for key, _, name in (line.partition(" ") for line in lines[1 + len(rows) : mark]):
            if key in literals:
                port, _, index = name.partition("[")
                ports.setdefault(port, {})[int(index.rstrip("]") or 0)] = literals[key]
        self.port, self.signed = {name: [bits[i] for i in range(len(bits))] for name, bits in ports.items()}, self.said["signed"] is True
        self.queries = sum(name.startswith("query") for name in ports)
        need(all(len(self.port[f"answer{j}"]) >= self.a + 2 for j in range(self.queries)), "(j) answers wide enough for -1 and 1")


class Network:
    """The arrays of a network file, and what follows from them alone."""

    def __init__(self, data: bytes) -> None:
        need(data[:8] == b"QGNET\0\0\1", "a network file")
        end = 16 + int.from_bytes(data[8:16], "little")
        self.header, values = json.loads(data[16:end]), np.frombuffer(data[end:], "<i8")
        names, lengths = zip(*((entry["name"], whole(entry["length"], 0, len(values))) for entry in self.header["arrays"]), strict=True)
        need([*names] == ARRAYS and sum(lengths) == len(values), f"(a) the arrays {', '.join(ARRAYS)}")
        self.offsets, self.sources, self.weights, self.sampled, self.frozen = np.split(values, np.cumsum(lengths)[:-1])
        self.n, self.size, edges, fan_in = len(list(self.header["inputs"])), lengths[0] - 1, lengths[1], np.diff(self.offsets)
        self.scale, self.output = whole(self.header["scale"], 1, 1 << 60), whole(self.header["output"], 1 + self.n, self.size - 1)
        self.rho, self.rate, sigma = ratio(self.header["rho"]), ratio(self.header["rate"]), self.header["sigma"]
        need(self.rho > 0 and self.rate in (1, 2), "(i) a positive rho and the learning rate 1 or 2")
        need((sigma["kinks"], sigma["slopes"], sigma["value"]) == RAMP and self.header["last"] is None, "(i) the two-stage ramp")
        need(self.header["loss"] == "half the square" and self.header["labels"] == [0, 1], "(i) loss and labels")
        need(self.offsets[0] == 0 and self.offsets[-1] == edges == lengths[2], "(a) offsets from 0 to the number of edges")
        need(((self.offsets >= 0) & (self.offsets <= edges)).all() and (fan_in >= 0).all(), "(a) offsets in order")
        self.heads = np.repeat(np.arange(self.size), fan_in)
        need((self.sources >= 0).all() and (self.sources < self.heads).all(), "(a) edges that lead upwards")
        need(not ((np.diff(self.sources) <= 0) & (np.diff(self.heads) == 0)).any(), "(a) no parallel edges")
        need((fan_in[: 1 + self.n] == 0).all() and (fan_in[1 + self.n :] > 0).all(), "(a) the constant and the inputs as sources")
        order = np.argsort(self.sources, kind="stable")
        self.ends, self.begin = self.heads[order], np.searchsorted(self.sources[order], np.arange(self.size + 1))
        need(np.flatnonzero(np.diff(self.begin) == 0).tolist() == [self.output], "(a) one sink, the output")
        need(all(((some >= 0) & (some < edges)).all() for some in (self.sampled, self.frozen)), "(h), (i) sampled and frozen edges that there are")
        need((self.sources[self.sampled] == 0).all() and (fan_in[self.heads[self.sampled]] == 1).all(), "(h) coins that only the constant drives")
        need((np.abs(self.weights[self.sampled]) > 3 * self.scale).all(), "(h) coins that are strictly flat")

    def into(self, v: int) -> dict[int, F]:
        """The edges into a vertex."""
        low, high = int(self.offsets[v]), int(self.offsets[v + 1])
        return {u: F(w, self.scale) for u, w in zip(self.sources[low:high].tolist(), self.weights[low:high].tolist(), strict=True)}

    def out(self, v: int) -> set[int]:
        """The heads of the edges out of a vertex."""
        return set(self.ends[self.begin[v] : self.begin[v + 1]].tolist())


def table(into: dict[int, F], inputs: int) -> tuple[list[int], dict[tuple[int, ...], int]]:
    """(d): the operands of a vc or control and its value for every choice of their bits, strictly flat each time."""
    operands, values = [u for u in into if u], dict[tuple[int, ...], int]()
    need(len(operands) <= 8 and all(u > inputs for u in operands), "(d) controls of at most 8 bits, none an input")
    for bits in product((0, 1), repeat=len(operands)):
        z = into.get(0, F(0)) + sum(into[u] * (4 * bit - 2) for u, bit in zip(operands, bits, strict=True))
        need(z < -3 or -1 < z < 0 or z > 2, "(d) vcs and controls that are strictly flat")
        values[bits] = -2 if z < -3 else 2 if z > 2 else 0
    return operands, values


def gate(into: dict[int, F], inputs: int) -> tuple[int, list[tuple[int, bool]]]:
    """(k): a vertex as "at least so many of some literals", strictly flat; an input is 0 or 1, all else -2 or 2."""
    parts = [(u, w) for u, w in into.items() if u and w]
    low = into.get(0, F(0)) + sum(min(w, F(0)) if u <= inputs else -2 * abs(w) for u, w in parts)
    swings = sorted(abs(w) * (1 if u <= inputs else 4) for u, w in parts)
    needs = next((k for k in range(len(parts) + 1) if low + sum(swings[:k]) > 2), len(parts) + 1)
    need(needs == 0 or low + sum(swings[len(parts) + 1 - needs :]) < -3, "(k) gates that are strictly flat")
    return needs, [(u, w < 0) for u, w in parts]


def memory(weights: Sequence[F], digits: Sequence[Any], odd: bool, o: F, rho: F, rate: F) -> tuple[F, F]:
    """(c), (j): Lemma 11's conditions on the weights of one copy; its gain, and what it adds while it acts."""
    a, w12, w12_, w23, w23_, c2, c2_, c3, g = weights
    through, k, idle, loss = w12 * w23 + w12_ * w23_, len(digits), 2 * (w23 - w23_) + 2 * c3, (1 + o * rho) * abs(g)
    size, rise = abs(g * through), rate * (min(F(1), loss * abs(through)) + 3 * rho / 4)
    most, most_ = (abs(w12) + rate * (min(F(1), loss * abs(outer) * a) + 3 * rho / 4) for outer in (w23, w23_))
    need((g * through > 0) == odd and o > 0 and o * rho < 1 and size, "(c) copies that move the right way")
    need(0 < a < 2 and 0 < w12 * a < 2 and w12 == w12_ and 0 < through * a < 2, "(c) copies that are linear while they act")
    need(2 * c2 + w12 * a > 2 and 2 * c2_ + w12_ * a < -3 and -1 < idle < 0, "(c) copies that are idle")
    need(a + rise < 2 and 2 * c2 - 2 * most > 2 and 2 * c2_ + 2 * most_ < -3, "(c) copies that are idle when they are written, v2 and v2'")
    need(-1 < idle - 2 * rate * rho and idle + 2 * rate * rho < 0, "(c) copies that are idle when they are written, v3")
    need((1 + o * rho) * size <= 1 and 4 * o * size > 3, "(c) copies that record what is asked, and clocks that never read 0")
    need(k > 0 and (2**k - 1) * rho + 3 * rate * rho / 4 >= rate * size, "(j) digits for every record")
    for i, (level, value, carries) in enumerate(digits, 1):
        far = abs(value - 12 / rho) * rise + abs(value * a + level - (6 - 6 * 2**k))
        need(far + sum(2 * abs(w + 3 * 2**j) for j, w in enumerate(carries, i)) < 3, "(j) digits that are strictly flat and right")
    return size, g * through * a


class Check:
    """All passes; WrongError where something does not hold. :meth:`texts` then gives what is left to a solver."""

    def __init__(self, cert: dict[str, Any], data: bytes) -> None:
        need(cert["kind"] == "querygrad certificate" and cert["format"] == 1, "a certificate")
        need(hashlib.sha256(data).hexdigest() == cert["network"]["sha256"], "the network that the certificate names")
        self.net, self.machine, self.rounds = Network(data), Machine(cert["machine"]["file"]), cert["guide"]
        net, machine, steps, per = self.net, self.machine, len(self.rounds), len(self.machine.port["random"])
        need(all(net.header[name] == cert["network"][name] for name in ("rho", "rate", "batch", "steps", "loss", "labels")), "(i) settings as certified")
        need(all(cert["machine"].get(name, value) == value for name, value in machine.said.items()), "(i) a machine as certified")
        need(net.header["steps"] == machine.said["rounds"] == steps, "(i) as many steps as the machine has rounds")
        need(len(machine.port["x"]) == net.n and len(net.sampled) == steps * per, "(h), (i) inputs and coins as the machine has them")
        self.drive, self.adds, self.digits, self.to_output = dict[int, tuple[int, bool]](), dict[int, F](), dict[int, list[int]](), net.into(net.output)
        self.known, self.final, self.tolerance, self.unit = dict[Any, tuple[F, F]](), set[int](), F(0), net.scale**4 * 2**machine.p
        self.inside, self.v3 = {net.output}, set[int]()
        self.decoder = [whole(cert["decoder"][name], *bounds) for name, bounds in DECODER.items()] if steps else []
        self.layer = {v: i // per + 1 for i, v in enumerate(net.heads[net.sampled].tolist())}
        self.coin = {v: i % per for i, v in enumerate(self.layer)}
        for t, said in enumerate(self.rounds, 1):
            held = ratio(said["held"])
            need(-3 < held < -1 if t % 2 else 0 < held < 2, f"(g) the output inside its piece in round {t}")
            offset = ((-held if t % 2 else held) - 1) / net.rho
            forms = {self.copy(whole(v1, 1 + net.n, net.size - 1), t, offset) for v1, *_ in said["copies"]}
            need(len(forms) == 1, f"(j) copies of one gain and one number of digits in round {t}")
            self.tolerance = max(self.tolerance, self.error(offset, *forms.pop()))
        need(self.tolerance <= ratio(cert["tolerance"]), f"(j) answers within {cert['tolerance']}")
        self.digit, controls = {v: (v1, i) for v1, row in self.digits.items() for i, v in enumerate(row)}, set(self.to_output) - self.v3
        need(not controls & self.inside and all(net.out(u) == {net.output} for u in controls), "(b) edges into the output from v3s and controls")
        need(not set(self.coin) & (self.inside | controls), "(h) coins that are no part of a copy and no control")
        fixed = set(net.sources[net.frozen].tolist()) & self.v3 | set(net.heads[net.frozen].tolist()) & self.inside - {net.output}
        need(not fixed, "(i) copies of which no edge is frozen")
        self.gates, self.controls, paths = dict[int, Any](), dict[int, dict[int, Any]](), self.inside - set(self.digit) | controls
        for v in sorted(set(range(1 + net.n, net.size)) - paths - set(self.layer)):
            into = net.into(v)
            need(paths.isdisjoint(into), f"(c), (k) gate {v} that reads a path")
            self.gates[v] = gate(into, net.n)
            self.layer[v] = max((self.layer.get(u, 0) for u, _ in self.gates[v][1]), default=0)
        for u in sorted(controls):
            read = table(net.into(u), net.n)
            self.controls.setdefault(max((self.layer.get(w, 0) for w in read[0]), default=0) or min(1, steps), {})[u] = read

    def copy(self, v1: int, t: int, offset: F) -> tuple[F, int]:
        """(b), (c), (d): a copy of its own that nothing else touches, and a memory; its gain and its number of digits."""
        net, a, rows = self.net, self.net.into(v1), list[Any]()
        paths = {v: net.into(v) for v in net.out(v1) if len(net.into(v)) == 2 and 0 not in net.into(v)}
        vcs = [u for into in paths.values() for u in into if u != v1]
        need(len(vcs) == 2 and vcs[0] == vcs[1] and set(a) == {0}, f"(c) a copy at vertex {v1}")
        vc, (v2, v2_) = vcs[0], sorted(paths, key=lambda v: -paths[v][vcs[0]])
        v3, digits = next(iter(net.out(v2))), sorted(net.out(v1) - set(paths), key=lambda v: -len(net.into(v)))
        three, (bits, values), copy = net.into(v3), table(net.into(vc), net.n), {v1, v2, v2_, v3, vc, *digits}
        need(net.out(v2) == net.out(v2_) == {v3} and set(three) == {v2, v2_, vc} and net.out(v3) == {net.output}, f"(c) v3 of the copy at {v1}")
        need(net.out(vc) == {v2, v2_, v3} and len(bits) == 1 and set(values.values()) == {0, 2}, f"(d) vc of the copy at {v1}")
        need(not copy & self.inside and len(copy) == 5 + len(digits), f"(c) a copy of its own at {v1}")
        for i, v in enumerate(digits, 1):
            into = net.into(v)
            need(set(into) <= {0, v1, *digits[i:]}, f"(c) a digit at vertex {v}")
            rows.append((into.get(0, F(0)), into[v1], tuple(into.get(d, F(0)) for d in digits[i:])))
        weights = (a[0], paths[v2][v1], paths[v2_][v1], three[v2], three[v2_], paths[v2][vc], paths[v2_][vc], three[vc], self.to_output[v3])
        key = weights, tuple(rows), t % 2, offset
        if key not in self.known:
            self.known[key] = memory(weights, rows, bool(t % 2), offset, net.rho, net.rate)
        gain, self.adds[v1] = self.known[key]
        self.inside |= copy
        self.v3.add(v3)
        self.layer |= dict.fromkeys(digits, t)
        self.drive[v1], self.digits[v1] = (bits[0], values[1,] == 2), digits
        return gain, len(digits)

    def error(self, offset: F, gain: F, bits: int) -> F:
        """(j): how far an answer can be from its batch mean, for every record that Lemma 11 allows."""
        (d, m, add, shift), rho, signed = self.decoder, self.net.rho, self.machine.signed
        code, all_, left = F(1, 2**self.machine.a), 2**d - 1 if d else 1, F(1, 2**d) if d else 1 - F(1, 2**self.machine.q)
        low, high = -F(3, 4) * rho / gain, (offset + F(3, 4) / gain) * rho
        low, high = (low - high, high - low) if signed else (low, high)
        drift = (F(m, 2**shift) * code - rho / (self.net.rate * gain) / 2**d) * (2**bits - 1) * all_
        ends, more = (drift, -drift if signed else F(0)), F(add, 2**shift) * code
        least = low * all_ / 2**d - left + min(ends) + more - (1 - F(1, 2**shift)) * code
        return max(-least, high * all_ / 2**d + (left if signed else 0) + max(ends) + more)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every phase of every round, with its name."""
        state, carried = [-1 if bit else -2 for bit in self.machine.start], dict[int, Any]()
        for t, said in enumerate(self.rounds, 1):
            for phase in ("before", "now", "after")[t == 1 :]:
                yield f"round {t}, {phase}", Phase(self, t, phase, state, carried).text()
            state, carried = said["state"], {u: row for u, row in carried.items() if row[0] is not None and row[0] < 0}
            carried |= {u: (reference, early) for u, reference, early in said["carries"]}
        yield "the end", Phase(self, len(self.rounds), "end", state, carried).text()


def flip(term: str, negated: object) -> str:
    """A term or its negation."""
    if not negated:
        return term
    return {"true": "false", "false": "true"}.get(term) or (term[5:-1] if term.startswith("(not ") else f"(not {term})")


def vector(bits: Sequence[str], wide: int, fill: str) -> str:
    """Booleans, least first, as a bit-vector."""
    return f"(concat {' '.join(f'(ite {bit} #b1 #b0)' for bit in reversed([*bits, *[fill] * (wide - len(bits))]))})"


def total(parts: Sequence[tuple[str, Any]], unit: int = 1) -> str:
    """The sum of some numbers, each where its term is true, in a unit in which they are whole."""
    return f"(+ 0 0 {' '.join(f'(ite {term} (- {max(n, 0) * unit} {max(-n, 0) * unit}) 0)' for term, n in parts)})"


class Phase:
    """(e), (f), (g), (k): what a round computes before, in and after its step, and at the end, as an SMT-LIB text whose right answer is unsat."""

    def __init__(self, check: Check, t: int, phase: str, state: Sequence[int], carried: Mapping[int, Any]) -> None:
        self.check, self.t, self.phase, self.carried, self.machine = check, t, phase, carried, check.machine
        self.said, self.lines = check.rounds[t - 1] if t else {"copies": [], "carries": []}, ["(set-logic ALL)"]
        self.terms, self.names, self.order = dict[int, str](), dict[str, str](), {copy[0]: c for c, copy in enumerate(self.said["copies"])}
        x = {literal: self.define(f"x{i + 1}") for i, literal in enumerate(self.machine.port["x"])}
        self.state = {0: "false"} | {literal: self.bit(r) for literal, r in zip(self.machine.states, state, strict=True)}
        self.point, self.acts = x | self.state, {v1: flip(self.term(check.drive[v1][0]), check.drive[v1][1]) for v1 in self.order}
        self.gives = [(u, self.both([flip(self.term(v), not b) for v, b in zip(operands, bits, strict=True)]), value * check.to_output[u])
                      for u, (operands, values) in check.controls.get(t, {}).items() for bits, value in values.items() if value]  # fmt: skip

    def define(self, body: str, sort: str = "Bool") -> str:
        """A name for a term, the same for the same term; a term without brackets is a variable."""
        if body not in self.names:
            self.names[body] = f"n{len(self.lines)}" if body[0] == "(" else body
            self.lines.append(f"(define-fun {self.names[body]} () {sort} {body})" if body[0] == "(" else f"(declare-const {body} {sort})")
        return self.names[body]

    def both(self, terms: Sequence[str]) -> str:
        """The conjunction of some terms, two at a time, constants folded."""
        found = "true"
        for term in terms:
            if found == "true" or term == found:
                found = term
            elif "false" in (found, term) or term == flip(found, True):
                return "false"
            elif term != "true":
                found = self.define(f"(and {' '.join(sorted((found, term)))})")
        return found

    def bit(self, r: int, state: Sequence[str] | None = None) -> str:
        """A bit of the machine's state (2i, or 2i + 1 negated), or true (-1) or false."""
        if r < 0:
            return "true" if r == -1 else "false"
        return flip(state[r >> 1] if state else self.define(f"s{r >> 1}"), r & 1)

    def term(self, v: int) -> str:
        """What a vertex carries."""
        if v not in self.terms:
            self.terms[v] = self.find(v)
        return self.terms[v]

    def find(self, v: int) -> str:
        """What a vertex carries: an input, a bit of the state, a digit, a coin, or a gate over such."""
        check, layer = self.check, self.check.layer.get(v, 0)
        if 0 < v <= check.net.n:
            return self.define(f"x{v}")
        if v in self.carried and (layer != self.t or self.phase == "end"):
            reference, early = self.carried[v]
            if self.phase == "before" and early is not None and layer == self.t - 1:
                return "true" if early else "false"
            if reference is not None:
                return self.bit(reference) if self.phase != "before" else self.define(f"f{len(self.lines)}")
        if layer == self.t and v in check.digit:
            v1, i = check.digit[v]
            reads = self.phase in ("after", "end") and self.said["copies"][self.order[v1]][1] >= -1
            return self.define(f"d{self.order[v1]}_{i}") if reads else "false"
        if layer == self.t and v in check.coin:
            return self.define(f"r{check.coin[v]}")
        need(v in check.gates, f"(k) vertex {v} that round {self.t} reads and of which nothing is said")
        needs, row = check.gates[v]
        terms = [flip(self.term(u), negated) for u, negated in row]
        if needs in (0, len(row) + 1):
            return "false" if needs else "true"
        if needs in (1, len(row)):
            return flip(self.both([flip(term, needs == 1) for term in terms]), needs == 1)
        return self.define(f"(<= {needs} {total([(term, 1) for term in terms])})")

    def literal(self, x: int, known: dict[int, str]) -> str:
        """The term of a literal of the machine; ``known`` has those of the variables that it may depend on."""
        if x & ~1 not in known:
            need(x & ~1 in self.machine.ands, "(i) queries and predictions of x and state, next states of answers, random bits and state")
            known[x & ~1] = self.both([self.literal(y, known) for y in self.machine.ands[x & ~1]])
        return flip(known[x & ~1], x & 1)

    def text(self) -> str:
        """The whole text: definitions, and a counterexample to the claims."""
        check, p, said, unit, late = self.check, self.machine.p, self.said, self.check.unit, self.phase in ("after", "end")
        if self.phase == "now":
            check.final = set(check.controls.get(self.t, {})) - {u for u, term, _ in self.gives if term != "false"}
            parts = [(term, check.adds[v1]) for v1, term in self.acts.items()] + [(term, value) for _, term, value in self.gives]
            claims = [*self.asked(), f"(= {total(parts, unit)} {total([('true', ratio(said['held']))], unit)})"]
        elif self.phase == "end":
            value = total([(self.literal(x, self.point), F(2**i, 2**p)) for i, x in enumerate(self.machine.port["predict"])], unit)
            given = total([(term, value) for u, term, value in self.gives if u in check.final or not self.t], unit)
            claims = [f"(= {given} {value})", f"(<= {value} {2 * unit})"]
        else:
            final = check.final if late and self.t == len(check.rounds) else ()
            claims = [flip(term, True) for term in (*self.acts.values(), *(term for u, term, _ in self.gives if u not in final))]
        if late and self.t:
            self.lines.append(f"(assert (or false {' '.join(self.term(v) for v in check.digits[said['copies'][0][0]])}))")
        else:
            claims += [flip(self.term(u), not early) for u, _, early in said["carries"] if early is not None]
        if self.phase == "after":
            after = self.following()
            pairs = [(self.term(u), r) for u, r, _ in said["carries"] if r is not None] + [*zip(after, said["state"], strict=True)]
            claims += [f"(= {term} {self.bit(r, after)})" for term, r in pairs]
        return "\n".join([*self.lines, f"(assert (not (and true {' '.join(claims)})))", "(check-sat)", ""])

    def asked(self) -> Iterator[str]:
        """The clock acts always, each other copy exactly where its digit of its query is set; digits without a copy are never set."""
        machine, d, q = self.machine, self.check.decoder[0], self.machine.q
        clock, *others = [(self.acts[v1], tuple(role)) for v1, *role in self.said["copies"]]
        roles = list(product(range(machine.queries), range(max(d, 1)), (0, 1)[: 1 + machine.signed]))
        acts = {role: term for term, role in others if role[0] >= 0}
        need(clock[1][0] == -1 and set(acts) <= set(roles), f"(e), (k) a clock and then roles of the machine in round {self.t}")
        need(len(acts) == sum(role[0] >= 0 for _, role in others), f"(k) copies of different roles in round {self.t}")
        yield from (clock[0], *(flip(term, True) for term, role in others if role[0] < 0))
        for j, place, negative in roles:
            bits = [self.literal(x, self.point) for x in machine.port[f"query{j}"]]
            wide = max(len(bits), q + 1) + 1
            code = vector(bits, wide, bits[-1] if machine.signed else "false")
            sign = f"(bvslt {code} (_ bv0 {wide}))"
            size = self.define(f"(ite {sign} (bvneg {code}) {code})", f"(_ BitVec {wide})")
            digit = f"(= #b1 ((_ extract {q - 1 - place} {q - 1 - place}) {size}))" if place < min(d, q) else "false"
            digit = f"(or {digit} (bvuge {size} (_ bv{2**q} {wide})))"
            yield f"(= {acts.get((j, place, negative), 'false')} (and {digit} {flip(sign, not negative)}))"

    def following(self) -> list[str]:
        """The machine's next state on the answers that the decoder gives."""
        machine, (d, m, add, shift), known = self.machine, self.check.decoder, dict(self.state)
        wide = (m * 2 ** (len(next(iter(self.check.digits.values()))) + d + 1) + abs(add)).bit_length() + machine.a + 4
        for j in range(machine.queries):
            s = f"(_ bv{add % 2**wide} {wide})"
            for v1, query, place, negative in self.said["copies"]:
                if query == j:
                    read = vector([self.term(v) for v in self.check.digits[v1]], wide, "false")
                    s = f"({'bvsub' if negative else 'bvadd'} {s} (bvmul {read} (_ bv{m * 2 ** max(d - 1 - place, 0)} {wide})))"
            raw = self.define(f"(bvashr {s} (_ bv{min(shift, wide)} {wide}))", f"(_ BitVec {wide})")
            high, low = f"(_ bv{2**machine.a} {wide})", f"(_ bv{2**wide - 2**machine.a} {wide})"
            code = self.define(f"(ite (bvsgt {raw} {high}) {high} (ite (bvslt {raw} {low}) {low} {raw}))", f"(_ BitVec {wide})")
            at = [(x, min(i, wide - 1)) for i, x in enumerate(machine.port[f"answer{j}"])]
            known |= {x: self.define(f"(= #b1 ((_ extract {i} {i}) {code}))") for x, i in at}
        known |= {x: self.define(f"r{i}") for i, x in enumerate(machine.port["random"])}
        return [self.literal(x, known) for x in machine.next]


def ask_cvc5(text: str, seconds: int) -> str:
    """What cvc5 answers to a text."""
    cvc5 = importlib.import_module("cvc5")
    solver, answer = cvc5.Solver(), ""
    solver.setOption("tlimit-per", str(1000 * seconds))
    parser = cvc5.InputParser(solver)
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
        sys.setrecursionlimit(1_000_000)
        asked = {text: name for name, text in reversed(list(check.texts()))}
        print(f"every pass over {check.net.size} vertices repeated; {len(asked)} different texts for a solver")
        for text, name in asked.items() if given.smt else ():
            given.smt.mkdir(parents=True, exist_ok=True)
            (given.smt / f"{name.replace(', ', '-').replace(' ', '-')}.smt2").write_text(text)
        answers = {name: ask_cvc5(text, given.seconds) for text, name in asked.items()} if given.solver else {}
    except WrongError as error:
        print(f"the certificate does not hold: need {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError:
        print("need cvc5 for --solver cvc5 (pip install cvc5), got none", file=sys.stderr)
        return 2
    except BAD as error:
        print(f"need a certificate and its network, got {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
        return 2
    left = {name: answer for name, answer in answers.items() if answer != "unsat"}
    for name, answer in left.items():
        print(f"{name}: {answer}", file=sys.stderr)
    if given.solver:
        print(f"{given.solver}: {len(answers) - len(left)} of {len(answers)} texts have no counterexample")
    return 0 if not left else 1 if "sat" in left.values() else 3


if __name__ == "__main__":
    sys.exit(main())
