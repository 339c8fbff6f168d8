"""Loops of builders whose sizes are proved for all numbers.

A builder of a machine goes through its queries, places and bits. It does so by these functions, and how many turns
there are is a number, or something that stands for any number and is asked for its turns: then one turn is run, of
which nothing else is known, and what it writes is counted as often as there are turns (``averaging.loops``,
``theorem2c.loops``). Beside an ordinary number the functions are the loops that their examples show.
"""

from collections.abc import Callable, Iterable
from typing import Any

from constructions.computation.bits import Bits, concat, mux


def turns(many: Any) -> Iterable[Any]:
    """The numbers from 0 on, so ``many``.

    >>> list(turns(3))
    [0, 1, 2]
    """
    found: Iterable[Any] = range(many) if isinstance(many, int) else many
    return found


def each(many: Any, make: Callable[[Any], Any]) -> Any:
    """A list of what is made for each number from 0 on.

    Parameters
    ----------
    many, make : how many there are, and what is made of a number.

    >>> each(3, lambda j: 2 * j)
    [0, 2, 4]
    """
    return [make(j) for j in range(many)] if isinstance(many, int) else many.each(make)


def mapped(make: Callable[..., Any], *lists: Any) -> Any:
    """A list of what is made of each thing, or of each two that stand at one place.

    Parameters
    ----------
    make, lists : what is made, and lists of the same length.

    >>> mapped(lambda a, b: a + b, [1, 2], [3, 4])
    [4, 6]
    """
    of_any_size = next((one for one in lists if not isinstance(one, list)), None)
    if of_any_size is None:
        return [make(*row) for row in zip(*lists, strict=True)]
    return of_any_size.mapped(make, lists)


def columns(rows: Any, many: Any) -> Any:
    """What stands at each place of some rows, a tuple for each place.

    Parameters
    ----------
    rows, many : lists of the same length, and this length.

    >>> columns([[1, 2, 3], [4, 5, 6]], 3)
    [(1, 4), (2, 5), (3, 6)]
    """
    return list(zip(*rows, strict=True)) if isinstance(many, int) else many.over(tuple(row[0] for row in rows))


def width_of(value: Bits) -> Any:
    """How many bits a vector has.

    >>> from constructions.computation.design import Design
    >>> width_of(Design().input("a", 3))
    3
    """
    return value.width if hasattr(value, "width") else len(value)


def places_of(value: Bits) -> Any:
    """How many bits a vector has, as a number of turns.

    >>> from constructions.computation.design import Design
    >>> list(turns(places_of(Design().input("a", 3))))
    [0, 1, 2]
    """
    of_any_width: Any = value
    return of_any_width.places if hasattr(value, "width") else len(value)


def fitted(value: Bits, width: Any) -> Bits:
    """A signed number in another number of bits, in which it fits: copies of its sign on top, or as many left out.

    Parameters
    ----------
    value, width : the number, and how many bits it gets.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> fitted(design.input("a", 2), 4), fitted(design.input("b", 4), 2)
    (<a.extended(4, signed=True): 4 bits>, <b[:2]: 2 bits>)
    """
    if not isinstance(width, int):
        wanted: Bits = width.fitted(value)
        return wanted
    return value.extended(width, signed=True) if len(value) < width else value[:width]


def joined(*parts: Bits) -> Bits:
    """The vectors one after the other, the first in the lowest places.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> joined(design.input("a", 2), design.input("b", 3))
    <concat(a, b): 5 bits>
    """
    of_any_width: Any = next((part for part in parts if hasattr(part, "width")), None)
    found: Bits = concat(*parts) if of_any_width is None else of_any_width.joined(parts)
    return found


def choice(condition: Bits, yes: Bits | int, no: Bits | int) -> Bits:
    """``yes`` where the condition, one bit, holds, else ``no``.

    Parameters
    ----------
    condition, yes, no : as of :func:`constructions.computation.bits.mux`.

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> choice(design.input("c"), design.input("a", 3), 0)
    <mux(c, a, 0): 3 bits>
    """
    chooses: Any = condition
    found: Bits = chooses.choose(yes, no) if hasattr(condition, "width") else mux(condition, yes, no)
    return found
