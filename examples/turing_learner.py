"""A learner of a majority of three literals whose query, update and predictor are Turing machines.

The target is the majority of three literals, each x_j or its negation, at uniform points x of three bits. In the first
round the learner asks, of the points with label 1, how often x_j is 1; in the second, of those with label 0, how often
x_j is 0. Either mean is 3/8 if the literal is x_j and 1/8 if it is its negation, so an answer of at least 1/4 says that
it is x_j. The machines are in the folder ``turing`` beside this file, with the layout of their tapes; the times are the
longest that they take.

    querygrad compile examples/turing_learner.py -o majority.qgn --batch 64 --tolerance 7/64
    querygrad certify majority.qgn --machine examples/turing_learner.py --tolerance 7/64
    querygrad train majority.qgn --problem majority -o trained.qgn
"""

from pathlib import Path

from constructions.computation.formats.machine_files import read_turing_machine
from constructions.computation.query_machine import QueryMachine
from constructions.computation.turing_learner import Timed, TuringLearner

FOLDER = Path(__file__).parent / "turing"


def timed(name: str, time: int) -> Timed:
    """One of the three machines with its time."""
    return Timed(machine=read_turing_machine(FOLDER / f"majority_{name}.tm"), time=time)


LEARNER = TuringLearner(
    query=timed("query", 10),
    update=timed("update", 129),
    predict=timed("predict", 49),
    n=3,
    state=4,
    parallel=3,
    fraction=3,
    rounds=2,
)
"""The learner: a phase and three signs as its state, three queries a round, answers in eighths."""


def machine() -> QueryMachine:
    """The learner as a query machine, for ``querygrad compile``, ``certify`` and ``train``."""
    return LEARNER.machine()
