"""What was certified, in words; also what a reader should not overlook.

>>> from verify.attacks.bases import base
>>> from verify.attacks.certificates import checked, honest
>>> verdict = checked(honest("no rounds"), base("no rounds").data)
>>> *lines, theorem, note = described(verdict)
>>> print(*lines[2:4], sep="\\n")
  545 vertices, 1557 edges, 2 inputs, 0 frozen edges
  rho = 1/16, learning rate 1, 0 steps, 0 random bits
>>> theorem == statement(verdict), theorem[:59]
(True, 'certified: for every random string of 0 bits, every sequenc')
>>> list(remarks(verdict)) == [note], note
(True, 'NOTE: there are no steps, so nothing is trained.')
"""

from collections.abc import Iterator

from verify.recheck.check import Verdict
from verify.recheck.machine import Machine

PORTS = (("x", "x"), ("random", "random"), ("prediction", "predict"))


def described(verdict: Verdict) -> Iterator[str]:
    """Lines about the files, the theorem with its numbers, and remarks."""
    net, machine = verdict.net, verdict.machine
    yield f"certificate: sha256 {verdict.certificate}"
    yield f"network: sha256 {net.sha256}"
    frozen, sampled, edges = len(net.frozen), len(net.sampled), len(net.sources)
    yield f"  {net.size} vertices, {edges} edges, {many(net.n, 'input')}, {many(frozen, 'frozen edge')}"
    yield f"  rho = {net.rho}, learning rate {net.rate}, {many(net.steps, 'step')}, {many(sampled, 'random bit')}"
    yield f"machine: sha256 {verdict.machine_digest}"
    bits = (f"{name} {len(machine.port(port))}" for name, port in PORTS)
    queries = f"{machine.queries} {'query' if machine.queries == 1 else 'queries'}"
    yield f"  {many(machine.rounds, 'round')}, each of {queries}"
    yield f"  {len(machine.latches)} bits of state, {len(machine.ands)} gates"
    yield f"  the bits of its ports: {', '.join(bits)}"
    yield from _numbers(machine)
    yield "All arithmetic checks passed: every copy is a memory, every gate and control is strictly flat."
    alike = net.steps - verdict.distinct
    was = "was" if verdict.distinct == 1 else "were"
    yield f"  {many(verdict.distinct, 'round')} {was} gone through gate by gate; the other {alike} repeat one of these."
    shown = verdict.claims - len(verdict.open)
    replayed = f"{many(verdict.proofs, 'proof')} {'was' if verdict.proofs == 1 else 'were'} replayed"
    yield f"  Of {verdict.claims} equalities of circuits, {shown} are shown; for these {replayed}."
    if verdict.certified:
        yield statement(verdict)
        yield from remarks(verdict)


def _numbers(machine: Machine) -> Iterator[str]:
    if machine.points:
        yield f"  query values are 1 and -1; answers count the samples of a batch of {machine.points}"
        yield f"  predictions are multiples of 1/2^{machine.predict_fraction}"
        return
    sign = "have a sign" if machine.signed else "are not negative"
    yield f"  query values {sign}; they are multiples of 1/2^{machine.query_fraction}"
    yield f"  answers are multiples of 1/2^{machine.answer_fraction}, predictions of 1/2^{machine.predict_fraction}"


def many(number: int, what: str) -> str:
    """A ``number`` with the noun for ``what`` it counts, in the plural where it has to be.

    >>> many(1, "input"), many(0, "step")
    ('1 input', '0 steps')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def statement(verdict: Verdict) -> str:
    """The theorem."""
    net, points = verdict.net, verdict.machine.points
    size = f"of {points} each" if points else "of any size"
    batches = f"{net.steps} batches of samples (x, y), x in {{0, 1}}^{net.n}, y in {{0, 1}}, {size}"
    if verdict.by_x:
        batches += ", in which no x has both labels"
    answers = f"is within {verdict.tolerance} of the mean of its query over the step's batch"
    if points:
        answers = "is, without error, how many samples (x, y) of the step's batch have (-1)^y r(x) = 1 for its query r"
    roundings = f"{net.rho}-valid roundings of the mean of the clipped gradients of half the square"
    return (
        f"certified: for every random string of {len(net.sampled)} bits, every sequence of {batches}, and every choice "
        f"of {roundings}, {net.steps} steps of gradient descent of rate {net.rate} over this network meet no kink and "
        "end in a network whose output at every x is what the machine predicts, after a run with this random string in "
        f"which each answer {answers}."
    )


def remarks(verdict: Verdict) -> Iterator[str]:
    """What a reader might take for granted and is not so."""
    usual, found = 4 * verdict.net.rho, verdict.tolerance
    if verdict.machine.points:
        yield "NOTE: that these answers tell the batch is shown of the machine, not of the network."
    if found > usual:
        yield f"NOTE: answers are within {found} only, which is more than 4 rho = {usual}."
        yield "  Whether that is enough for the machine to learn is not checked here."
    elif verdict.asked > usual:
        yield f"NOTE: the certificate asks for answers within {verdict.asked}, more than 4 rho. Shown is {found}."
    if verdict.machine.queries == 0:
        yield "NOTE: the machine asks nothing, so it learns nothing from the batches."
    if verdict.net.steps == 0:
        yield "NOTE: there are no steps, so nothing is trained."
