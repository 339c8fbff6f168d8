"""Options of a command that belong together reach it as one frozen value with named fields."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def grouped(
    name: str, kind: Callable[..., Any], options: Sequence[Decorator]
) -> Callable[[Command], Callable[..., Any]]:
    """A decorator that gives a command some options and hands them to it as one value.

    Parameters
    ----------
    name : the command's parameter that gets the value. kind : a frozen dataclass, with a field for each option.
    options : what :func:`click.option` returns, in the order of the help.

    >>> import click
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Size:
    ...     width: int
    ...     height: int
    >>> @click.command()
    ... @grouped("size", Size, (click.option("--width", type=int), click.option("--height", type=int)))
    ... def area(size: Size) -> int:
    ...     return size.width * size.height
    >>> area.main(["--width", "2", "--height", "3"], standalone_mode=False)
    6
    """
    names = [field.name for field in fields(kind) if field.init]  # type: ignore[arg-type]

    def decorated(command: Command) -> Callable[..., Any]:
        @functools.wraps(command)
        def gathering(**everything: Any) -> Any:
            own = {each: everything.pop(each) for each in names}
            return command(**everything, **{name: kind(**own)})

        found: Callable[..., Any] = gathering
        for option in reversed(options):
            found = option(found)
        return found

    return decorated
