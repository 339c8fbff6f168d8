"""All rounds of a network, one after another: the driver of the proof, one line for each pass.

The theorem is proved by induction over the rounds (Lemma 3b). What the induction carries from round to round is one
frozen value, :class:`Between`: the machine's state, what vertices of earlier rounds carry that later rounds read, and
which functions of the state are equal. Everything is a *function of the machine's state*: a bit of the state, or a
gate over such (``state_functions.py``).

The passes over round t (:meth:`Attempt.prove`), with what must hold when each is through:

=======================  ============================  ===============================================================
pass                     gets, gives                   what holds then
=======================  ============================  ===============================================================
``carried_on``           Between -> vertices           each is computed before round t, is no constant, is read after t
``fingerprints.read``    vertices -> reads, carried    ``reads`` has every vertex of an earlier round that round t uses
``rounds.round``         t, carried -> NetworkRound    the round's gates, copies and controls, as the arrays have them
``known_of``             Between, reads -> numbers     equal numbers: the vertices carry the same before and after
``fingerprints.digest``  all of these -> digest        rounds with equal digests have proofs that differ in names only
``proof_of``             digest, round -> Proved       the round's three phases are proved, here or for a round alike
``copies.check``         pre-activation -> tolerance   the copies are memories (Lemma 11), answers within the tolerance
``between.after``        Proved -> Between             what holds once round t is over
=======================  ============================  ===============================================================

(``copies.check`` stands inside ``proof_of``, after the round's first phase has said where the output is held.) After
the last round, ``prove_prediction`` shows that the output returns the machine's prediction, and ``within_one`` that no
query value can be above 1 in size.

All this is done under one *attempt*: a decoder, whether the solver may be asked, clauses that the state is taken to
keep, and which of several copies that look alike is taken first. :func:`prove_all_rounds` goes through attempts, the
cheap ones first, until one succeeds. Premises c and g fail in every attempt, so they end the search.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

from constructions.computation.batch_machine import BatchMachine
from constructions.computation.query_machine import QueryMachine
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.parts import Integers
from verify.certifier.rounds.between import Between
from verify.certifier.rounds.decoding import Decoding, RecordReading, proposals
from verify.certifier.rounds.equal import ComparingBuilder, SolverTally
from verify.certifier.rounds.fingerprints import Fingerprints, unknown_vertex
from verify.certifier.rounds.found import RoundFound, clock_of, described
from verify.certifier.rounds.held_copies import HeldCopies, SidedCopies, offset_of, tolerance_of
from verify.certifier.rounds.network_rounds import NetworkRounds
from verify.certifier.rounds.phases import Context, NetworkRound, Proved
from verify.certifier.rounds.prediction import prove_prediction
from verify.certifier.rounds.reachable import Clause, clauses, reached
from verify.certifier.rounds.round_proof import held_in_step, prove_round
from verify.certifier.rounds.state_functions import FALSE_FUNCTION, TRUE_FUNCTION, Equation, StateFunctions
from verify.certifier.rounds.unrolling import UnrolledMachine
from verify.certifier.rounds.unrolling_batches import UnrolledBatchMachine, records_of

MOST_CHOICES = 6
"""How many ways to tell copies apart are tried, where queries that are one function leave a choice."""
SETTLED = "cg"
"""Premises whose failure depends on no decoder, no choice and no solver: what copies and controls add up to is
proved, and then known."""
NO_DECODER = Decoding(d=0, multiplier=0, add=0, shift=0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """What was found of all rounds.

    Parameters
    ----------
    decoding : the decoder that the network has; None if there are no rounds. readings : what copies record, and within
        what tolerance answers are read off it. rounds : one entry for each round, in order. distinct_rounds : for
        each round that is like no earlier one, what a reader of the certificate may want to know, as JSON values.
        prediction : the same of the output after the last step. within : for which x and states query values are shown
        to be in [-1, 1]. final : the vertices of the final controls. state_functions : the table of functions.
        clock : for whole batches, the queries whose records end a round.
    """

    decoding: Decoding | None
    readings: Mapping[RecordReading, Fraction] = field(default_factory=dict)
    rounds: Sequence[RoundFound] = ()
    distinct_rounds: Sequence[Mapping[str, Any]] = ()
    prediction: Mapping[str, Any]
    within: str
    final: Sequence[int]
    state_functions: StateFunctions
    clock: tuple[int, ...] = ()

    @property
    def tolerance(self) -> Fraction:
        """Every answer is within this of the batch mean of its query."""
        return tolerance_of(self.readings)

    @property
    def offsets(self) -> tuple[Fraction, ...]:
        """All o for which the output is held at -o rho, or 1 + o rho, in some step."""
        return tuple(sorted({reading.offset for reading in self.readings}))


@dataclass(frozen=True, kw_only=True)
class AttemptSettings:
    """What one attempt takes for granted or allows itself; nothing of it is believed, all of it is proved or refused.

    Parameters
    ----------
    decoding : the decoder. solver : whether questions may go to the solver. clauses : clauses of the machine's state
        that are taken to hold after every round; each round has to keep them. choice : among copies that cannot be
        told apart, which one is taken for which query (0: the first).
    """

    decoding: Decoding
    solver: bool = True
    clauses: tuple[Clause, ...] = ()
    choice: int = 0


def prove_all_rounds(
    rounds: NetworkRounds, machine: QueryMachine, tally: SolverTally, hints: Mapping[str, Any], wanted: Fraction
) -> Finding:
    """Prove that training the network runs the machine, by the first attempt that succeeds.

    Parameters
    ----------
    rounds : the network, taken apart. machine : what it should run. tally : counts the questions. hints : what the
        network's file says, of which the decoder is tried first. wanted : answers must be shown within this.

    Returns
    -------
    What was found of all rounds.

    Raises
    ------
    NetworkRefused with the premise that fails: of all attempts, the first that had the file's or the specification's
    first decoder and most help by the solver.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.certify import certify_network
    >>> from verify.certifier.roles.gates import recognized
    >>> machine = replace(best_literal_machine(1, fraction=0), rounds=1)
    >>> net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
    >>> roles = certify_network(net, machine, tolerance=Fraction(1))  # which has a finding already
    >>> given = {"parts": roles.parts, "memories": roles.memories, "layers": roles.layers}
    >>> rounds = NetworkRounds(**given, needs=recognized(roles.parts), random_bits=0)
    >>> finding = prove_all_rounds(rounds, machine, SolverTally(), {}, Fraction(1))
    >>> str(finding.tolerance), finding.prediction["at most 1"], finding.decoding
    ('19/24', 'proved for every x and state', Decoding(d=0, multiplier=1, add=4, shift=3))
    """
    rounds.check_controls()
    rounds.check_readers()
    context = Context(
        row=rounds.row,
        inputs=len(rounds.parts.flat.inputs),
        machine=unrolled(rounds, machine),
        bits=rounds.memories.bits,
        functions=StateFunctions(),
        decoding=NO_DECODER,
        tally=tally,
    )
    if not rounds.parts.net.steps:
        return Attempt(rounds=rounds, context=context).prove_without_rounds()
    if isinstance(machine, BatchMachine):
        decoders = [NO_DECODER]
    else:
        decoders = list(proposals(machine, Attempt(rounds=rounds, context=context).first_reading(), hints))
    failed: NetworkRefused | None = None
    for settings in all_settings(decoders, machine, tally):
        chosen = replace(context, decoding=settings.decoding, solver=settings.solver, choice=settings.choice)
        try:
            return Attempt(rounds=rounds, context=chosen, clauses=settings.clauses).prove(wanted)
        except NetworkRefused as refusal:
            if refusal.premise in SETTLED:
                raise
            failed = refusal if settings.decoding == decoders[0] and not settings.choice else failed
    assert failed is not None
    raise failed


def unrolled(rounds: NetworkRounds, machine: QueryMachine) -> UnrolledMachine:
    """The machine with its circuits; one for whole batches with the records at which the network's copies count one
    more."""
    if not isinstance(machine, BatchMachine):
        return UnrolledMachine(machine)
    gain = rounds.memories.gain(0) if len(rounds.parts.copies) else Fraction(1)
    return UnrolledBatchMachine(machine, records_of(gain, machine.points, rounds.parts.net.rho))


def all_settings(decoders: Sequence[Decoding], machine: QueryMachine, tally: SolverTally) -> Iterator[AttemptSettings]:
    """The attempts in their order: without the solver, with it, and with what holds in all states that are reached.

    ``tally.alike`` is asked between attempts: only if a round had copies that cannot be told apart, other choices
    among them are tried.
    """
    for solver, invariant in ((False, False), (True, False), (True, True)):
        found = invariant_of(machine) if invariant else ()
        if invariant and not found:
            return
        for decoding in decoders:
            for choice in range(MOST_CHOICES):
                if choice and tally.alike == 1:
                    break
                yield AttemptSettings(decoding=decoding, solver=solver, clauses=found, choice=choice)


def invariant_of(machine: QueryMachine) -> tuple[Clause, ...]:
    """Clauses of the state that hold in all states that are reached, as far as is seen."""
    states = reached(machine)
    return tuple(clauses(sorted(states))) if states and len(next(iter(states))) else ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Attempt:
    """One attempt to prove all rounds, in a ``context`` that has its decoder; ``clauses`` of the machine's state are
    taken to hold after every round, and each round has to keep them.

    >>> import numpy as np
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.certify import certify_network
    >>> from verify.certifier.roles.gates import recognized
    >>> machine = replace(best_literal_machine(1, fraction=0), rounds=1)
    >>> net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
    >>> found = certify_network(net, machine, tolerance=Fraction(1))
    >>> given = {"parts": found.parts, "memories": found.memories, "layers": found.layers}
    >>> rounds = NetworkRounds(**given, needs=recognized(found.parts), random_bits=0)
    >>> shared = {"bits": 3, "functions": StateFunctions(), "tally": SolverTally()}
    >>> decoding = found.finding.decoding
    >>> context = Context(row=rounds.row, inputs=1, machine=UnrolledMachine(machine), decoding=decoding, **shared)
    >>> attempt = Attempt(rounds=rounds, context=context)
    >>> str(attempt.prove(Fraction(1)).tolerance)
    '19/24'
    >>> copies = HeldCopies(rounds=rounds, machine=machine, decoding=decoding)
    >>> first, reads = rounds.round(1, carried=[]), np.array([], np.int64)
    >>> like, proof = attempt.proof_of(first, None, attempt.start(), reads, copies)
    >>> like, str(proof.held)  # it is like no earlier round
    (0, '-73/64')
    """

    rounds: NetworkRounds
    context: Context
    clauses: tuple[Clause, ...] = ()

    def prove(self, wanted: Fraction) -> Finding:
        """Prove all rounds, the prediction, and that query values are in [-1, 1]; the passes are in the module's head.

        Raises
        ------
        NetworkRefused with the premise that fails, (j) if answers are not shown within ``wanted``.
        """
        net, reader = self.rounds.parts.net, self.rounds.layers.reader
        copies, batches = self.held_copies(), isinstance(self.context.machine, UnrolledBatchMachine)
        fingerprints, proved, found = Fingerprints(self.rounds), dict[str, tuple[NetworkRound, RoundFound]](), []
        between = self.start()
        for t in range(1, net.steps + 1):
            reads, carried = fingerprints.read(t, between.carried_on(reader, t))
            round_ = self.rounds.round(t, carried)
            digest = fingerprints.digest(t, self.known_of(between, reads), carried)
            like, proof = self.proof_of(round_, proved.get(digest), between, reads, copies)
            found.append(RoundFound(number=t, like=like, proof=proof, reads=reads))
            proved.setdefault(digest, (round_, found[-1]))
            between = between.after(proof, reader, t)
        prediction = prove_prediction(self.context, between, proof.final)
        self.check_queries()
        if copies.tolerance > wanted:
            raise NetworkRefused("j", f"answers are shown within {copies.tolerance}, not within {wanted}")
        return Finding(
            decoding=None if batches else self.context.decoding,
            readings=copies.readings,
            rounds=found,
            distinct_rounds=described(found, [round_ for round_, _ in proved.values()]),
            prediction=prediction,
            within="1 and -1 alone" if batches else "proved for every x and state",
            final=[control.vertex for control in proof.final],
            state_functions=self.context.functions,
            clock=clock_of(found, [round_ for round_, _ in proved.values()]),
        )

    def held_copies(self) -> "HeldCopies | SidedCopies":
        """What holds the copies of rounds against the value at which the output is held."""
        machine = self.context.machine
        if isinstance(machine, UnrolledBatchMachine):
            return SidedCopies(output=self.rounds.parts.net.output)
        return HeldCopies(rounds=self.rounds, machine=machine.given, decoding=self.context.decoding)

    def prove_without_rounds(self) -> Finding:
        """Prove the prediction of a network that is not trained at all."""
        final = self.rounds.controls(0)
        return Finding(
            decoding=None,
            prediction=prove_prediction(self.context, self.start(), final),
            within="no round",
            final=[control.vertex for control in final],
            state_functions=self.context.functions,
        )

    def start(self) -> Between:
        """What holds before the first round: the machine is in its first state."""
        state = tuple(TRUE_FUNCTION if bit else FALSE_FUNCTION for bit in self.context.machine.start)
        return Between(state=state, known={})

    def first_reading(self) -> RecordReading:
        """What the copies of round 1 record, whatever they are asked for; decoders are proposed from it."""
        pre = held_in_step(self.context, self.rounds.round(1, []), {})
        return self.rounds.reading(1, offset_of(1, pre, self.rounds.parts.net.rho))

    def known_of(self, between: Between, reads: Integers) -> tuple[Any, ...]:
        """All that the proof of a round uses of the rounds before it, as numbers."""
        known = between.known
        carried = tuple(self.context.functions.pair(*known[u]) if u in known else -1 for u in reads.tolist())
        return between.state, between.equal if self.context.solver else (), carried

    def proof_of(
        self,
        round_: NetworkRound,
        alike: tuple[NetworkRound, RoundFound] | None,
        between: Between,
        reads: Integers,
        copies: "HeldCopies | SidedCopies",
    ) -> tuple[int, Proved]:
        """The number of the round that this one is like (0: none), and its proof; ``alike`` is that round, if there is
        one, ``between`` what is known before the round and ``copies`` those of the network. Raises NetworkRefused, with
        the premise that fails."""
        check = partial(copies.check, round_.number)
        if alike is not None:
            model, found = alike
            check(found.proof.held)
            return found.number, moved(model, found.proof, round_)
        unknown = [u for u in reads.tolist() if u not in between.known]
        if unknown:
            raise NetworkRefused("k", unknown_vertex(round_.number), vertex=unknown[0])
        proof = prove_round(self.context, round_, between, self.rounds.layer, check)
        return 0, replace(proof, equations=(*proof.equations, *self.kept_clauses(proof.state)))

    def kept_clauses(self, state: Sequence[int]) -> list[Equation]:
        """The clauses of the attempt as equations between functions, given those of the bits of the state."""
        rows = [[state[i] ^ (1 - value) for i, value in clause] for clause in self.clauses]
        found = [self.context.functions.gate(1, row) for row in rows]
        return [(function, TRUE_FUNCTION) for function in found if function != TRUE_FUNCTION]

    def check_queries(self) -> None:
        """NetworkRefused (j) if query values are not shown to be in [-1, 1] for all x and states."""
        builder = ComparingBuilder(self.context.tally, solver=self.context.solver)
        if not self.context.machine.within_one(builder, self.clauses):
            what = "a machine whose query values are not shown to be in [-1, 1] for every x and state"
            raise NetworkRefused("j", what)


def moved(model: NetworkRound, proof: Proved, round_: NetworkRound) -> Proved:
    """What is proved of a round, said of another one that is like it: vertices that are read later by their places.
    (A last round is never like an earlier one.)

    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> model, other = (replace(NO_ROUND, number=t, live=[10 * t, 10 * t + 1]) for t in (1, 3))
    >>> proof = Proved(held=Fraction(-9, 8), roles=[None], live={10: (None, 4), 11: (True, FALSE_FUNCTION)}, state=(4,))
    >>> moved(model, proof, other).live
    {30: (None, 4), 31: (True, 1)}
    """
    return replace(proof, live=dict(zip(round_.live, (proof.live[u] for u in model.live), strict=True)))
