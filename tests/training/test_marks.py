"""Marks are a set that is gone through in order; the fan-out lists the edges by their tails."""

from random import Random

import numpy as np
import pytest

from constructions.training.marks import fanout_of, last_marked, mark_from, next_marked, no_marks, put_mark, take_mark


@pytest.mark.parametrize("size", [1, 63, 64, 65, 4096, 9001])
def test_marks_are_a_set_in_order(size: int) -> None:
    source, marks, wanted = Random(size), no_marks(size), dict[int, int]()
    for _ in range(400):
        v, kind = source.randrange(size), source.randrange(1, 4)
        if source.random() < 0.6:
            put_mark(marks, v, kind)
            wanted[v] = wanted.get(v, 0) | kind
        else:
            assert take_mark(marks, v) == wanted.pop(v, 0)
        at = source.randrange(size)
        assert next_marked(marks, at) == min((u for u in wanted if u >= at), default=size)
        assert last_marked(marks, at) == max((u for u in wanted if u <= at), default=-1)
    assert {int(u): int(marks.mark[u]) for u in np.flatnonzero(marks.mark)} == wanted
    assert marks.few.sum() == marks.many.sum() == len(wanted)


def test_all_from_a_vertex_on_are_marked() -> None:
    marks = no_marks(200)
    mark_from(marks, 130, 2)
    assert np.flatnonzero(marks.mark).tolist() == list(range(130, 200))
    assert (next_marked(marks, 0), last_marked(marks, 129)) == (130, -1)


@pytest.mark.parametrize("seed", range(5))
def test_the_fan_out_has_every_edge_once_and_the_latest_head_first(seed: int) -> None:
    source = Random(seed)
    degrees = [0, 0, *(source.randrange(4) for _ in range(20))]
    offsets = np.cumsum([0, *degrees])
    tails = np.array([source.randrange(v) for v, degree in enumerate(degrees) for _ in range(degree)], np.int64)
    heads = [v for v, degree in enumerate(degrees) for _ in range(degree)]
    found = fanout_of(offsets, tails)
    for u in range(len(degrees)):
        rows = slice(found.offsets[u], found.offsets[u + 1])
        wanted = sorted(((v, e) for e, v in enumerate(heads) if tails[e] == u), key=lambda row: (-row[0], row[1]))
        assert list(zip(found.heads[rows].tolist(), found.edges[rows].tolist(), strict=True)) == wanted
