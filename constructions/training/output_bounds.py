"""Upwards through a network: between which bounds, and on which grid, the output of every vertex lies.

One vertex after another, from what is known of its tails:

1. one denominator for all that is added up;
2. the least and the greatest sum, the grid of all sums, and a bound for every partial sum;
3. what the activation makes of them, one piece after another (:func:`bound_image`).

Functions that say False have met a number that may have more than 61 bits.

``net`` is the network, ``known`` what is known of its vertices, which is filled in, and ``fault`` where the first
number that is too long is noted (:mod:`constructions.training.number_limits`).
"""

from constructions.training import formulas
from constructions.training.compiled import compiled, compiled_borrowing, compiled_inside
from constructions.training.kernels import GraphArrays, Integers, Pieces, VertexBounds, gcd, image
from constructions.training.number_limits import PIECE, SUM, WEIGHT, farther, fits, fits_whole

least_sum, greatest_sum = compiled(formulas.least_sum), compiled(formulas.greatest_sum)
size_of_sums = compiled(formulas.size_of_sums)


@compiled
def bound_outputs(net: GraphArrays, known: VertexBounds, fault: Integers) -> bool:
    """The progression of every vertex, upwards; False where 61 bits do not do.

    The network 1/2 + x of one input, which is 1/2 or 3/2, and 1/2 + 2x after a change of its second weight. What is
    known of its output: the least and the greatest value, and how far neighbours are apart.

    >>> import numpy as np
    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> from constructions.training.kernels import nothing_known
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=1, rho=Fraction(1, 4))
    >>> net, known, fault = engine.arrays, nothing_known(3, 2), np.full(6, -1)
    >>> def output():
    ...     return [Fraction(int(part[2]), int(known.under_out[2])) for part in (known.low, known.high, known.grid)]
    >>> bound_outputs(net, known, fault), [str(number) for number in output()]
    (True, ['1/2', '3/2', '1'])
    >>> net.weights[1] = 8
    >>> bound_outputs_of(net, 2, 3, True, known, fault), [str(number) for number in output()]
    (True, ['1/2', '5/2', '2'])
    >>> net.weights[1] = 1 << 62
    >>> from constructions.training.number_limits import fault_in_words
    >>> bound_outputs(net, known, fault), fault_in_words(fault[3:])
    (False, "62 bits in an edge's weight into vertex 2")
    """
    bound_sources(net.first, known)
    return bool(bound_outputs_of(net, net.first, len(net.offsets) - 1, True, known, fault))


@compiled
def bound_sources(first: int, known: VertexBounds) -> None:
    """The constant is 1, an input 0 or 1; ``first`` is the first vertex after them."""
    known.low[0], known.high[:first], known.grid[1:first] = 1, 1, 1


@compiled_borrowing
def is_settled(known: VertexBounds, v: int) -> bool:
    """Whether vertex v has one output for every x, and is strictly flat."""
    return bool(known.slope[v] == 0 and known.grid[v] == 0)


@compiled_borrowing
def is_zero(known: VertexBounds, v: int) -> bool:
    """Whether vertex v is settled and its output is 0.

    >>> import numpy as np
    >>> from constructions.training.kernels import nothing_known
    >>> known = nothing_known(3, 0)._replace(low=np.array([0, 3, 0]), grid=np.array([0, 0, 3]))
    >>> [is_settled(known, v) for v in range(3)], [is_zero(known, v) for v in range(3)]
    ([True, True, False], [True, False, False])
    """
    return is_settled(known, v) and known.low[v] == 0


@compiled_borrowing
def bound_outputs_of(net: GraphArrays, begin: int, end: int, tails: bool, known: VertexBounds, fault: Integers) -> bool:
    """The progressions of the vertices from ``begin`` to before ``end``, upwards, from those of all before them; with
    ``tails`` it is put down of each edge whether it is blank. False where 61 bits do not do."""
    offsets, sources, weights, scale = net.offsets, net.sources, net.weights, net.scale
    lows, highs, grids, under_out, blank = known.low, known.high, known.grid, known.under_out, known.blank
    inner, last = net.inner, net.last
    for v in range(begin, end):
        shared, under = scale, 1
        for e in range(offsets[v], offsets[v + 1]):
            if tails:
                blank[e] = is_zero(known, sources[e])
            if weights[e] and not blank[e]:
                if weights[e] % shared:
                    shared = gcd(shared, weights[e])
                other = under_out[sources[e]]
                if other > 1 and under % other:
                    under = common_multiple(under, other, v, fault)
        if under == 0 or not fits_whole(fault, float(scale // shared) * float(under), v, SUM):
            return False
        low, high, step, size = 0, 0, 0, 0.0
        for e in range(offsets[v], offsets[v + 1]):
            if weights[e] and not blank[e]:
                u = sources[e]
                weight = weights[e] if shared == 1 else weights[e] // shared
                factor = under if under_out[u] == 1 else under // under_out[u]
                size = size_of_sums(size, abs(float(weight)) * float(factor), farther(lows[u], highs[u]))
                if not term_fits(weight, factor, size, v, fault):
                    return False
                weight *= factor
                low = least_sum(low, max(weight, 0), min(weight, 0), lows[u], highs[u])
                high = greatest_sum(high, max(weight, 0), min(weight, 0), lows[u], highs[u])
                if grids[u] and (step == 0 or weight * grids[u] % step):
                    step = gcd(step, weight * grids[u])
        known.row[v], known.common[v] = shared, under
        pieces = last if v == net.output else inner
        found = bound_image(pieces, scale // shared * under, low, high, step, v, fault)
        known.slope[v], under_out[v], lows[v], highs[v], grids[v] = found
        if under_out[v] == 0:
            return False
    return True


@compiled
def common_multiple(under: int, other: int, v: int, fault: Integers) -> int:
    """The least common multiple of two denominators; 0, and noted, where 61 bits do not do."""
    factor = other // gcd(under, other)
    return under * factor if fits_whole(fault, float(under) * float(factor), v, SUM) else 0


@compiled
def term_fits(weight: int, factor: int, size: float, v: int, fault: Integers) -> bool:
    """Whether a weight fits, its product with a factor, and all partial sums so far, of at most this size."""
    whole = abs(float(weight))
    return bool(
        fits(fault, whole, v, WEIGHT) and fits_whole(fault, whole * float(factor), v, SUM) and fits(fault, size, v, SUM)
    )


@compiled_inside
def bound_image(
    pieces: Pieces, under: int, a: int, b: int, step: int, v: int, fault: Integers
) -> tuple[int, int, int, int, int]:
    """What the activation makes of the progression a, a + step, ..., b over ``under``: piece by piece, ends included.

    A piece is monotone, so its ends give the least and greatest value on it; values on one piece are multiples of
    slope times step apart, values on two pieces differ by such multiples and the distance between their ends.

    Returns the largest slope met, and in lowest terms the denominator of the images (0 where 61 bits do not do), the
    least, the greatest and their grid.
    """
    kink_under, kinks, over, slopes, intercepts = pieces
    slope, least, most, spacing, base, some = 0, 0, 0, 0, 0, False
    if not comparisons_fit(pieces, under, farther(a, b), v, fault):
        return slope, 0, least, most, spacing
    for i in range(len(slopes)):
        begin, end = a, b
        if i > 0 and kinks[i - 1] * under > a * kink_under:
            if kinks[i - 1] * under > b * kink_under:
                break
            begin = at_least(a, step, -((-kinks[i - 1] * under) // kink_under))
        if i < len(kinks) and kinks[i] * under < b * kink_under:
            if kinks[i] * under < a * kink_under:
                continue
            end = at_most(a, b, step, (kinks[i] * under) // kink_under)
        if begin > end:
            continue
        size = abs(float(slopes[i])) * farther(begin, end) + abs(float(intercepts[i])) * float(under)
        if not fits_whole(fault, size, v, PIECE) or (slopes[i] and not fits(fault, size, v, PIECE)):
            return slope, 0, least, most, spacing
        one, other = image(slopes[i], begin, intercepts[i], under), image(slopes[i], end, intercepts[i], under)
        if begin < end:
            spacing = gcd(spacing, slopes[i] * step)
        if some:
            spacing = gcd(spacing, one - base)
            least, most = min(least, one, other), max(most, one, other)
        else:
            base, least, most, some = one, min(one, other), max(one, other), True
        slope = max(slope, abs(slopes[i]))
    shared = gcd(gcd(under * over, least), spacing)
    least, most, spacing = least // shared, most // shared, spacing // shared if least < most else 0
    fit = fits(fault, farther(least, most), v, PIECE)
    return slope, under * over // shared if fit else 0, least, most, spacing


@compiled_inside
def comparisons_fit(pieces: Pieces, under: int, size: float, v: int, fault: Integers) -> bool:
    """Whether the integers fit with which a pre-activation of this size over ``under`` is compared with the kinks,
    and the denominator of the output."""
    kink_under, kinks, over, _, _ = pieces
    farthest = farther(kinks[0], kinks[-1]) if len(kinks) else 1.0
    return bool(
        fits_whole(fault, float(under) * farthest, v, PIECE)
        and fits_whole(fault, size * float(kink_under), v, PIECE)
        and fits_whole(fault, float(under) * float(over), v, PIECE)
    )


@compiled
def at_least(a: int, step: int, bound: int) -> int:
    """The least member of a, a + step, ... that is at least the bound; the bound itself, above all members, if there
    is none.

    >>> at_least(-5, 3, 0), at_least(-5, 3, -7), at_least(4, 0, 9)
    (1, -5, 9)
    """
    if bound <= a or step == 0:
        return max(a, bound)
    return a + -((a - bound) // step) * step


@compiled
def at_most(a: int, b: int, step: int, bound: int) -> int:
    """The greatest member of a, a + step, ..., b that is at most the bound; something below a if there is none."""
    if bound >= b or step == 0:
        return min(b, bound)
    return a + (bound - a) // step * step
