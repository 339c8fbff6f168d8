"""A learner of your own as a query machine: is the label more often 1 where x1 and x2 agree? Then predict that they
agree, else that not.

Two queries are asked at once in each of two rounds (labels 1 and 0): 1 where x1 = x2, and 1 where x1 != x2. A random
bit breaks ties.

Run:  querygrad compile examples/own_learner.py -o own.qgn     querygrad train own.qgn --data FILE.csv -o trained.qgn
"""

from constructions.computation.bits import mux
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine

FRACTION = 8


def machine() -> QueryMachine:
    """The machine: 2 rounds of 2 queries, 2 bits of x, one random bit a round."""
    design = Design()
    x = design.input("x", 2)
    answers = [design.input(f"answer{j}", FRACTION + 2) for j in range(2)]
    coin = design.input("random", 1)
    second = design.state("second")
    balance = design.state("balance", FRACTION + 4)  # of the evidence that labels agree with x1 = x2
    differ = x[0] ^ x[1]
    design.output("query0", ~differ)
    design.output("query1", differ)
    equal, unequal = (answer.extended(FRACTION + 4, signed=True) for answer in answers)
    evidence = mux(second, unequal - equal, equal - unequal)
    total = balance + evidence
    tie = second & (total == 0) & coin
    design.becomes(second, 1)
    design.becomes(balance, mux(tie, design.constant(1, FRACTION + 4), total))
    agree = ~balance[-1] & ~(balance == 0)
    design.output("predict", differ ^ agree)
    return QueryMachine(machine=design.machine(), rounds=2, answer_fraction=FRACTION)
