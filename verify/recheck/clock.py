"""The clock of a machine for whole batches: which queries tell that a step is over (premise e).

A round is over once a record of its clock is not the middle. The record of a query r is the middle exactly if <G, r> is
0, where G(x) is the number of the batch's samples at x with label 0 less those with label 1. So what has to hold is
that no batch of b samples has the sum 0 with all queries of the clock.

* b is odd: every sum is odd, so any query will do, whatever the labels are.
* b is even: the labels have to be a function of x, so that the entries of G have b as the sum of their sizes. One query
  of the clock is constant, so <G, 1> = 0, and with r = 1 - 2 h the sum of G h is 0 as well. Divide G by the largest
  power of two that divides all its entries. Its odd entries are then a set of at most b points, not empty and, as their
  sum is even, of an even number; and over it each h adds up to an even number. So there is no such batch if no
  such set of points exists. It would fall into two sets of m <= b/2 points each, over which all h add up to the same
  modulo 2. All sets of m points are gone through, and no two have the same.

>>> from types import SimpleNamespace
>>> ports = {"x": [2], "query0": [0], "query1": [2]}
>>> machine = SimpleNamespace(points=2, queries=2, cone=lambda asked: [], port=ports.__getitem__)
>>> check_clock(machine, [0, 1])  # the constant 1 and (-1)^x; labels have to be a function of x
True
>>> distinct_sums(np.array([0, 1, 2, 3]), 1)  # single points are told apart
True
>>> distinct_sums(np.array([0, 1, 2, 3]), 2)  # 0 + 3 is 1 + 2
False
>>> [int(row) for row in set_sums(np.array([1, 2, 4]), 2)]
[3, 5, 6]
"""

from math import comb

import numpy as np

from verify.recheck.machine import Machine
from verify.recheck.network import Integers
from verify.recheck.reading import need

MOST_BITS, MOST_QUERIES, MOST_SETS = 20, 62, 1 << 23
"""Of a clock for batches of an even number of samples: the most bits of x, queries of it, and sets that are gone
through."""


def check_clock(machine: Machine, clock: list[int]) -> bool:
    """Refuse a ``clock`` of a ``machine``, given by the numbers of its queries, that some batch of b samples does not
    wind.

    Returns
    -------
    Whether the labels of a batch have to be a function of x.

    Raises
    ------
    RefusedError (e).
    """
    b, n = machine.points, len(machine.port("x"))
    need(clock and len(set(clock)) == len(clock), "(e) a clock of one query or more, each once")
    need(all(0 <= j < machine.queries for j in clock), "(e) a clock of queries of the machine")
    if b % 2:
        return False
    need(n <= MOST_BITS and len(clock) <= MOST_QUERIES, f"(e) a clock of at most {MOST_QUERIES} queries, {n} bits of x")
    need(comb(1 << n, b // 2) <= MOST_SETS, f"(e) a clock over at most {MOST_SETS} sets of {b // 2} points")
    rows = [row_of(machine, j) for j in clock]
    need(any(row in (0, (1 << (1 << n)) - 1) for row in rows), "(e) a clock with a query that is constant")
    columns = np.array([sum((row >> x & 1) << i for i, row in enumerate(rows)) for x in range(1 << n)], np.int64)
    for m in range(1, b // 2 + 1):
        need(distinct_sums(columns, m), f"(e) a clock that no batch of {b} samples leaves as it is")
    return True


def row_of(machine: Machine, j: int) -> int:
    """Where query j is -1: bit number x of the row, for x with the first bit as the lowest.

    Raises
    ------
    RefusedError
        (e) for a query that depends on the state.
    """
    bits, (asked,) = machine.port("x"), machine.port(f"query{j}")
    full = (1 << (1 << len(bits))) - 1
    values = {0: 0} | {
        literal: sum(1 << x for x in range(1 << len(bits)) if x >> i & 1) for i, literal in enumerate(bits)
    }
    for node, left, right in machine.cone([asked]):
        for operand in (left, right):
            need(operand & ~1 in values, f"(e) a query {j} of the clock that does not depend on the state")
        values[node] = (values[left & ~1] ^ full * (left & 1)) & (values[right & ~1] ^ full * (right & 1))
    need(asked & ~1 in values, f"(e) a query {j} of the clock that does not depend on the state")
    return values[asked & ~1] ^ full * (asked & 1)


def distinct_sums(columns: Integers, m: int) -> bool:
    """Whether no two sets of m of the ``columns`` (words of bits) have the same sum modulo 2."""
    sums = set_sums(columns, m)
    return len(np.unique(sums)) == len(sums)


def set_sums(columns: Integers, m: int) -> Integers:
    """The sums modulo 2 of all sets of m of the ``columns``."""
    sums, last = columns, np.arange(len(columns))
    for _ in range(m - 1):
        many = len(columns) - 1 - last
        begins = np.cumsum(many) - many
        following = np.arange(int(many.sum())) - np.repeat(begins, many) + np.repeat(last + 1, many)
        sums, last = np.repeat(sums, many) ^ columns[following], following
    return sums
