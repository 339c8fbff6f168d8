"""The certifier: from the arrays of a network to a proof that training it runs the machine, or to the premise that
fails.

The statement is Lemma 3b for one finished network: for every random string, all batches and all valid roundings,
gradient descent over the network ends in the machine's predictor. The certifier knows nothing of how the network was
made; names and hints in the file are proposals at most. Its passes, each of which refuses with the premise that fails
(``refusal.py`` lists them, a to l):

1. :func:`check_settings`: activation, rate, steps, inputs and random bits are those of the statement (h, i);
2. ``roles``: what each vertex is, from the shape of its surroundings and its weights alone. :func:`take_apart` finds
   copies, controls and random bits (a, b, c, h); :func:`recognized` reads the gate off each other vertex (k);
   :func:`memories_of` compares the copies with Lemma 11 (c, d); :func:`find_rounds` and :func:`layers_of` say which
   round each vertex belongs to (e);
3. ``rounds``: the proof, by induction over the rounds (c to g, j, k); ``rounds/all_rounds.py`` is its driver;
   A machine for whole batches has copies with two sides (:mod:`verify.certifier.roles.sides`), which are found and
   held against their own predicate in the same passes;
4. ``certificate``: everything that was found is written down, and handed to the checker (``verify/recheck``), which
   shares no code with this package and alone says "certified".

Steps 1 to 3 are :func:`certify_network`, step 4 is :mod:`verify.certifier.certificate.handing_over`. Where the roles
or the proof cannot be found, the network is refused, though it may be right: the certifier errs on that side only.
"""

from fractions import Fraction

from constructions.computation.batch_machine import BatchMachine
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.activation import RAMP
from constructions.networks.signed_memory import HELD
from constructions.networks.trainable import Trainable
from verify.certifier.certificate.certification import Certification
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import in_lowest_terms, recognized
from verify.certifier.roles.layers import layers_of
from verify.certifier.roles.memories import memories_of
from verify.certifier.roles.parts import Parts, heads_of, take_apart
from verify.certifier.roles.round_of_copy import find_rounds
from verify.certifier.roles.round_of_sided import find_sided_rounds
from verify.certifier.roles.sides import SidedMemories, sided_memories, take_apart_sided
from verify.certifier.rounds.all_rounds import prove_all_rounds
from verify.certifier.rounds.equal import SolverTally
from verify.certifier.rounds.network_rounds import NetworkRounds


def certify_network(
    net: Trainable, machine: QueryMachine, *, seconds: int = 20, tolerance: Fraction | None = None
) -> Certification:
    """Search for a proof that training a network runs a machine.

    Parameters
    ----------
    net : the network, as its file has it. machine : what it should run. seconds : for each question to the solver.
        tolerance : refuse if answers are not shown within it (4 rho if not given).

    Returns
    -------
    What was found; ``refusal`` has the premise that fails, if one does. Nothing is raised.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> machine = best_literal_machine(2, fraction=6)
    >>> net = Plan(machine=machine, rho=Fraction(1, 16)).trainable
    >>> certify_network(net, machine).certified
    True
    >>> from dataclasses import replace
    >>> str(certify_network(replace(net, rate=Fraction(2)), machine).refusal)[:3]
    '(c)'
    """
    tally = SolverTally(seconds=seconds)
    try:
        return found_in(net, machine, tally, 4 * net.rho if tolerance is None else tolerance)
    except NetworkRefused as refusal:
        return Certification(refusal=refusal, tally=tally)


def found_in(net: Trainable, machine: QueryMachine, tally: SolverTally, wanted: Fraction) -> Certification:
    """The passes of the search, in their order; NetworkRefused by the first that fails.

    Each pass takes what the earlier ones gave. What each one gives is a frozen value; only ``tally`` counts on.

    ``net`` and ``machine`` are the network and what it is to run, and ``wanted`` is the tolerance that its answers may
    have at most.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> found = found_in(plan.trainable, plan.machine, SolverTally(), Fraction(1))
    >>> len(found.parts.copies), str(found.finding.tolerance), found.tally.calls
    (6, '19/24', 0)
    """
    check_settings(net, machine)
    net = in_lowest_terms(net)
    batches = isinstance(machine, BatchMachine)
    parts = take_apart_sided(net) if batches else take_apart(net)
    needs = recognized(parts)
    memories = sided_memories(parts, HELD) if batches else memories_of(parts)
    check_frozen(parts)
    if isinstance(memories, SidedMemories):
        copies = find_sided_rounds(parts, needs, memories)
    else:
        copies = find_rounds(parts, needs, memories.driver, memories.acts_at)
    layers = layers_of(parts, needs, copies, machine.random_bits)
    rounds = NetworkRounds(parts=parts, needs=needs, layers=layers, memories=memories, random_bits=machine.random_bits)
    finding = prove_all_rounds(rounds, machine, tally, net.hints, wanted)
    return Certification(parts=parts, memories=memories, layers=layers, finding=finding, tally=tally)


def check_settings(net: Trainable, machine: QueryMachine) -> None:
    """(i) and (h): the activation is the two-stage ramp, there are as many steps as rounds, and a sampled edge for each
    random bit. Raises NetworkRefused if one is not."""
    if net.network.sigma != RAMP or net.activation_of_output != RAMP:
        raise NetworkRefused("i", "an activation that is not the two-stage ramp")
    if isinstance(machine, BatchMachine):
        if net.batch != machine.points:
            what = f"batches of {net.batch} samples for a machine that reads {machine.points}"
            raise NetworkRefused("i", what)
    elif net.rate not in (1, 2):
        raise NetworkRefused("i", f"a learning rate of {net.rate}; Lemma 11 is proved for 1 and 2")
    if net.steps != machine.rounds:
        raise NetworkRefused("i", f"{net.steps} steps for a machine of {machine.rounds} rounds")
    if len(net.network.inputs) != machine.inputs:
        raise NetworkRefused("i", f"{len(net.network.inputs)} inputs for a machine of {machine.inputs}")
    if net.random_bits != machine.rounds * machine.random_bits:
        raise NetworkRefused(
            "h", f"{net.random_bits} sampled edges for {machine.rounds} rounds of {machine.random_bits} random bits"
        )


def check_frozen(parts: Parts) -> None:
    """(i): no edge into a vertex of a copy is frozen, nor one from v3 (all others never move before they no longer
    matter). Raises NetworkRefused if one is."""
    net = parts.net
    tails, heads = net.network.sources[net.frozen], heads_of(net, net.frozen)
    for u, v in zip(tails.tolist(), heads.tolist(), strict=True):
        if parts.copy_of[v] >= 0 or (parts.copy_of[u] >= 0 and v == net.output):
            raise NetworkRefused("i", "an edge of a copy that does not train", edge=(u, v))
