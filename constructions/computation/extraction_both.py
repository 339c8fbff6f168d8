"""Theorem 2a as a machine: the extraction whose queries are on both labels at a time.

It is Lemma 1's machine (``extraction_machine``) on words of n + 1 bits that begin with the label. At the empty prefix
the number of points that begin with it is b and is not asked; the port that asks it elsewhere asks there for the second
place, which is asked for nowhere else. So there are as many ports as the printed p' = n + 1 (PREFIX), or 2n + 1 (LOOK).
"""

from collections.abc import Sequence
from fractions import Fraction

from constructions.computation.counts import enough_places, fewest_places
from constructions.computation.design import Design, places
from constructions.computation.extraction_machine import LearnerInBits, write_extraction
from constructions.computation.extraction_ports import ports
from constructions.computation.machines import Machine
from constructions.errors import PremiseError
from constructions.learning.problems import Bits
from constructions.reductions.one_bit import Version
from constructions.reductions.sample_extract import Extraction


def both_labels_machine(how: Extraction, m: int, learner: LearnerInBits, *, fraction: int | None = None) -> Machine:
    """The machine of ``extraction_method(method, how)``: inputs ``x``, ``label``, ``answer0``, ..., ``random``; outputs
    ``query0``, ..., ``predict``.

    Parameters
    ----------
    how : the extraction; it must not alternate. m : how many samples there are. learner : what they are for.
    fraction : binary places of an answer, as few as will do if not given.

    Raises
    ------
    PremiseError
        Unless the extraction is on both labels, n >= 1, and every mean of b bits has a valid answer.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> from constructions.reductions.one_bit import PREFIX
    >>> how = Extraction(n=1, b=2, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX)
    >>> machine = both_labels_machine(how, 1, conjunction_learner(1))
    >>> len(machine.state), [name for name in machine.outputs if name.startswith("query")]
    (7, ['query0', 'query1'])
    """
    if how.alternating or learner.n != how.n or how.n < 1:
        raise PremiseError(f"need an extraction on both labels for a learner on n={learner.n} >= 1 bits, got {how}")
    fraction = fewest_places(how.b, how.tau) if fraction is None else fraction
    if not enough_places(how.b, how.tau, fraction):
        least = fewest_places(how.b, how.tau)
        raise PremiseError(f"need {least} binary places for answers within {how.tau}, got {fraction}")
    design = Design()
    write_extraction(design, how, m, learner, fraction)
    return design.machine()


def both_ports(version: Version, n: int, length: int) -> tuple[int, ...]:
    """The machine's ports for what a version counts at a prefix of some length of a word (y, x1, ..., xn), ``n`` bits
    and a label, in the version's order.

    >>> from constructions.reductions.one_bit import LOOK
    >>> both_ports(LOOK, 2, 0), both_ports(LOOK, 2, 1)
    ((1, 3, 4, 0, 2), (0, 1, 4, 2))
    """
    found = ports(version, n + 1, length + 1)
    return tuple(0 if port == 2 else port - (port > 2) for port in (found[1:] if length == 0 else found))


def given_to(
    machine: Machine, *, x: Bits = (), label: int = 0, answers: Sequence[Fraction] = (), random: Bits = (), places_: int
) -> dict[str, int]:
    """The inputs of a machine in a round.

    Parameters
    ----------
    machine : whose. x, label : the point and its label. answers, random : those of the round, 0 if not given. places_ :
        the binary places of an answer.

    >>> from constructions.computation.sample_learners import conjunction_learner
    >>> from constructions.reductions.one_bit import PREFIX
    >>> how = Extraction(n=1, b=1, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX)
    >>> machine = both_labels_machine(how, 1, conjunction_learner(1))
    >>> given_to(machine, x=(1,), answers=[Fraction(1), Fraction(0)], places_=0)
    {'x': 1, 'answer0[0]': 1, 'answer0[1]': 0, 'answer1[0]': 0, 'answer1[1]': 0, 'label': 0}
    """
    values = dict.fromkeys(machine.inputs, 0) | {"label": label}
    values |= dict(zip(places("x", len(x)), x, strict=True)) if x else {}
    values |= dict(zip(places("random", len(random)), random, strict=True)) if random else {}
    for j, answer in enumerate(answers):
        code = int(answer * 2**places_)
        values |= {name: code >> i & 1 for i, name in enumerate(places(f"answer{j}", places_ + 2))}
    return values
