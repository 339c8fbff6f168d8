"""Learners from samples as state in bits, a sample at a time; with the extraction they are query machines."""

from collections.abc import Sequence
from fractions import Fraction

from constructions.computation.bits import Bits, concat, mux, select
from constructions.computation.builder import assignments
from constructions.computation.design import Design
from constructions.computation.extraction_machine import Draw, LearnerInBits, divided
from constructions.computation.flat import FlatCircuit
from constructions.computation.machines import Machine
from constructions.computation.query_machine import Fixed
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational, whole
from constructions.learning.problems import Predictor

PLACES = 8
"""Binary places of a mean that has no exact form."""


def fed(learner: LearnerInBits, m: int) -> Machine:
    """A learner of m samples by itself: inputs ``x``, ``taken``, ``label``, ``point``; output ``predict``.

    >>> machine = fed(conjunction_learner(1), 1)
    >>> [out["predict"] for out in machine.simulate([{"x": 0, "taken": 1, "label": 1, "point": 1}] * 2)]
    [0, 0]
    """
    design = Design()
    n = learner.n
    x, taken, label, point = (
        design.input(name, width) for name, width in (("x", n), ("taken", 1), ("label", 1), ("point", n))
    )
    number = design.state("number", m.bit_length())
    design.becomes(number, number + taken.extended(len(number)))
    design.output("predict", learner.write(design, Draw(taken, number, label, point), x))
    return design.machine()


def parity_learner(n: int) -> LearnerInBits:
    """Gaussian elimination as the samples come: row i is the reduced equation whose first bit is i, if there is one.

    Rows are triangular, so n (n + 3) / 2 bits of state hold them with their labels, and one more says that no parity
    fits.

    >>> steps = ({"x": 1, "point": 1, "taken": 1, "label": label} for label in (1, 0, 1))
    >>> [out["predict"] for out in fed(parity_learner(1), 2).simulate(steps)]  # the second contradicts the first
    [0, 1, 0]
    """

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        rows = [
            design.state(f"row{i}", n - i + 1) for i in range(n)
        ]  # places i, ..., n of equation i; place n is the label
        none = design.state("none")
        word = [bit & draw.taken for bit in (*draw.point, draw.label)]
        used = [word[i] & rows[i][0] for i in range(n)]
        left = [
            concat(word[j], *(used[i] & rows[i][j - i] for i in range(min(j + 1, n)))).parity() for j in range(n + 1)
        ]
        lead = [concat(left[i], *(~bit for bit in left[:i])).all() for i in range(n + 1)]
        design.becomes(none, none | lead[n])
        for i, row in enumerate(rows):
            hit = concat(lead[i], *(lead[j] & row[j - i] for j in range(i + 1, n))).any()
            design.becomes(row, concat(*(row[j - i] ^ (hit & left[j]) for j in range(i, n + 1))))
        return concat(*(x[i] & rows[i][n - i] for i in range(n))).parity() & ~none

    return LearnerInBits(n=whole(n, where="n", least=1), write=write)


def conjunction_learner(n: int) -> LearnerInBits:
    """The literals that some positive sample broke: 2n bits of state."""

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        positive, met = draw.taken & draw.label, []
        for value in (0, 1):
            broken = design.state(f"not{value}", n)
            design.becomes(
                broken, concat(*(old | positive & (bit ^ value) for old, bit in zip(broken, draw.point, strict=True)))
            )
            met.append(broken | (x if value else ~x))
        return concat(*met).all()

    return LearnerInBits(n=whole(n, where="n", least=1), write=write)


def kept(design: Design, draw: Draw, m: int) -> list[tuple[Bits, Bits]]:
    """The first m samples that ``draw`` has taken, labels and points: m (n + 1) bits of state of a design, each written
    once.

    >>> design = Design()
    >>> draw = Draw(*map(design.input, ("taken", "number", "label", "point")))
    >>> for k, (label, point) in enumerate(kept(design, draw, 2)):
    ...     design.output(f"sample{k}", concat(label, point))
    >>> list(design.simulate({"taken": 1, "number": k, "label": 1, "point": k} for k in (0, 1, 1)))
    [{'sample0': 0, 'sample1': 0}, {'sample0': 1, 'sample1': 0}, {'sample0': 1, 'sample1': 3}]
    """
    slots = []
    for k in range(m):
        sample = concat(draw.label, draw.point)
        slot, now = design.state(f"sample{k}", len(sample)), draw.taken & (draw.number == k)
        design.becomes(slot, concat(*(old | now & bit for old, bit in zip(slot, sample, strict=True))))
        slots.append((slot[0], slot[1:]))
    return slots


def decision_list_learner(n: int, m: int) -> LearnerInBits:
    """The samples; the list is made when a point is asked about, in min(m, n) steps.

    A step finds the first literal whose remaining samples have one label, answers if x has it, and drops those samples.
    After n steps the samples left agree with a point that is still unanswered in every bit, so their majority is what
    the list says of it.

    >>> steps = [{"x": x, "point": y, "taken": 1, "label": 1 - y} for x, y in zip((0, 0, 0, 1), (0, 1, 1, 1))]
    >>> [out["predict"] for out in fed(decision_list_learner(1, 2), 2).simulate(steps)][2:]  # both samples are there
    [1, 0]
    """

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        samples = kept(design, draw, m)
        rest, literals = [design.constant(1, 1)] * m, [(i, value) for i in range(n) for value in (0, 1)]
        said, open_ = design.constant(0, 1), design.constant(1, 1)
        for _ in range(min(m, n)):
            found = design.constant(0, 1)
            uses, labels = [], []
            for i, value in literals:
                those = [at & ~(point[i] ^ value) for at, (_, point) in zip(rest, samples, strict=True)]
                one, zero = (
                    concat(*(at & (y ^ flip) for at, (y, _) in zip(those, samples, strict=True))).any()
                    for flip in (0, 1)
                )
                uses.append((one ^ zero) & ~found)
                labels.append(uses[-1] & one)
                found = found | uses[-1]
            has = [_meets(uses, literals, point) for point in (x, *(point for _, point in samples))]
            said, open_ = said | open_ & has[0] & concat(*labels).any(), open_ & ~has[0]
            rest = [at & ~met for at, met in zip(rest, has[1:], strict=True)]
        ones, zeros = (
            concat(*(at & (y ^ flip) for at, (y, _) in zip(rest, samples, strict=True))).count() for flip in (0, 1)
        )
        return said | open_ & (ones > zeros)

    return LearnerInBits(n=whole(n, where="n", least=1), write=write)


def _meets(uses: Sequence[Bits], literals: Sequence[tuple[int, int]], point: Bits) -> Bits:
    """Whether a point has the literal that is used."""
    return concat(*(use & ~(point[i] ^ value) for use, (i, value) in zip(uses, literals, strict=True))).any()


def mean_places(m: int) -> int:
    """Binary places of a mean of up to m labels: exact for m <= 2, else :data:`PLACES`.

    >>> mean_places(2), mean_places(3)
    (1, 8)
    """
    return 1 if m <= 2 else PLACES


def memoriser_learner(n: int, m: int, *, places: int | None = None) -> LearnerInBits:
    """It keeps m samples of n bits, and predicts the mean label of those with the point that is asked about, rounded to
    so many places (the upper number on a tie); 1/2 if there are none.

    Digit by digit, one more than there are places: half of their number, rounded up, is the mean rounded.

    Raises
    ------
    ConstructionError
        For n or places below 1.

    >>> steps = ({"x": 1, "point": 1, "taken": 1, "label": label} for label in (1, 0, 1))
    >>> machine = fed(memoriser_learner(1, 2), 2)
    >>> [out["predict[0]"] + 2 * out["predict[1]"] for out in machine.simulate(steps)]  # halves
    [1, 2, 1]
    """
    fraction = mean_places(m) if places is None else whole(places, where="places", least=1)

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        samples = kept(design, draw, m)
        same = [point == x for _, point in samples]
        total, left = concat(*same).count(), concat(*(at & y for at, (y, _) in zip(same, samples, strict=True))).count()
        seen, digits = total.any(), []
        for _ in range(fraction + 1):
            digit, left = divided(left, total)
            digits.append(digit)
        mean = concat(*reversed(digits)).plus(1)[1:]
        return mux(seen, mean, 1 << fraction - 1)

    return LearnerInBits(n=whole(n, where="n", least=1), fraction=fraction, write=write)


def table_circuit(values: Sequence[Number], *, fraction: int = 0) -> FlatCircuit:
    """A predictor as a circuit: its value at each of 2^n points, the first bit of x in the lowest place.

    Raises
    ------
    ConstructionError
        For a number of values that is no power of two above 1, or a value without so many binary places.

    >>> predictor_of(table_circuit([0, 1, 1, 0]))((1, 0))
    Fraction(1, 1)
    """
    n = (len(values) - 1).bit_length()
    if n < 1 or len(values) != 1 << n:
        raise ConstructionError(f"need a value for each of 2^n points, n >= 1, got {len(values)}")
    form = Fixed(width=fraction + 1, fraction=fraction)
    design = Design()
    codes: list[Bits | int] = [form.code_of(rational(value, where=f"value {i}")) for i, value in enumerate(values)]
    design.output("predict", select(design.input("x", n), codes, width=form.width))
    return design.circuit()


def predictor_of(circuit: FlatCircuit, *, fraction: int = 0) -> Predictor:
    """What a circuit predicts: its outputs, the least first, over 2^fraction."""
    form = Fixed(width=len(circuit.outputs), fraction=fraction)

    def predict(x: Sequence[int]) -> Fraction:
        found = circuit.evaluate(dict(zip(circuit.inputs, x, strict=True)))
        return form.value_of(sum(int(bit) << i for i, bit in enumerate(found.values())))

    return predict


def literals_class(n: int) -> list[FlatCircuit]:
    """The constants 0 and 1, then each bit and its negation.

    >>> [predictor_of(h)((1, 0)) for h in literals_class(2)] == [0, 1, 1, 0, 0, 1]
    True
    """
    found = []
    for i in range(-1, n):
        for flip in (0, 1):
            design = Design()
            x = design.input("x", n)
            design.output("predict", (x[i] if i >= 0 else design.constant(0, 1)) ^ flip)
            found.append(design.circuit())
    return found


def best_of_learner(n: int, m: int, class_: Sequence[FlatCircuit], *, fraction: int = 0) -> LearnerInBits:
    """The total squared loss of each predictor of a class, in units of 4^-fraction; the first least one predicts.

    Parameters
    ----------
    class_ : circuits with n inputs, x with its first bit first, and fraction + 1 outputs, the least first: a number
        over 2^fraction.
    n, m : bits of a point, and the number of samples.

    Raises
    ------
    ConstructionError
        For an empty class, or a circuit with other ports or a prediction above 1.

    >>> machine = fed(best_of_learner(1, 2, literals_class(1)), 2)
    >>> [out["predict"] for out in machine.simulate({"x": 1, "point": 1, "taken": 1, "label": 1} for _ in range(2))]
    [0, 1]
    """
    if not class_:
        raise ConstructionError("need at least one predictor in the class, got none")
    for k, h in enumerate(class_):
        _check_predictor(h, n, fraction, f"predictor {k}")

    def write(design: Design, draw: Draw, x: Bits) -> Bits:
        width, found = (m * 4**fraction).bit_length(), []
        for k, h in enumerate(class_):
            loss, here = design.state(f"loss{k}", width), _stamped(design, h, draw.point)
            off = mux(draw.label, (1 << fraction) - here, here)
            square = off.times(off)[: 2 * fraction + 1]
            design.becomes(loss, loss + concat(*(bit & draw.taken for bit in square)).extended(width))
            found.append((loss, _stamped(design, h, x)))
        least, said = found[0]
        for loss, value in found[1:]:
            less = loss < least
            least, said = mux(less, loss, least), mux(less, value, said)
        return said

    return LearnerInBits(n=whole(n, where="n", least=1), fraction=fraction, write=write)


def _stamped(design: Design, circuit: FlatCircuit, x: Bits) -> Bits:
    return Bits(design.builder, tuple(design.builder.stamp(circuit, x.literals).values()), "predictor")


def _check_predictor(circuit: FlatCircuit, n: int, fraction: int, where: str) -> None:
    if len(circuit.inputs) != n or len(circuit.outputs) != fraction + 1:
        got = f"{len(circuit.inputs)} and {len(circuit.outputs)}"
        raise ConstructionError(f"need {n} inputs and {fraction + 1} outputs, got {got}, at {where}")
    words, width = assignments(n)
    values = circuit.values(words, width=width)
    *lower, top = (values[literal >> 1] ^ (-(literal & 1) & (1 << width) - 1) for literal in circuit.outputs.values())
    if any(top & word for word in lower):
        raise ConstructionError(f"need predictions in [0, 1], got one above 1, at {where}")
