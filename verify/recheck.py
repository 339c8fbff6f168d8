"""A second check of a certificate (Lemma 3b), by a program of its own: the standard library and NumPy, nothing else of this project."""
import argparse
import hashlib
import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction as F
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

RAMP, MARK = (["-3", "-1", "0", "2"], ["0", "1", "0", "1", "0"], "-2"), "querygrad query machine "
FILE = (b"QGNET\0\0\1", "offsets", "sources", "weights", "sampled", "frozen")
DECODER = {"d": (0, 64), "multiplier": (0, 1 << 256), "add": (-1 << 256, 1 << 256), "shift": (0, 256)}


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
        ins, latches, outs, ands = (whole(int(part), 0, len(lines)) for part in lines[0].removeprefix("aag ").split()[1:])
        rows = [[int(part) for part in line.split()] for line in lines[1 : 1 + ins + latches + outs + ands]]
        self.states, self.ands = rows[ins:][:latches], {node: (left, right) for node, left, right in rows[ins + latches + outs :]}
        own = {row[0] for row in rows[: ins + latches]} | set(self.ands)
        need(len(own) == ins + latches + ands and {x & ~1 for row in rows for x in row} <= own | {0} > own, "a machine of one piece")
        mark = next(i for i, line in enumerate(lines) if line.startswith(MARK))
        names = [*(f"i{i}" for i in range(ins)), *[""] * latches, *(f"o{i}" for i in range(outs))]
        literals, self.said = {name: row[0] for name, row in zip(names, rows, strict=False)}, json.loads(lines[mark][len(MARK) :])
        for key, _, name in (line.partition(" ") for line in lines[1 + len(rows) : mark]):
            port, _, index = name.partition("[")
            if key in literals:
                ports.setdefault(port, {})[int(index.rstrip("]") or 0)] = literals[key]
        self.q, self.a, self.p = (whole(self.said[f"{name}_fraction"], 0, 256) for name in ("query", "answer", "predict"))
        self.port, self.signed = {name: [bits[i] for i in range(len(bits))] for name, bits in ports.items()}, self.said["signed"] is True
        self.queries = sum(name.startswith("query") for name in ports)
        need(all(len(self.port[f"answer{j}"]) >= self.a + 2 for j in range(self.queries)), "(j) answers wide enough for -1 and 1")


class Network:
    """The arrays of a network file, and what follows from them alone."""

    def __init__(self, data: bytes) -> None:
        end = 16 + int.from_bytes(data[8:16], "little")
        self.header, values = json.loads(data[16:end]), np.frombuffer(data[end:], "<i8")
        names, lengths = zip(*((entry["name"], whole(entry["length"], 0, len(values))) for entry in self.header["arrays"]), strict=True)
        need((data[:8], *names) == FILE and sum(lengths) == len(values), "(a) a network file")
        self.offsets, self.sources, self.weights, sampled, self.frozen = np.split(values, np.cumsum(lengths)[:-1])
        self.n, self.size, edges, fan_in = len(list(self.header["inputs"])), lengths[0] - 1, lengths[1], np.diff(self.offsets)
        self.scale, self.output = whole(self.header["scale"], 1, 1 << 60), whole(self.header["output"], 1 + self.n, self.size - 1)
        self.rho, self.rate, sigma, loss = ratio(self.header["rho"]), ratio(self.header["rate"]), self.header["sigma"], self.header["loss"]
        need(all((at["kinks"], at["slopes"], at["value"]) == RAMP for at in (sigma, self.header["last"] or sigma)), "(i) the ramp")
        need(loss == "half the square" and self.header["labels"] == [0, 1] and self.rho > 0 and self.rate in (1, 2), "(i) settings")
        need(self.offsets[0] == 0 and self.offsets[-1] == edges == lengths[2] and (np.sort(self.offsets) == self.offsets).all(), "(a)")
        self.heads = np.repeat(np.arange(self.size), fan_in)
        need((self.sources >= 0).all() and (self.sources < self.heads).all(), "(a) edges that lead upwards")
        need(not ((np.diff(self.sources) <= 0) & (np.diff(self.heads) == 0)).any(), "(a) no parallel edges")
        order, self.coins = np.argsort(self.sources, kind="stable"), self.heads[sampled]
        self.ends, self.begin = self.heads[order], np.searchsorted(self.sources[order], np.arange(self.size + 1))
        need([*np.flatnonzero(fan_in == 0)] == [*range(1 + self.n)], "(a) the constant and the inputs as sources")
        need([*np.flatnonzero(np.diff(self.begin) == 0)] == [self.output], "(a) one sink, the output")
        need((sampled >= 0).all() and (self.frozen >= 0).all() and (self.sources[sampled] == 0).all(), "(h) coins that the constant drives")
        need((fan_in[self.coins] == 1).all() and (np.abs(self.weights[sampled]) > 3 * self.scale).all(), "(h) coins that are strictly flat")

    def into(self, v: int) -> dict[int, F]:
        """The edges into a vertex."""
        edges = slice(int(self.offsets[v]), int(self.offsets[v + 1]))
        return {u: F(w, self.scale) for u, w in zip(self.sources[edges].tolist(), self.weights[edges].tolist(), strict=True)}

    def out(self, v: int) -> set[int]:
        """The heads of the edges out of a vertex."""
        return set(self.ends[self.begin[v] : self.begin[v + 1]].tolist())

    def table(self, v: int) -> tuple[list[int], dict[tuple[int, ...], int]]:
        """(d): the operands of a vc or control and its value for every choice of their bits, strictly flat each time."""
        into, values = self.into(v), dict[tuple[int, ...], int]()
        operands, bias = [u for u in into if u], into.get(0, F(0))
        need(len(operands) <= 8 and all(u > self.n for u in operands), f"(d) at most 8 bits, none an input, that drive {v}")
        for bits in product((0, 1), repeat=len(operands)):
            z = bias + sum(into[u] * (4 * bit - 2) for u, bit in zip(operands, bits, strict=True))
            need(z < -3 or -1 < z < 0 or z > 2, f"(d) a vc or control at {v} that is strictly flat")
            values[bits] = -2 if z < -3 else 2 if z > 2 else 0
        return operands, values

    def gate(self, v: int) -> tuple[int, list[tuple[int, bool]]]:
        """(k): a vertex as "at least so many of some literals", strictly flat; an input is 0 or 1, all else -2 or 2."""
        into = self.into(v)
        parts = [(u, w) for u, w in into.items() if u and w]
        low = into.get(0, F(0)) + sum(min(w, F(0)) if u <= self.n else -2 * abs(w) for u, w in parts)
        swings = sorted(abs(w) * (1 if u <= self.n else 4) for u, w in parts)
        needs = next((k for k in range(len(parts) + 1) if low + sum(swings[:k]) > 2), len(parts) + 1)
        need(needs == 0 or low + sum(swings[len(parts) + 1 - needs :]) < -3, f"(k) a gate at {v} that is strictly flat")
        return needs, [(u, w < 0) for u, w in parts]


@cache
def memory(weights: tuple[F, ...], digits: tuple[tuple[F, F, Any], ...], odd: bool, o: F, rho: F, rate: F) -> tuple[F, F]:
    """(c), (j): Lemma 11's conditions on the weights of one copy; its gain, and what it adds while it acts."""
    a, w12, w12_, w23, w23_, c2, c2_, c3, g = weights
    through, k, idle, loss = w12 * w23 + w12_ * w23_, len(digits), 2 * (w23 - w23_) + 2 * c3, (1 + o * rho) * abs(g)
    size, rise = abs(g * through), rate * (min(F(1), loss * abs(through)) + 3 * rho / 4)
    most, most_ = (abs(w12) + rate * (min(F(1), loss * abs(outer) * a) + 3 * rho / 4) for outer in (w23, w23_))
    need(w12 == w12_ and o > 0 and o * rho < 1 and 0 < a < 2 and 0 < w12 * a < 2 and 0 < through * a < 2, "(c), (g) copies that act")
    need(2 * c2 - 2 * most > 2 and 2 * c2_ + 2 * most_ < -3 and -1 < idle - 2 * rate * rho < idle + 2 * rate * rho < 0, "(c) idle copies")
    need((g * through > 0) == odd and a + rise < 2 and (1 + o * rho) * size <= 1 and 4 * o * size > 3, "(c) copies and clocks that record")
    need(k > 0 and (2**k - 1) * rho + 3 * rate * rho / 4 >= rate * size, "(j) digits for every record")
    for i, (level, value, carries) in enumerate(digits, 1):
        far = abs(value - 12 / rho) * rise + abs(value * a + level - (6 - 6 * 2**k))
        need(far + sum(2 * abs(w + 3 * 2**j) for j, w in enumerate(carries, i)) < 3, "(j) digits that are strictly flat and right")
    return size, g * through * a


class Check(Network):
    """All passes; WrongError where something does not hold. :meth:`texts` then gives what is left to a solver."""

    def __init__(self, cert: dict[str, Any], data: bytes) -> None:
        need((cert["kind"], cert["network"]["sha256"]) == ("querygrad certificate", hashlib.sha256(data).hexdigest()), "(i) its network")
        super().__init__(data)
        self.machine, self.rounds, self.to_output = Machine(cert["machine"]["file"]), cert["guide"], self.into(self.output)
        machine, steps, self.per, said = self.machine, len(self.rounds), len(self.machine.port["random"]), cert["network"]
        need(all(self.header[name] == said[name] for name in ("rho", "rate", "batch", "steps", "loss", "labels")), "(i) the settings said")
        need(all(cert["machine"].get(name, value) == value for name, value in machine.said.items()), "(i) the machine that is described")
        counts = len(machine.port["x"]), len(self.coins), machine.said["rounds"], self.header["steps"]
        need(counts == (self.n, steps * self.per, steps, steps), "(h), (i) inputs, coins and steps as the machine has them")
        self.drive, self.adds, self.digits, self.v3, self.gates, self.controls = (dict[int, Any]() for _ in range(6))
        self.inside, self.final, self.tolerance, self.unit = {self.output}, {*cert["final"]}, F(0), self.scale**4 * 2**machine.p
        self.nodes = {node: (needs, row) for node, needs, row in cert["functions"]} | {node: (2, row) for node, row in machine.ands.items()}
        self.decoder = [whole(cert["decoder"][name], *bounds) for name, bounds in DECODER.items()] if steps else []
        self.layer = {v: i // self.per + 1 for i, v in enumerate(self.coins.tolist())}
        for t, said in enumerate(self.rounds, 1):
            offset = (ratio(said["held"]) * (-1) ** t - 1) / self.rho
            forms = {self.copy(whole(v1, 1 + self.n, self.size - 1), t, offset) for v1, *_ in said["copies"]}
            need(len(forms) == 1 and said["copies"][0][1] == -1, f"(e), (j) a clock, one gain and one number of digits in round {t}")
            self.tolerance = max(self.tolerance, self.error(offset, *forms.pop()))
        need(self.tolerance <= ratio(cert["tolerance"]), f"(j) answers within {cert['tolerance']}")
        controls = set(self.to_output) - set(self.v3)
        need(not controls & self.inside and all(self.out(u) == {self.output} for u in controls), "(b) an output of v3s and controls")
        need(len({*self.coins}) == len(self.coins) and not {*self.coins} & (self.inside | controls), "(h) coins that are nothing else")
        need(not ({*self.heads[self.frozen]} & self.inside - {self.output} or {*self.sources[self.frozen]} & {*self.v3}), "(i) all free")
        paths = self.inside - set(self.layer) | controls
        for v in sorted(set(range(1 + self.n, self.size)) - paths - set(self.layer)):
            need(paths.isdisjoint(self.into(v)), f"(c), (k) gate {v} that reads a path")
            self.gates[v] = self.gate(v)
            self.layer[v] = max((self.layer.get(u, 0) for u, _ in self.gates[v][1]), default=0)
        for u, (operands, values) in [(u, self.table(u)) for u in sorted(controls)]:
            t = max((self.layer.get(w, 0) for w in operands), default=0) or min(1, steps)
            gives = [(u, [*zip(operands, bits, strict=True)], value * self.to_output[u]) for bits, value in values.items() if value]
            self.controls.setdefault(t, []).extend(gives)

    def copy(self, v1: int, t: int, offset: F) -> tuple[F, int]:
        """(b), (c), (d): a copy of its own that nothing else touches, and a memory; its gain and its number of digits."""
        a, rows = self.into(v1), list[tuple[F, F, Any]]()
        paths = {v: self.into(v) for v in self.out(v1) if len(self.into(v)) == 2 and 0 not in self.into(v)}
        vcs = [u for into in paths.values() for u in into if u != v1]
        need(len(vcs) == 2 and vcs[0] == vcs[1] and set(a) == {0}, f"(c) a copy at vertex {v1}")
        vc, (v2, v2_) = vcs[0], sorted(paths, key=lambda v: -paths[v][vcs[0]])
        v3, digits = next(iter(self.out(v2))), sorted(self.out(v1) - set(paths), key=lambda v: -len(self.into(v)))
        three, (bits, values), copy = self.into(v3), self.table(vc), {v1, v2, v2_, v3, vc, *digits}
        need(self.out(v2) == self.out(v2_) == {v3} and {*three} == {v2, v2_, vc} and self.out(v3) == {self.output}, f"(c) a v3 at {v3}")
        need(self.out(vc) == {v2, v2_, v3} and len(bits) == 1 and set(values.values()) == {0, 2}, f"(d) vc of the copy at {v1}")
        need(not copy & self.inside and len(copy) == 5 + len(digits), f"(c) a copy of its own at {v1}")
        for i, into in enumerate(map(self.into, digits), 1):
            need(set(into) <= {0, v1, *digits[i:]}, f"(c) a digit at vertex {digits[i - 1]}")
            rows.append((into.get(0, F(0)), into[v1], tuple(into.get(d, F(0)) for d in digits[i:])))
        weights = (a[0], paths[v2][v1], paths[v2_][v1], three[v2], three[v2_], paths[v2][vc], paths[v2_][vc], three[vc], self.to_output[v3])
        gain, self.adds[v1] = memory(weights, tuple(rows), t % 2 == 1, offset, self.rho, self.rate)
        self.drive[v1], self.digits[v1], self.v3[v3] = (bits[0], values[1,] == 2), digits, v1
        self.layer |= dict.fromkeys(digits, t)
        self.inside |= copy
        return gain, len(digits)

    def error(self, offset: F, gain: F, bits: int) -> F:
        """(j): how far an answer can be from its batch mean, for every record that Lemma 11 allows."""
        (d, m, add, shift), rho, signed, code = self.decoder, self.rho, self.machine.signed, F(1, 2**self.machine.a)
        asked, left = (1 - F(1, 2**d), F(1, 2**d)) if d else (F(1), 1 - F(1, 2**self.machine.q))
        low, high = -F(3, 4) * rho / gain, (offset + F(3, 4) / gain) * rho
        low, high = (low - high, high - low) if signed else (low, high)
        drift = (F(m, 2**shift) * code - rho / (self.rate * gain) / 2**d) * (2**bits - 1) * asked * 2**d
        ends, more = (drift, -drift if signed else F(0)), F(add, 2**shift) * code
        least = low * asked - left + min(ends) + more - (1 - F(1, 2**shift)) * code
        return F(max(0, -least, high * asked + (left if signed else 0) + max(ends) + more))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every phase of every round, with its name."""
        state, carried = [whole((*row, 0)[2], 0, 1) for row in self.machine.states], dict[int, Any]()
        for t, said in enumerate(self.rounds, 1):
            for phase in ("before", "now", "after")[t == 1 :]:
                yield f"round-{t}-{phase}", Phase(self, t, phase, state, carried).text()
            state, carried = said["state"], {u: at for u, at in carried.items() if at[0] in (0, 1)} | {u: at for u, *at in said["carries"]}
        yield "end", Phase(self, len(self.rounds), "end", state, carried).text()


def flip(term: str, negated: object) -> str:
    """A term or its negation."""
    return ({"true": "false", "false": "true"}.get(term) or (term[5:-1] if term[0] == "(" else f"(not {term})")) if negated else term


class Phase:
    """(e), (f), (g), (k): what a round computes before, in and after its step, and at the end; its text must be unsatisfiable."""

    def __init__(self, check: Check, t: int, phase: str, state: Sequence[int], carried: Mapping[int, Any]) -> None:
        self.check, self.t, self.phase, self.machine, self.late = check, t, phase, check.machine, phase in ("after", "end")
        self.said, logic = check.rounds[t - 1] if t else {"copies": [], "carries": []}, "ALL" if phase in ("now", "end") else "QF_BV"
        self.carried, self.parts, self.names, self.lines = carried, dict[str, set[str]](), dict[str, str](), [f"(set-logic {logic})"]
        self.terms = {v: self.define(f"x{v}") for v in range(1, 1 + check.n)}
        self.terms |= {int(v): self.define(f"r{i}") for i, v in enumerate(check.coins[max(t - 1, 0) * check.per : t * check.per])}
        for c, (v1, query, *_) in enumerate(self.said["copies"]):
            self.terms |= {v: self.define(f"d{c}_{i}") if self.late and query >= -1 else "false" for i, v in enumerate(check.digits[v1])}
        self.free = {0: "false"} | {row[0]: self.define(f"s{i}") for i, row in enumerate(self.machine.states)}
        self.state = {0: "false"} | {row[0]: self.literal(r, self.free) for row, r in zip(self.machine.states, state, strict=True)}
        self.point = self.state | {x: f"x{i}" for i, x in enumerate(self.machine.port["x"], 1)}
        self.acts = {v1: flip(self.term(check.drive[v1][0]), check.drive[v1][1]) for v1, *_ in self.said["copies"] if phase != "end"}
        gives = [row for row in check.controls.get(t, []) if phase != "end" or row[0] in check.final or not t]
        self.gives = [(u, self.both([flip(self.term(v), not b) for v, b in when]), value) for u, when, value in gives]

    def define(self, body: str, sort: str = "Bool") -> str:
        """A name for a term, the same for the same term; a term without brackets is a variable."""
        if body not in self.names:
            self.names[body] = f"n{len(self.lines)}" if body[0] == "(" else body
            self.lines.append(f"(define-fun {self.names[body]} () {sort} {body})" if body[0] == "(" else f"(declare-const {body} {sort})")
        return self.names[body]

    def vector(self, bits: Sequence[str], wide: int, fill: str) -> str:
        """Booleans, least first, as a bit-vector."""
        return f"(concat {' '.join(f'(ite {bit} #b1 #b0)' for bit in reversed([*bits, *[fill] * (wide - len(bits))]))})"

    def total(self, parts: Sequence[tuple[str, Any]], unit: int) -> str:
        """The sum of some numbers, each where its term is true, in a unit in which they are whole."""
        return f"(+ 0 0 {' '.join(f'(ite {term} (- {max(n, 0) * unit} {max(-n, 0) * unit}) 0)' for term, n in parts)})"

    def both(self, terms: Sequence[str]) -> str:
        """The conjunction of some terms; those of small conjunctions instead of these, constants folded."""
        kept = set().union(*(self.parts.get(term, {term}) for term in terms)) - {"true"}
        if "false" in kept or any(flip(term, True) in kept for term in kept):
            return "false"
        found = self.define(f"(and {' '.join(sorted(kept))})") if len(kept) > 1 else next(iter(kept), "true")
        self.parts |= {found: kept} if len(kept) < 64 else {}
        return found

    def threshold(self, needs: int, terms: Sequence[str]) -> str:
        """At least ``needs`` of some terms."""
        some = needs == 1 < len(terms)
        if 1 < needs < len(terms):
            least, one, none = (f"(_ bv{value} {len(terms).bit_length()})" for value in (needs, 1, 0))
            return self.define(f"(bvuge (bvadd {' '.join(f'(ite {term} {one} {none})' for term in terms)}) {least})")
        return "false" if needs > len(terms) else flip(self.both([flip(term, some) for term in terms[: len(terms) * needs]]), some)

    def term(self, v: int) -> str:
        """What a vertex carries: an input, a bit of the state, a digit, a coin, or a gate over such."""
        check, layer = self.check, self.check.layer.get(v, 0)
        reference, early = self.carried.get(v, (None, None)) if layer != self.t or self.phase == "end" else (None, None)
        if v in self.terms:
            found = self.terms[v]
        elif self.phase == "before" and early is not None and layer == self.t - 1:
            found = "true" if early else "false"
        elif reference is not None:
            found = self.literal(reference, self.free) if self.phase != "before" else self.define(f"f{len(self.lines)}")
        else:
            need(v in check.gates, f"(k) vertex {v} that round {self.t} reads and of which nothing is said")
            needs, row = check.gates[v]
            found = self.threshold(needs, [flip(self.term(u), negated) for u, negated in row])
        return self.terms.setdefault(v, found)

    def literal(self, x: int, known: dict[int, str]) -> str:
        """The term of a literal of the machine or of the certificate's functions; ``known`` has variables that it may depend on."""
        if (node := x & ~1) < 0:
            return flip(self.term(-node >> 1), x & 1)
        if node not in known:
            need(node in self.check.nodes, "(i) queries and predictions of x and state, states of answers, random bits and state")
            needs, row = self.check.nodes[node]
            known[node] = self.threshold(needs, [self.literal(y, known) for y in row])
        return flip(known[node], x & 1)

    def text(self) -> str:
        """The whole text: definitions, and a counterexample to the claims."""
        check, machine, said, unit, last = self.check, self.machine, self.said, self.check.unit, self.t == len(self.check.rounds)
        zero = [flip(w, True) for u, w, _ in self.gives if self.phase == "before" or (last and u in check.final) == (self.phase == "now")]
        if self.phase == "now":
            parts = [(term, check.adds[v1]) for v1, term in self.acts.items()] + [(term, value) for _, term, value in self.gives]
            claims = [*self.asked(), *zero, f"(= {self.total(parts, unit)} {self.total([('true', ratio(said['held']))], unit)})"]
        elif self.phase == "end":
            value = self.total([(self.literal(x, self.point), F(2**i, 2**machine.p)) for i, x in enumerate(machine.port["predict"])], unit)
            claims = [f"(= {self.total([(term, n) for _, term, n in self.gives], unit)} {value})", f"(<= {value} {2 * unit})"]
        else:
            claims = [*(flip(term, True) for term in self.acts.values()), *zero]
        if self.late and self.t:
            self.lines.append(f"(assert (or false {' '.join(self.term(v) for v in check.digits[said['copies'][0][0]])}))")
        else:
            claims += [flip(self.term(u), not early) for u, _, early in said["carries"] if early is not None]
        if self.phase == "after":
            after = self.following()
            cut = after | {r & ~1: flip(self.term(u), r & 1) for u, r, _ in said["carries"] if r > 1 and r & ~1 in after}
            pairs = [*zip(after.values(), [0, *said["state"]], strict=True), *((self.literal(a, dict(after)), b) for a, b in said["equal"])]
            claims += [f"(= {self.term(u)} {self.literal(r, after if r & ~1 in after else cut)})" for u, r, _ in said["carries"]]
            claims += [f"(= {term} {self.literal(r, after)})" for term, r in pairs]
        for one, other in check.rounds[at]["equal"] if (at := self.t - 2 + (self.phase == "end")) >= 0 and self.phase != "before" else ():
            self.lines.append(f"(assert (= {self.literal(one, self.free)} {self.literal(other, self.free)}))")
        return "\n".join([*self.lines, f"(assert (not (and true {' '.join(claims)})))", "(check-sat)", ""])

    def asked(self) -> Iterator[str]:
        """The clock acts always, each other copy where its digit of its query is set, other digits never are, queries are within 1."""
        machine, d, q, wanted = self.machine, self.check.decoder[0], self.machine.q, {(-1, 0, 0): "true"}
        for j in range(machine.queries):
            bits = [self.literal(x, self.point) for x in machine.port[f"query{j}"]]
            wide = max(len(bits), q + 1) + 1
            code = self.vector(bits, wide, bits[-1] if machine.signed else "false")
            sign = self.define(f"(bvslt {code} (_ bv0 {wide}))")
            size = self.define(f"(ite {sign} (bvneg {code}) {code})", f"(_ BitVec {wide})")
            yield f"(bvule {size} (_ bv{2**q} {wide}))"
            for i, negative in product(range(max(d, 1)), (0, 1)[: 1 + machine.signed]):
                digit = f"(= #b1 ((_ extract {q - 1 - i} {q - 1 - i}) {size}))" if i < min(d, q) else "false"
                wanted[j, i, negative] = f"(and (or {digit} (bvuge {size} (_ bv{2**q} {wide}))) {flip(sign, not negative)})"
        for v1, *role in self.said["copies"]:
            need(role[0] == -2 or tuple(role) in wanted, f"(k) copies of different roles in round {self.t}, not {role}")
            yield f"(= {self.acts[v1]} {'false' if role[0] == -2 else wanted.pop(tuple(role))})"
        yield from (f"(not {digit})" for digit in wanted.values())

    def following(self) -> dict[int, str]:
        """The machine's next state on the answers that the decoder gives."""
        machine, (d, m, add, shift), known, copies = self.machine, self.check.decoder, dict(self.state), self.said["copies"]
        for j, port in ((j, machine.port[f"answer{j}"]) for j in range(machine.queries)):
            wide = (m * 2 ** (len(self.check.digits[copies[0][0]]) + d + 1) + abs(add)).bit_length() + len(port) + 4
            s, high, low = f"(_ bv{add % 2**wide} {wide})", f"(_ bv{2**machine.a} {wide})", f"(_ bv{2**wide - 2**machine.a} {wide})"
            for v1, _, place, negative in (copy for copy in copies if copy[1] == j):
                read = self.vector([self.term(v) for v in self.check.digits[v1]], wide, "false")
                s = f"({'bvsub' if negative else 'bvadd'} {s} (bvmul {read} (_ bv{m * 2 ** max(d - 1 - place, 0)} {wide})))"
            raw = self.define(f"(bvashr {s} (_ bv{min(shift, wide)} {wide}))", f"(_ BitVec {wide})")
            code = self.define(f"(ite (bvsgt {raw} {high}) {high} (ite (bvslt {raw} {low}) {low} {raw}))", f"(_ BitVec {wide})")
            known |= {x: self.define(f"(= #b1 ((_ extract {i} {i}) {code}))") for i, x in enumerate(port)}
        known |= {x: f"r{i}" for i, x in enumerate(machine.port["random"])}
        return {0: "false"} | {row[0]: self.literal(row[1], known) for row in machine.states}


def ask_cvc5(text: str, seconds: int) -> str:
    """What cvc5 answers to a text."""
    parser = (cvc5 := importlib.import_module("cvc5")).InputParser(cvc5.Solver())
    bits = "eager" if "QF_BV" in text.split("\n", 1)[0] else "lazy"
    text = f"(set-option :tlimit-per {1000 * seconds})\n(set-option :bitblast {bits})\n{text}"
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "text")
    return "".join(str(parser.nextCommand().invoke(parser.getSolver(), parser.getSymbolManager())) for _ in text.splitlines()).strip()


def main(argv: Sequence[str] | None = None) -> int:
    """Check a certificate. 0: it holds; 1: it does not; 2: bad input; 3: the solver leaves something open."""
    parser = argparse.ArgumentParser(prog="recheck", description="Check a certificate again.")
    parser.add_argument("files", type=Path, nargs=2, metavar=("CERT", "NET"))
    parser.add_argument("--solver", choices=["cvc5"])
    parser.add_argument("--smt", type=Path, help="write the texts to this folder")
    parser.add_argument("--seconds", type=int, default=60, help="for each text")
    given = parser.parse_args(argv)
    try:
        sys.setrecursionlimit(1000)
        check = Check(json.loads(given.files[0].read_bytes()), given.files[1].read_bytes())
        sys.setrecursionlimit(200_000)
        asked = {text: name for name, text in reversed(list(check.texts()))}
        print(f"every pass over {check.size} vertices repeated; {len(asked)} different texts for a solver")
        for text, name in asked.items() if given.smt else ():
            given.smt.mkdir(parents=True, exist_ok=True)
            (given.smt / f"{name}.smt2").write_text(text, encoding="utf-8")
        answers = {name: ask_cvc5(text, given.seconds) for text, name in asked.items()} if given.solver else {}
    except Exception as error:
        bad = "" if isinstance(error, WrongError) else f"a certificate, its network and the solver, got {type(error).__name__}: "
        print(f"need {bad}{ascii(' '.join(str(error).split())[:200])[1:-1]}", file=sys.stderr)
        return 2 if bad else 1
    left = [f"{name}: {answer}" for name, answer in answers.items() if answer != "unsat"]
    if given.solver:
        print(*left, f"{given.solver}: {len(answers) - len(left)} of {len(answers)} texts have no counterexample", sep="\n")
    return 0 if not left else 1 if "sat" in answers.values() else 3


if __name__ == "__main__":
    sys.exit(main())
