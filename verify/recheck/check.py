"""The whole check, one line for each pass: from bytes to what is certified, or the premise that fails.

What is certified is the theorem of Appendix C's Lemma 3b for this network: for every random string, every sequence of
batches of samples with x in {0, 1}^n and labels 0 and 1, of any size, and every choice of rho-valid roundings, as many
steps of gradient descent as the file says meet no kink and end in a network whose output at every x is what the
machine predicts after a run with this random string in which each answer is within the tolerance of the batch mean of
its query. The argument is an induction over steps: ``claims.py`` has its four parts, ``memory.py`` what one step does
to a copy, ``parts.py`` why nothing else moves, ``reuse.py`` why a round may be taken for another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, BinaryIO

from verify.recheck.circuit import Circuit
from verify.recheck.claims import Claim, Driven, Said, claims_after, claims_before, claims_end, claims_now
from verify.recheck.clock import check_clock
from verify.recheck.functions import Functions
from verify.recheck.gates import thresholds
from verify.recheck.layout import GATE, Layout, Round, laid_out
from verify.recheck.machine import Machine, read_machine
from verify.recheck.memory import ONE, Copy, Decoder, answer_error, check_memory, copy_of
from verify.recheck.network import Network, read_network
from verify.recheck.parts import taken_apart
from verify.recheck.phases import Known, Past, Phase, Reads, Subject
from verify.recheck.reading import RefusedError, digest, entry, json_object, need, rational, whole
from verify.recheck.reuse import Model, Reuse
from verify.recheck.sampling import differ_somewhere
from verify.recheck.signed import HALF, Signed, check_signed, signed_of, thresholds_of

KIND, FORMAT = "querygrad certificate", 2
KEYS = {
    "kind",
    "format",
    "network",
    "machine",
    "tolerance",
    "digits",
    "decoder",
    "functions",
    "rounds",
    "final",
    "proofs",
    "about",
}
"""The entries of a certificate; ``about`` is for people, may be missing, and is not looked at. One for a machine for
whole batches has ``clock`` as well."""
BOUNDS = {"d": (0, 64), "multiplier": (0, 1 << 256), "add": (-1 << 256, 1 << 256), "shift": (0, 256)}
Build = Callable[[Circuit], list[Claim]]
Proofs = Mapping[int, tuple[int, Any]]


@dataclass(kw_only=True)
class Verdict:
    """What was checked. ``open`` : claims that are not shown; the network is certified only if there are none.

    Parameters
    ----------
    net, machine : what was read.
    certificate, machine_digest : the digests of the certificate and of the machine's text in it.
    asked, tolerance : within which answers were said to be, and are shown to be.
    by_x : whether the labels of a batch have to be a function of x (for whole batches).
    distinct, claims, proofs : how many rounds were gone through in full, claims looked at, and proofs replayed.
    """

    net: Network
    machine: Machine
    certificate: str
    machine_digest: str
    asked: Fraction
    tolerance: Fraction = Fraction(0)
    by_x: bool = False
    distinct: int = 0
    claims: int = 0
    proofs: int = 0
    open: list[str] = field(default_factory=list)

    @property
    def certified(self) -> bool:
        """Whether everything is shown."""
        return not self.open


class Check:
    """The check of one certificate; :meth:`verdict` runs it. A subclass may look for proofs where a claim is open.

    >>> from io import BytesIO
    >>> from verify.attacks.bases import base
    >>> from verify.attacks.certificates import honest
    >>> from verify.certifier.certificate.handing_over import written
    >>> name = "conjunction by queries, minimal"
    >>> check = Check(written(honest(name)), BytesIO(base(name).data))
    >>> check.verdict().certified
    True
    >>> check.show((1, "now"), lambda circuit: [Claim(what="a bit that is 0", one=circuit.leaf("a"), other=0)], {})
    Traceback (most recent call last):
        ...
    verify.recheck.reading.RefusedError: a bit that is 0, which is false at some values, at round 1, now
    """

    def __init__(self, cert: bytes, network: BinaryIO) -> None:
        self.cert = json_object(cert, "the certificate")
        odd = set(self.cert) ^ KEYS - {"about"}
        need(not odd - {"about", "clock"}, f"the entries of a certificate, got a difference at {sorted(odd)[:3]}")
        need(self.cert.get("kind") == KIND and self.cert.get("format") == FORMAT, f"a {KIND} of format {FORMAT}")
        net = read_network(network)
        need(self.cert.get("network") == net.sha256, "(i) the network that the certificate is of, by its digest")
        text = entry(self.cert, "machine", str, "the certificate").encode("utf-8", "replace")
        machine = read_machine(text)
        need(len(machine.port("x")) == net.n, f"(i) a machine of {net.n} inputs")
        check_settings(net, machine)
        asked = rational(self.cert.get("tolerance"), "the tolerance")
        need(0 <= asked < 2, "(j) a tolerance below 2: answers and means are within -1 and 1, so 2 would say nothing")
        self.result = Verdict(
            net=net, machine=machine, certificate=digest(cert), machine_digest=digest(text), asked=asked
        )
        self.net, self.machine = net, machine

    def verdict(self) -> Verdict:
        """Repeat every pass and every reason; RefusedError if something is wrong."""
        layout = self._take_apart()
        self.errors: dict[tuple[Fraction, Fraction], None] = {}
        self.reuse, models = Reuse(self.subject), dict[int, Model]()
        start = tuple(at for _, _, at in self.machine.latches)
        past = Past(known=Known(), state=start, equal=())
        for round_ in layout.rounds:
            if round_.like:
                said = self.reuse.moved(models[round_.like], round_, past)
            else:
                said = self.said_of(round_)
                models[round_.number] = self.reuse.model(round_, past, said)
                self._prove(round_, past, said)
            self._check_copies(round_, said)
            past.known.follow(said.carries)
            past = Past(known=past.known, state=said.state, equal=said.equal)
        self._prove_end(past)
        need(
            self.result.tolerance <= self.result.asked,
            f"(j) answers within {self.result.asked}, shown are {self.result.tolerance}",
        )
        self.result.distinct = len(models)
        return self.result

    def _take_apart(self) -> Layout:
        """Layout, parts, gates, functions and copies, each checked; the layout."""
        layout = laid_out(self.net, self.machine, self.cert)
        parts = taken_apart(self.net, layout)
        needs = thresholds(self.net, layout.kind == GATE)
        functions = Functions(self.machine, self.cert.get("functions"))
        self.subject = Subject(
            net=self.net,
            machine=self.machine,
            layout=layout,
            parts=parts,
            needs=needs,
            functions=functions,
            decoder=(),
            clock=self._clock(),
        )
        self.final = set(layout.final.tolist())
        make = signed_of if self.machine.points else copy_of
        self.copies = [make(row, self.net.scale) for row in parts.memory]
        self.subject = replace(self.subject, decoder=self._decoder())
        for copy in self.copies:
            if isinstance(copy, Signed):
                check_signed(copy, self.machine.points, self.net.rho, self.net.rate)
        return layout

    def _clock(self) -> frozenset[int]:
        """For whole batches: the queries of the clock, checked."""
        if not self.machine.points:
            need("clock" not in self.cert, "(e) a clock of queries in a certificate for whole batches alone")
            return frozenset()
        said = entry(self.cert, "clock", list, "the certificate")
        need(all(type(j) is int for j in said), "(e) numbers of queries as the clock")
        self.result.by_x = check_clock(self.machine, said)
        return frozenset(said)

    def _decoder(self) -> Reads:
        said = self.cert.get("decoder")
        if self.machine.points:
            need(said is None, "(j) no decoder for whole batches")
            gains = {copy.plus.gain for copy in self.copies if isinstance(copy, Signed)}
            need(len(gains) <= 1, "(j) copies of one path gain")
            return tuple(thresholds_of(min(gains, default=ONE), self.machine.points, self.net.rho))
        if said is None:
            need(self.machine.queries == 0 or self.machine.rounds == 0, "(j) a decoder")
            return Decoder(d=0, multiplier=0, add=0, shift=0)
        need(isinstance(said, dict) and set(said) == set(BOUNDS), f"(j) a decoder of {', '.join(BOUNDS)}")
        return Decoder(
            **{name: whole(said[name], *bounds, f"{name} of the decoder") for name, bounds in BOUNDS.items()}
        )

    def said_of(self, round_: Round) -> Said:
        """What the certificate says of a round that is like no earlier one; RefusedError if it is not written as it
        must be."""
        said, where, functions = round_.said, f"round {round_.number}", self.subject.functions
        keys = {"vertices", "reads", "copies", "controls", "roles", "held", "carries", "state", "equal", "proofs"}
        need(set(said) == keys, f"the entries of a round, at {where}")
        rows = {name: entry(said, name, list, where) for name in ("roles", "carries", "state", "equal")}
        fits = all(
            isinstance(row, list) and len(row) == 3 and all(type(x) is int for x in row) for row in rows["roles"]
        )
        need(
            fits
            and len(rows["roles"]) == len(round_.copies)
            and (self.machine.points or rows["roles"][0] == [-1, 0, 0]),
            f"a role for each copy, the clock's first, at {where}",
        )
        own = {*round_.vertices.tolist(), *round_.reads.tolist()}
        fits = all(
            isinstance(row, list) and len(row) == 3 and type(row[0]) is int and row[0] in own for row in rows["carries"]
        )
        need(
            fits and len({row[0] for row in rows["carries"]}) == len(rows["carries"]),
            f"carried vertices of the round, each once, at {where}",
        )
        need(
            all(row[2] is None or (type(row[2]) is int and row[2] in (0, 1)) for row in rows["carries"]),
            f"constants 0 and 1, at {where}",
        )
        need(len(rows["state"]) == len(functions.latches), f"a function for each bit of the state, at {where}")
        need(all(isinstance(row, list) and len(row) == 2 for row in rows["equal"]), f"pairs of functions, at {where}")
        return Said(
            roles=tuple((q, place, negative) for q, place, negative in rows["roles"]),
            held=rational(said["held"], where),
            carries=tuple((u, functions.check(x, where), at) for u, x, at in rows["carries"]),
            state=tuple(functions.check(x, where) for x in rows["state"]),
            equal=tuple((functions.check(a, where), functions.check(b, where)) for a, b in rows["equal"]),
        )

    def _check_copies(self, round_: Round, said: Said) -> None:
        """(c), (g), (j): every copy is a memory while the output is held there, all of one gain; how far answers can
        be off.
        """
        t, net, start = round_.number, self.net, int(self.reuse.first_copy[round_.number - 1])
        if self.machine.points:
            need(said.held == HALF, "(g) an output that is held at 1/2")
            return
        offset = (said.held * (-1) ** t - 1) / net.rho
        forms = set(self.subject.parts.form[start : start + len(round_.copies)].tolist())
        for form in forms:
            check_memory(self.copies[form], t % 2 == 1, offset, net.rho, net.rate)
        gains = {abs(self.copies[form].gain) for form in forms}
        need(len(gains) == 1, f"(j) copies of one path gain in round {t}")
        key = (gain := gains.pop(), offset)
        if key not in self.errors and self.machine.queries:
            self.errors[key], decoder = None, self.subject.decoder
            assert isinstance(decoder, Decoder)
            error = answer_error(decoder, self.machine, gain, offset, round_.copies.shape[1] - 5, net.rho, net.rate)
            self.result.tolerance = max(self.result.tolerance, error)

    def driven_in(self, round_: Round) -> Driven:
        """The copies and controls of a round, with the bits that drive them."""
        parts, first = self.subject.parts, self.reuse.first_copy[round_.number - 1]
        copies = []
        for c in range(len(round_.copies)):
            adds = self._copy(int(first) + c).adds
            for side, add in enumerate(adds if isinstance(adds, tuple) else (adds,)):
                (driver,), table = parts.vcs.of((int(first) + c) * len(round_.columns.driven) + side)
                copies.append((driver, 1 if table[1,] == 0 else 0, add))
        controls = [
            self._control(int(self.reuse.first_control[round_.number - 1]) + i, v)
            for i, v in enumerate(round_.controls.tolist())
        ]
        return Driven(copies=copies, controls=controls)

    def _copy(self, i: int) -> Copy | Signed:
        return self.copies[int(self.subject.parts.form[i])]

    def _control(self, i: int, v: int) -> tuple[int, list[int], Any, Fraction]:
        operands, table = self.subject.parts.controls.of(i)
        return v, operands, table, Fraction(int(self.subject.parts.to_output[i]), self.net.scale)

    def _prove(self, round_: Round, past: Past, said: Said) -> None:
        """Show the three phases of a round."""
        driven, subject = self.driven_in(round_), self.subject
        last = round_.number == len(subject.layout.rounds)
        final = sorted(self.final) if last else []

        def phase(when: str, circuit: Circuit) -> Phase:
            return Phase(subject, round_, when, past, said.roles, circuit)

        builds: dict[str, Build] = {
            "before": lambda circuit: claims_before(phase("before", circuit), said, driven),
            "now": lambda circuit: claims_now(phase("now", circuit), said, driven, final),
            "after": lambda circuit: claims_after(phase("after", circuit), said, driven, final),
        }
        given = entry(round_.said, "proofs", dict, f"round {round_.number}")
        need(set(given) <= set(builds), f"proofs for before, now and after, at round {round_.number}")
        for when, build in builds.items():
            if when != "before" or round_.number > 1:
                self.show((round_.number, when), build, proofs_of(given.get(when, [])))

    def _prove_end(self, past: Past) -> None:
        """Show what holds after the last step."""
        net, layout = self.net, self.subject.layout
        first = int(self.reuse.first_control[-2]) if layout.rounds else 0
        listed = layout.rounds[-1].controls.tolist() if layout.rounds else layout.final.tolist()
        final = [self._control(first + i, v) for i, v in enumerate(listed) if v in self.final]
        need(layout.rounds or not net.steps, "a round for each step")

        def build(circuit: Circuit) -> list[Claim]:
            return claims_end(Phase(self.subject, None, "end", past, (), circuit), final)

        self.show((len(layout.rounds), "end"), build, proofs_of(self.cert.get("proofs")))

    def show(self, place: tuple[int, str], build: Build, proofs: Proofs) -> None:
        """Write the circuit of a phase, which is named by its ``place`` (round and phase), with the function ``build``,
        and look at its claims, with the proofs that the certificate has for them; a claim that is not shown is refuted
        by an assignment, or left open.

        Raises
        ------
        RefusedError
            For a claim that is refuted, or proofs that are not right or not used.
        """
        circuit = Circuit(proofs)
        claims = build(circuit)
        need(circuit.used == len(proofs), f"proofs that are all used, at round {place[0]}, {place[1]}")
        self.result.claims += len(claims)
        self.result.proofs += len(proofs)
        unsettled = [claim for claim in claims if not claim.shown]
        if unsettled:
            wrong = differ_somewhere(circuit, [(claim.one, claim.other) for claim in unsettled])
            if wrong is not None:
                raise RefusedError(
                    f"{unsettled[wrong].what}, which is false at some values, at round {place[0]}, {place[1]}"
                )
            self.result.open += [f"round {place[0]}, {place[1]}: {claim.what}" for claim in unsettled]


def check_settings(net: Network, machine: Machine) -> None:
    """(i): rho, the rate and the batch of a network are those for which the conditions on the copies of a machine are
    shown; RefusedError if they are not."""
    if machine.points:
        need(net.batch == machine.points, f"(i) batches of {machine.points} samples, as the machine reads them")
        return
    need(net.rho < 1, "(i) rho between 0 and 1")
    need(net.rate in (1, 2), "(i) a rate of 1 or 2")


def proofs_of(given: Any) -> Proofs:
    """The proofs of a phase by the nodes that they are about."""
    need(isinstance(given, list), "a list of proofs")
    need(
        all(isinstance(row, list) and len(row) == 3 and type(row[0]) is int and type(row[1]) is int for row in given),
        "proofs of node and literal",
    )
    found = {row[0]: (row[1], row[2]) for row in given}
    need(len(found) == len(given), "a proof for each node once")
    return found
