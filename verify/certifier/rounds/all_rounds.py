"""All rounds of a network, one after another; rounds of one form are proved once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from constructions.computation.query_machine import QueryMachine
from constructions.foundations.files import sha256_of
from verify.certifier.guide import Guided
from verify.certifier.refusal import Refused
from verify.certifier.roles.gates import Table, tables
from verify.certifier.roles.layers import Layers, constants
from verify.certifier.roles.memories import Memories
from verify.certifier.roles.parts import DIGIT, GATE, KINDS, RANDOM, Halves, Integers, Parts, heads_of
from verify.certifier.rounds.decoding import Decoding, Reading, proposals
from verify.certifier.rounds.equal import Drawing, Tally
from verify.certifier.rounds.forms import FALSE_FORM, TRUE_FORM, Equation, Forms
from verify.certifier.rounds.phases import Block, Context, Control, Known, Proved, Row
from verify.certifier.rounds.prediction import prove_prediction
from verify.certifier.rounds.reachable import Clause, clauses, reached
from verify.certifier.rounds.round_proof import held_in_step, prove_round
from verify.certifier.rounds.unrolling import Machine

MOST_TWISTS = 6
"""How many ways to tell copies apart are tried, where queries that are one function leave a choice."""
SETTLED = "cg"
"""Premises whose failure depends on no decoder, no choice and no solver: what copies and controls add up to is
proved, and then known."""
DIGIT_CODE, RANDOM_CODE, SHARED_CODE, EARLIER_CODE = (i << 48 for i in range(1, 5))
NEAR = 8
"""A vertex of a round at most so far back is known by its place in that round, an older one by its number."""


@dataclass(kw_only=True)
class Finding:
    """What was found of all rounds: decoder, tolerance, the readings, how many rounds each form has, roles of the first
    round of each form."""

    decoding: Decoding | None
    tolerance: Fraction
    readings: dict[Reading, Fraction] = field(default_factory=dict)
    forms: list[dict[str, Any]] = field(default_factory=list)
    offsets: list[Fraction] = field(default_factory=list)
    prediction: dict[str, Any] = field(default_factory=dict)
    within: str = "no round"
    guide: list[Guided] = field(default_factory=list)
    final: list[int] = field(default_factory=list)
    forms_of_state: Forms = field(default_factory=Forms)


class Walk:
    """The walk through all rounds; :meth:`go` returns what was found or raises Refused."""

    def __init__(
        self, parts: Parts, needs: Halves, layers: Layers, memories: Memories, machine: QueryMachine, tally: Tally
    ) -> None:
        self.parts, self.needs, self.layers, self.memories = parts, needs, layers, memories
        self.machine, self.tally, self.forms = Machine(machine), tally, Forms()
        self.offsets, self.sources, self.weights = parts.flat.offsets, parts.flat.sources, parts.flat.weights
        controls = parts.controls
        self.operands, self.table, self.tables = (
            tables(parts, controls, "d")
            if len(controls)
            else (np.zeros((0, 1), np.int64), np.zeros(0, np.int64), list[Table]())
        )
        self.symmetric = np.array([_is_symmetric(table) for table in self.tables], np.bool_)
        self.local = np.zeros(parts.flat.size, np.int32)
        for row in layers.gates:
            self.local[row] = np.arange(len(row))
        self.shared, self.fixed = (
            np.flatnonzero((layers.layer == 0) & (parts.kind <= 2)),
            np.flatnonzero(constants(parts, needs)),
        )
        self.random = heads_of(parts.net, parts.net.sampled)
        self.invariant: list[Clause] = []
        source = (parts.kind == DIGIT) | (parts.kind == RANDOM)
        wrong = np.flatnonzero(source & (layers.reader > layers.layer))
        if len(wrong):
            v = int(wrong[0])
            raise Refused(
                "k",
                f"{KINDS[parts.kind[v]]} of round {int(layers.layer[v])} that round {int(layers.reader[v])} reads",
                vertex=v,
            )

    def go(self, hints: Mapping[str, Any], wanted: Fraction | None = None) -> Finding:
        """Try the decoders that are proposed: by structure alone at first, then with the solver."""
        steps, given = self.parts.net.steps, self.machine.given
        if not steps:
            finding = Finding(decoding=None, tolerance=Fraction(0))
            state = tuple(TRUE_FORM if bit else FALSE_FORM for bit in self.machine.start)
            finding.final, finding.forms_of_state = self.layers.controls[0].tolist(), self.forms
            finding.prediction = self._predict(
                None, {}, state, [self._control(v) for v in self.layers.controls[0].tolist()]
            )
            return finding
        held = held_in_step(self._context(None), self._block(1, []), {})
        reading = self._reading(1, (-held - 1) / self.parts.net.rho)
        failed: Refused | None = None
        tried = list(proposals(given, reading, hints))
        for self.tally.solver, invariant in ((False, False), (True, False), (True, True)):
            self.invariant = self._invariant() if invariant else []
            if invariant and not self.invariant:
                break
            for decoding in tried:
                for self.tally.twist in range(MOST_TWISTS):
                    if self.tally.twist and self.tally.choices == 1:
                        break
                    try:
                        found = self._rounds(decoding)
                        if wanted is not None and found.tolerance > wanted:
                            raise Refused("j", f"answers are shown within {found.tolerance}, not within {wanted}")
                        return found
                    except Refused as refusal:
                        if refusal.premise in SETTLED:
                            raise
                        failed = refusal if decoding == tried[0] and not self.tally.twist else failed
        assert failed is not None
        raise failed

    def _rounds(self, decoding: Decoding) -> Finding:
        finding = Finding(decoding=decoding, tolerance=Fraction(0))
        context = self._context(decoding)
        state = tuple(TRUE_FORM if bit else FALSE_FORM for bit in self.machine.start)
        known: Known = {}
        equations: tuple[Equation, ...] = ()
        proved: dict[str, tuple[Block, Proved, int, int]] = {}
        proof = None
        code = self._first_codes()
        for t in range(1, self.parts.net.steps + 1):
            carried = [u for u, (_, after) in known.items() if self.layers.reader[u] > t and after > FALSE_FORM]
            reads = self._reads(t, code, carried)
            carried.sort(key=lambda u: int(code[u]))
            block = self._block(t, carried)
            known_of_reads = tuple(self.forms.pair(*known[u]) if u in known else -1 for u in reads.tolist())
            key = self._key(t, code, (state, equations if self.tally.solver else (), known_of_reads), carried)
            check = partial(self._check_copies, t, decoding, finding)
            like = 0
            if key in proved:
                model, of, form, like = proved[key]
                proof = _moved(model, of, block)
                check(proof.held)
                finding.forms[form]["rounds"] += 1
            else:
                if -1 in known_of_reads:
                    u = int(reads[known_of_reads.index(-1)])
                    what = f"round {t} reads a vertex of an earlier round that carries no function of the machine's state then"
                    raise Refused("k", what, vertex=u)
                proof = prove_round(context, block, known, state, equations, self._layer, check)
                proof = replace(proof, equations=(*proof.equations, *self._kept_always(proof.state)))
                proved[key] = (block, proof, len(finding.forms), t)
                finding.forms.append(self._described(t, block, proof))
            state, equations = proof.state, proof.equations
            known = self._kept(known, t) | proof.live
            finding.guide.append(Guided(number=t, like=like, proof=proof, reads=reads))
        assert proof is not None
        finding.forms_of_state, finding.final = self.forms, [control.vertex for control in proof.final]
        finding.prediction = self._predict(context, known, state, proof.final, equations)
        if not self.machine.within_one(Drawing(self.tally), self.invariant):
            raise Refused("j", "a machine whose query values are not shown to be in [-1, 1] for every x and state")
        finding.within = "proved for every x and state"
        return finding

    def _first_codes(self) -> Integers:
        """(N,) the codes of what no round computes; -1 for all others."""
        code = np.full(self.parts.flat.size, -1, np.int64)
        code[self.shared] = SHARED_CODE + 2 + self.shared
        code[self.fixed] = SHARED_CODE + (self.needs[self.fixed] <= 0)
        return code

    def _place(self, controls: Integers) -> Integers:
        """The places of some controls among all of them, which are in ascending order."""
        return np.asarray(np.searchsorted(self.parts.controls, controls))

    def _invariant(self) -> list[Clause]:
        """Clauses of the state that hold in all states that are reached, as far as is seen."""
        states = reached(self.machine.given)
        return clauses(sorted(states)) if states and len(next(iter(states))) else []

    def _kept_always(self, state: Sequence[int]) -> list[Equation]:
        """The clauses as equations between forms, given those of the bits of the state."""
        found = [self.forms.gate(1, [state[i] ^ (1 - value) for i, value in clause]) for clause in self.invariant]
        return [(form, TRUE_FORM) for form in found if form != TRUE_FORM]

    def _kept(self, known: Known, t: int) -> Known:
        """What is still known after round t of vertices of earlier rounds that are read later.

        While round t + 1 is to come, round t is to come or in its step, but earlier ones may be over: what was a
        constant before its round and is another one after it is then either.
        """
        kept = {}
        for u, (before, after) in known.items():
            if self.layers.reader[u] > t and after in (TRUE_FORM, FALSE_FORM):
                kept[u] = (before if before is (after == TRUE_FORM) else None, after)
        return kept

    def _layer(self, v: int) -> int:
        return int(self.layers.layer[v])

    def _row(self, v: int) -> Row:
        if self.parts.kind[v] != GATE:
            raise Refused("k", f"{KINDS[self.parts.kind[v]]} that is read where it cannot be", vertex=v)
        low, high = int(self.offsets[v]), int(self.offsets[v + 1])
        edges = zip(self.sources[low:high].tolist(), self.weights[low:high].tolist(), strict=True)
        return int(self.needs[v]), [(u, int(w < 0)) for u, w in edges if u and w]

    def _context(self, decoding: Decoding | None) -> Context:
        return Context(
            row=self._row,
            inputs=len(self.parts.flat.inputs),
            machine=self.machine,
            bits=self.memories.bits,
            forms=self.forms,
            decoding=decoding or Decoding(d=0, multiplier=0, add=0, shift=0),
            tally=self.tally,
        )

    def _control(self, v: int) -> Control:
        i = int(self._place(np.array([v]))[0])
        operands = tuple(u for u in self.operands[i].tolist() if u >= 0)
        weight = Fraction(int(self.parts.to_output[i]), self.parts.flat.scale)
        return Control(vertex=v, operands=operands, table=self.tables[int(self.table[i])], weight=weight)

    def _block(self, t: int, carried: list[int]) -> Block:
        parts, memories, layers = self.parts, self.memories, self.layers
        copies, gates = layers.copies[t], layers.gates[t]
        many = self.machine.given.random_bits
        return Block(
            number=t,
            gates=np.sort(gates).tolist(),
            live=[*gates[layers.reader[gates] > t].tolist(), *carried],
            late=frozenset(gates[layers.reader[gates] > t + 1].tolist()),
            drivers=list(zip(memories.driver[copies].tolist(), memories.acts_at[copies].tolist(), strict=True)),
            adds=[memories.adds(form) for form in memories.form[copies].tolist()],
            digits=parts.digits[copies].tolist(),
            vc=parts.copies[copies, 4].tolist(),
            controls=[self._control(v) for v in layers.controls[t].tolist()],
            random=self.random[(t - 1) * many : t * many].tolist(),
            last=t == parts.net.steps,
        )

    def _reading(self, t: int, offset: Fraction) -> Reading:
        copies = self.layers.copies[t]
        gains = {abs(self.memories.gain(form)) for form in set(self.memories.form[copies].tolist())}
        if len(gains) != 1 or not min(gains):
            raise Refused(
                "j", f"copies of round {t} with different path gains", vertex=int(self.parts.copies[copies[0], 0])
            )
        net = self.parts.net
        return Reading(rho=net.rho, rate=net.rate, gain=gains.pop(), offset=offset, bits=self.memories.bits)

    def _check_copies(self, t: int, decoding: Decoding, finding: Finding, held: Fraction) -> None:
        """(c), (g), (j): the output is held inside its piece, every copy is a memory at this offset, answers are
        within a tolerance."""
        odd, rho = t % 2 == 1, self.parts.net.rho
        if not (-3 < held < -1 if odd else 0 < held < 2):
            raise Refused("g", f"the output's pre-activation is {held} in step {t}", vertex=self.parts.net.output)
        offset = (-held - 1 if odd else held - 1) / rho
        if not 0 < offset * rho < 1:
            value = -offset * rho if odd else 1 + offset * rho
            raise Refused("g", f"the output is held at {value} in step {t}", vertex=self.parts.net.output)
        for form in set(self.memories.form[self.layers.copies[t]].tolist()):
            copies = self.layers.copies[t]
            vertex = int(self.parts.copies[copies[int(np.argmax(self.memories.form[copies] == form))], 0])
            if (self.memories.gain(form) > 0) is not odd:
                raise Refused("c", f"a copy of Q{chr(39) if odd else ''} in step {t}", vertex=vertex)
            self.memories.check(form, offset, self.parts, vertex)
        reading = self._reading(t, offset)
        if reading not in finding.readings:
            asks = self.machine.given.parallel > 0
            finding.readings[reading] = decoding.tolerance(reading, self.machine.given) if asks else Fraction(0)
            finding.tolerance = max(finding.readings.values())
        finding.offsets = sorted({*finding.offsets, offset})

    def _reads(self, t: int, code: Integers, carried: Sequence[int]) -> Integers:
        """The vertices of earlier rounds that round t reads, or that it carries on, in an order that rounds alike have
        in common; ``code`` gets a number for each that says which one it is, not what it looks like."""
        layers, controls, copies = self.layers, self.layers.controls[t], self.layers.copies[t]
        edges = self._edges(layers.gates[t])[1]
        driven = self.operands[self._place(controls)].ravel()
        found = np.concatenate(
            (self.sources[edges], driven[driven >= 0], self.memories.driver[copies], np.array(carried, np.int64))
        )
        found = np.unique(found[(layers.layer[found] > 0) & (layers.layer[found] < t)])
        back = t - layers.layer[found].astype(np.int64)
        near = back <= NEAR
        code[found] = EARLIER_CODE + (np.where(near, back, 0) << 40) + np.where(near, self.local[found], found)
        return np.asarray(found[np.argsort(code[found], kind="stable")])

    def _edges(self, gates: Integers) -> tuple[Integers, Integers]:
        """The edges into some gates that say something: the place of the gate, and the edge."""
        starts, counts = self.offsets[gates], self.offsets[gates + 1] - self.offsets[gates]
        owner = np.repeat(np.arange(len(gates)), counts)
        at = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[owner]
        kept = (self.weights[at] != 0) & (self.sources[at] != 0)
        return owner[kept], at[kept]

    def _described(self, t: int, block: Block, proof: Proved) -> dict[str, Any]:
        return {
            "first": t,
            "rounds": 1,
            "gates": len(block.gates),
            "copies": len(block.digits),
            "controls": len(block.controls),
            "held": str(proof.held),
            "roles": ["clock", *(str(role) if role else "never acts" for role in proof.roles[1:])],
        }

    def _predict(
        self,
        context: Context | None,
        known: Known,
        state: tuple[int, ...],
        final: Any,
        equations: Sequence[Equation] = (),
    ) -> dict[str, Any]:
        return prove_prediction(context or self._context(None), known, state, final, equations)

    def _key(self, t: int, code: Integers, state: tuple[Any, ...], carried: list[int]) -> str:
        """A digest of all that :func:`prove_round` looks at, by local numbers; ``code`` gets the local numbers of
        the round's vertices."""
        layers, parts, memories = self.layers, self.parts, self.memories
        gates, copies, controls = layers.gates[t], layers.copies[t], layers.controls[t]
        bits, many = memories.bits, self.machine.given.random_bits
        code[gates] = np.arange(len(gates))
        code[parts.digits[copies]] = DIGIT_CODE + 64 * np.arange(len(copies))[:, None] + np.arange(bits)
        code[self.random[(t - 1) * many : t * many]] = RANDOM_CODE + np.arange(many)
        owner, at = self._edges(gates)
        operands = 2 * code[self.sources[at]] + (self.weights[at] < 0)
        if (operands < 0).any():
            i = int(np.argmax(operands < 0))
            edge = (int(self.sources[at[i]]), int(gates[owner[i]]))
            what = f"round {t} reads a vertex of an earlier round that carries no function of the machine's state then"
            raise Refused("k", what, edge=edge)
        order = np.lexsort((operands, owner))
        which = self._place(controls)
        driven = self.operands[which]
        codes = np.where(driven >= 0, code[driven], -1)
        alike = self.symmetric[self.table[which]]
        codes[alike] = np.sort(codes[alike], axis=1)
        if (code[driven[driven >= 0]] < 0).any():
            raise Refused(
                "k",
                f"a control of round {t} reads a vertex of an earlier round that carries no function of the machine's state",
            )
        pieces = (
            self.needs[gates],
            owner,
            operands[order],
            layers.reader[gates] > t,
            layers.reader[gates] > t + 1,
            code[memories.driver[copies]],
            memories.acts_at[copies],
            memories.form[copies],
            codes,
            self.table[which],
            parts.to_output[which],
            code[np.array(carried, np.int64)],
        )
        shape = repr((t % 2, t == 1, t == parts.net.steps, state, [len(piece) for piece in pieces])).encode()
        return sha256_of(shape, *(np.ascontiguousarray(piece).tobytes() for piece in pieces))


def _is_symmetric(table: Table) -> bool:
    """Whether the order of the operands does not matter."""
    return all(value == table[tuple(sorted(bits))] for bits, value in table.items())


def _moved(model: Block, proof: Proved, block: Block) -> Proved:
    """What is proved of a round, said of another of the same form: live vertices by their places. (A last round is
    never a copy.)"""
    return replace(proof, live=dict(zip(block.live, (proof.live[u] for u in model.live), strict=True)))
