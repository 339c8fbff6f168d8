"""What numbers a training step can meet, for every x in {0,1}^n and every label, found in one pass before the step is
taken.

Of every vertex the pass knows a progression: its output is one of low, low + grid, ..., high, integers over one
denominator. So a Boolean gate (inputs -2 or 2, a threshold off the lattice) is seen to be strictly flat and to have two
values, and a vertex that does not depend on x to be a constant. Sums, products and partial sums are integers over that
denominator; if they stay within 53 bits and denominators are powers of two, float64 holds them all without loss; within
61 bits, 64-bit integers do. The backward pass follows the adjoints, only where a vertex may be off its flat pieces;
then entries, batch sums and comparisons with b rho.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation
from constructions.training import formulas
from constructions.training.compiled import compiled
from constructions.training.kernels import Integers, Pieces, Table, gcd, image

least_sum, greatest_sum = compiled(formulas.least_sum), compiled(formulas.greatest_sum)
size_of_sums = compiled(formulas.size_of_sums)

FLOAT_BITS, WHOLE_BITS = 53, 61
FLOAT_MOST, WHOLE_MOST = 2.0**FLOAT_BITS * (1 - 2.0**-20), 2.0**WHOLE_BITS
SUM, PIECE, WEIGHT, ADJOINT, ENTRY, BATCH, GRID = range(7)
WHAT = {
    SUM: "the pre-activation",
    PIECE: "the output",
    WEIGHT: "an edge's weight",
    ADJOINT: "the adjoint",
    ENTRY: "an edge's gradient entry",
    BATCH: "an edge's batch sum",
    GRID: "an edge's comparison with b rho",
}
FLOATS, INTEGERS = "float64", "scaled integers"


def integer_pieces(sigma: Activation) -> Pieces:
    """An activation in integers: kinks over one denominator, slopes and intercepts over another.

    >>> from constructions.foundations.activation import RAMP
    >>> [part if isinstance(part, int) else part.tolist() for part in integer_pieces(RAMP)]
    [1, [-3, -1, 0, 2], 1, [0, 1, 0, 1, 0], [-2, 1, 0, 0, 2]]
    """
    pieces = sigma.pieces
    under = lcm(*(kink.denominator for kink in sigma.kinks))
    over = lcm(*(value.denominator for piece in pieces for value in (piece.slope, piece.intercept)))
    rows = [
        [kink * under for kink in sigma.kinks],
        [piece.slope * over for piece in pieces],
        [piece.intercept * over for piece in pieces],
    ]
    most = max(under, over, *(abs(int(value)) for row in rows for value in row))
    if most >= WHOLE_MOST:
        raise ConstructionError(
            f"need kinks, slopes and intercepts within {WHOLE_BITS} bits, got {most}, at {sigma.name}"
        )
    kinks, slopes, intercepts = (np.array([int(value) for value in row], np.int64) for row in rows)
    return under, kinks, over, slopes, intercepts


@dataclass(frozen=True, eq=False)
class Ranges:
    """What the pass found.

    Parameters
    ----------
    low, high, grid : the progression of each vertex's outputs, over ``under_out``; grid is 0 for a constant.
    under_out, under_adjoint : denominators of outputs and adjoints. slope : the largest slope (times its denominator)
        that a vertex may meet; 0 means strictly flat. row, common : what the kernel in integers divides by.
    system : ``float64`` or ``scaled integers``; reason : why.
    """

    low: Integers
    high: Integers
    grid: Integers
    under_out: Integers
    under_adjoint: Integers
    slope: Integers
    row: Integers
    common: Integers
    system: str
    reason: str

    def values(self, vertex: int) -> tuple[Fraction, Fraction, Fraction]:
        """Least and greatest output of a vertex and the spacing between its outputs."""
        under = int(self.under_out[vertex])
        return (
            Fraction(int(self.low[vertex]), under),
            Fraction(int(self.high[vertex]), under),
            Fraction(int(self.grid[vertex]), under),
        )


def ranges(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    *,
    inputs: int,
    output: int,
    inner: Pieces,
    last: Pieces,
    trains: Table,
    batch: int,
    rho: Fraction,
    system: str | None = None,
    downwards: bool = True,
) -> Ranges:
    """Go through a network before a step; choose float64 if it loses nothing, else scaled integers.

    ``system`` asks for one of the two. Without ``downwards`` only the forward pass is looked at, for outputs.

    Errors
    ------
    ConstructionError if neither holds every number (or the one asked for does not), naming bits, what, and the vertex.
    """
    size = len(offsets) - 1
    low, high, grid, slope = (np.zeros(size, np.int64) for _ in range(4))
    under_out, under_adjoint, row, common = (np.ones(size, np.int64) for _ in range(4))
    fault = np.full(6, -1, np.int64)
    if max(rho.numerator, rho.denominator, batch) >= WHOLE_MOST:
        raise ConstructionError(f"need rho and b within {WHOLE_BITS} bits, got rho = {rho}, b = {batch}")
    holds = bound_outputs(
        offsets,
        sources,
        weights,
        scale,
        inputs,
        output,
        inner,
        last,
        low,
        high,
        grid,
        under_out,
        row,
        common,
        slope,
        fault,
    )
    if holds and downwards:
        holds = bound_adjoints(
            offsets,
            sources,
            weights,
            scale,
            inputs,
            output,
            inner[2],
            last[2],
            batch,
            rho.numerator,
            rho.denominator,
            trains,
            low,
            high,
            under_out,
            under_adjoint,
            slope,
            fault,
        )
    reason = not_floats(scale, inner, last, fault)
    if not holds and system != FLOATS:
        raise ConstructionError(f"need numbers of at most {WHOLE_BITS} bits, got {_said(fault[3:])}")
    if reason and system == FLOATS:
        raise ConstructionError(f"need numbers that float64 holds, got {reason}")
    chosen = system or (INTEGERS if reason else FLOATS)
    why = reason or f"every number is a multiple of a power of two and has at most {FLOAT_BITS} bits"
    return Ranges(
        low,
        high,
        grid,
        under_out,
        under_adjoint,
        slope,
        row,
        common,
        chosen,
        why if system is None else f"{chosen} asked for",
    )


def not_floats(scale: int, inner: Pieces, last: Pieces, fault: Integers) -> str | None:
    """Why float64 does not hold every number, or None if it does."""
    odd = [
        (what, n)
        for what, n in (("weights", scale), ("kinks", inner[0] * last[0]), ("slopes", inner[2] * last[2]))
        if n & (n - 1)
    ]
    if odd:
        return f"{odd[0][0]} over {odd[0][1]}, not a power of two"
    if (
        max(
            (abs(int(value)) for act in (inner, last) for part in (act[1], act[3], act[4]) for value in part), default=0
        )
        >= FLOAT_MOST
    ):
        return f"an activation of more than {FLOAT_BITS} bits"
    return None if fault[0] < 0 else f"{_said(fault[:3])}, more than {FLOAT_BITS}"


def _said(fault: Integers) -> str:
    what = WHAT[int(fault[1])]
    return f"{int(fault[2])} bits in {what} {'into' if what.startswith('an ') else 'of'} vertex {int(fault[0])}"


@compiled
def fits_whole(fault: Integers, size: float, vertex: int, what: int) -> bool:
    """Whether a number of this size fits into 61 bits; noted if not."""
    if size < WHOLE_MOST:
        return True
    if fault[3] < 0:
        fault[3], fault[4], fault[5] = vertex, what, max(WHOLE_BITS, int(np.log2(size))) + 1
    return False


@compiled
def fits(fault: Integers, size: float, vertex: int, what: int) -> bool:
    """Whether a number of this size fits into 61 bits; if it does not fit into 53, that is noted too."""
    if size >= FLOAT_MOST and fault[0] < 0:
        fault[0], fault[1], fault[2] = vertex, what, max(FLOAT_BITS, int(np.log2(size))) + 1
    return bool(fits_whole(fault, size, vertex, what))


@compiled
def bound_outputs(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    inputs: int,
    output: int,
    inner: Pieces,
    last: Pieces,
    low: Integers,
    high: Integers,
    grid: Integers,
    under_out: Integers,
    row: Integers,
    common: Integers,
    slope: Integers,
    fault: Integers,
) -> bool:
    """The progression of every vertex, upwards; False where 61 bits do not do."""
    low[0], high[0] = 1, 1
    for v in range(1, inputs + 1):
        low[v], high[v], grid[v] = 0, 1, 1
    for v in range(inputs + 1, len(offsets) - 1):
        begin, end = offsets[v], offsets[v + 1]
        shared, under = scale, 1
        for e in range(begin, end):
            if weights[e] % shared:
                shared = gcd(shared, weights[e])
            other = under_out[sources[e]]
            if other > 1 and weights[e] and under % other:
                factor = other // gcd(under, other)
                if not fits_whole(fault, float(under) * float(factor), v, SUM):
                    return False
                under *= factor
        if not fits_whole(fault, float(scale // shared) * float(under), v, SUM):
            return False
        row[v], common[v] = shared, under
        a, b, step, size = 0, 0, 0, 0.0
        for e in range(begin, end):
            if weights[e]:
                u = sources[e]
                weight = weights[e] if shared == 1 else weights[e] // shared
                factor = under if under_out[u] == 1 else under // under_out[u]
                size = size_of_sums(
                    size, abs(float(weight)) * float(factor), max(abs(float(low[u])), abs(float(high[u])))
                )
                if not (
                    fits(fault, abs(float(weight)), v, WEIGHT)
                    and fits_whole(fault, abs(float(weight)) * float(factor), v, SUM)
                ):
                    return False
                if not fits(fault, size, v, SUM):
                    return False
                weight *= factor
                a = least_sum(a, max(weight, 0), min(weight, 0), low[u], high[u])
                b = greatest_sum(b, max(weight, 0), min(weight, 0), low[u], high[u])
                if grid[u] and (step == 0 or weight * grid[u] % step):
                    step = gcd(step, weight * grid[u])
        if not activate(
            last if v == output else inner,
            scale // shared * under,
            a,
            b,
            step,
            v,
            low,
            high,
            grid,
            under_out,
            slope,
            fault,
        ):
            return False
    return True


@compiled
def activate(
    pieces: Pieces,
    under: int,
    a: int,
    b: int,
    step: int,
    v: int,
    low: Integers,
    high: Integers,
    grid: Integers,
    under_out: Integers,
    slope: Integers,
    fault: Integers,
) -> bool:
    """What sigma makes of the progression a, a + step, ..., b over ``under``: piece by piece, ends included."""
    kink_under, kinks, over, slopes, intercepts = pieces
    bound = float(under) * (max(abs(float(kinks[0])), abs(float(kinks[-1]))) if len(kinks) else 1.0)
    size = max(abs(float(a)), abs(float(b)))
    if not (fits_whole(fault, bound, v, PIECE) and fits_whole(fault, size * float(kink_under), v, PIECE)):
        return False
    if not fits_whole(fault, float(under) * float(over), v, PIECE):
        return False
    least, most, spacing, base, some = 0, 0, 0, 0, False
    for i in range(len(slopes)):
        begin, end = a, b
        if i > 0:
            begin = at_least(a, step, -((-kinks[i - 1] * under) // kink_under))
        if i < len(kinks):
            end = at_most(a, b, step, (kinks[i] * under) // kink_under)
        if begin > end:
            continue
        sloped = abs(float(slopes[i])) * max(abs(float(begin)), abs(float(end)))
        level = abs(float(intercepts[i])) * float(under)
        if not fits_whole(fault, sloped + level, v, PIECE):
            return False
        if slopes[i] and not fits(fault, sloped + level, v, PIECE):
            return False
        one, other = image(slopes[i], begin, intercepts[i], under), image(slopes[i], end, intercepts[i], under)
        if begin < end:
            spacing = gcd(spacing, slopes[i] * step)
        if some:
            spacing = gcd(spacing, one - base)
            least, most = min(least, one, other), max(most, one, other)
        else:
            base, least, most, some = one, min(one, other), max(one, other), True
        slope[v] = max(slope[v], abs(slopes[i]))
    shared = gcd(gcd(under * over, least), spacing)
    under_out[v], low[v], high[v] = under * over // shared, least // shared, most // shared
    grid[v] = spacing // shared if least < most else 0
    return bool(fits(fault, max(abs(float(low[v])), abs(float(high[v]))), v, PIECE))


@compiled
def at_least(a: int, step: int, bound: int) -> int:
    """The least member of a, a + step, ... that is at least the bound; the bound itself, above all members, if there
    is none."""
    if bound <= a or step == 0:
        return max(a, bound)
    return a + -((a - bound) // step) * step


@compiled
def at_most(a: int, b: int, step: int, bound: int) -> int:
    """The greatest member of a, a + step, ..., b that is at most the bound; something below a if there is none."""
    if bound >= b or step == 0:
        return min(b, bound)
    return a + (bound - a) // step * step


@compiled
def bound_adjoints(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    inputs: int,
    output: int,
    over: int,
    over_last: int,
    batch: int,
    rho_up: int,
    rho_under: int,
    trains: Table,
    low: Integers,
    high: Integers,
    under_out: Integers,
    under_adjoint: Integers,
    slope: Integers,
    fault: Integers,
) -> bool:
    """Adjoints, gradient entries, batch sums and comparisons, downwards; False where 61 bits do not do.

    ``most[v]`` bounds the size of v's adjoint; sums of positive floats, so that their own rounding is covered by the
    slack of the limits.
    """
    most = np.zeros(len(offsets) - 1)
    unit = float(under_out[output])
    lowest, highest = float(low[output]), float(high[output])
    most[output] = max(abs(lowest), abs(highest), abs(lowest - unit), abs(highest - unit)) / unit
    under_adjoint[output] = under_out[output]
    for v in range(len(offsets) - 2, inputs, -1):
        if most[v] == 0.0:
            continue
        if not fits(fault, most[v] * float(under_adjoint[v]), v, ADJOINT):
            return False
        if slope[v] == 0:
            continue
        factor = over_last if v == output else over
        along, full = most[v] * float(slope[v]) / float(factor), float(under_adjoint[v]) * float(factor)
        if not (fits_whole(fault, full, v, ADJOINT) and fits(fault, along * full, v, ADJOINT)):
            return False
        under = under_adjoint[v] * factor
        for e in range(offsets[v], offsets[v + 1]):
            u = sources[e]
            if trains[e] and not bound_entry(
                along, under, low[u], high[u], under_out[u], batch, rho_up, rho_under, v, fault
            ):
                return False
            if not trains[e] and not bound_product(along, under, low[u], high[u], under_out[u], batch, v, fault):
                return False
            if u > inputs and weights[e]:
                shared = gcd(scale, weights[e])
                if not fits_whole(fault, full * float(scale // shared), v, ADJOINT):
                    return False
                wanted = under * (scale // shared)
                if under_adjoint[u] % wanted:
                    wanted //= gcd(under_adjoint[u], wanted)
                    if not fits_whole(fault, float(under_adjoint[u]) * float(wanted), u, ADJOINT):
                        return False
                    under_adjoint[u] *= wanted
                most[u] += abs(float(weights[e])) / float(scale) * along
    return True


@compiled
def bound_product(
    along: float, under: int, low: int, high: int, under_out: int, batch: int, v: int, fault: Integers
) -> bool:
    """The entry of an edge before and after clipping, and its sum over the batch."""
    size, full = max(abs(float(low)), abs(float(high))) / float(under_out) * along, float(under) * float(under_out)
    if not (fits_whole(fault, full, v, ENTRY) and fits(fault, size * full, v, ENTRY)):
        return False
    return bool(fits(fault, float(batch) * min(size, 1.0) * full, v, BATCH))


@compiled
def bound_entry(
    along: float,
    under: int,
    low: int,
    high: int,
    under_out: int,
    batch: int,
    rho_up: int,
    rho_under: int,
    v: int,
    fault: Integers,
) -> bool:
    """As :func:`bound_product`, and the integers that are compared: the sum and b rho over one denominator."""
    if not bound_product(along, under, low, high, under_out, batch, v, fault):
        return False
    size, full = max(abs(float(low)), abs(float(high))) / float(under_out) * along, under * under_out
    shared = gcd(full, rho_under)
    total = float(batch) * min(size, 1.0) * float(full) * (float(rho_under) / float(shared))
    cell = float(batch) * float(rho_up) * float(full) / float(shared)
    return bool(fits_whole(fault, total, v, GRID) and fits_whole(fault, 4.0 * cell, v, GRID))
