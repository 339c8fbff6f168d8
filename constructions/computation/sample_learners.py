"""Learners from samples as state in bits, a sample at a time; with the extraction they are query machines."""
from constructions.computation.bits import Bits, concat
from constructions.computation.design import Design
from constructions.computation.extraction_machine import Draw, Learner
from constructions.foundations.exact import whole


def parity_learner(n: int) -> Learner:
    """Gaussian elimination as the samples come: row i is the reduced equation whose first bit is i, if there is one.

    Rows are triangular, so n (n + 3) / 2 bits of state hold them with their labels, and one more says that no parity fits.
    """

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        rows = [design.state(f"row{i}", n - i + 1) for i in range(n)]  # places i, ..., n of equation i; place n is the label
        none = design.state("none")
        word = [bit & draw.taken for bit in (*draw.point, draw.label)]
        used = [word[i] & rows[i][0] for i in range(n)]
        left = [concat(word[j], *(used[i] & rows[i][j - i] for i in range(min(j + 1, n)))).parity() for j in range(n + 1)]
        lead = [concat(left[i], *(~bit for bit in left[:i])).all() for i in range(n + 1)]
        design.becomes(none, none | lead[n])
        for i, row in enumerate(rows):
            hit = concat(lead[i], *(lead[j] & row[j - i] for j in range(i + 1, n))).any()
            design.becomes(row, concat(*(row[j - i] ^ (hit & left[j]) for j in range(i, n + 1))))
        return concat(*(x[i] & rows[i][n - i] for i in range(n))).parity() & ~none

    return Learner(n=whole(n, where="n", least=1), write=write)


def conjunction_learner(n: int) -> Learner:
    """The literals that some positive sample broke: 2n bits of state."""

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        positive, met = draw.taken & draw.label, []
        for value in (0, 1):
            broken = design.state(f"not{value}", n)
            design.becomes(broken, concat(*(old | positive & (bit ^ value) for old, bit in zip(broken, draw.point, strict=True))))
            met.append(broken | (x if value else ~x))
        return concat(*met).all()

    return Learner(n=whole(n, where="n", least=1), write=write)
