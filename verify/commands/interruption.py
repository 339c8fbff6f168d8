"""An interrupt (Ctrl-C) that says what is true of it: what was kept, and how to go on."""

from collections.abc import Iterator
from contextlib import contextmanager


class Interrupted(KeyboardInterrupt):
    """Raised by a command in the place of the interrupt that it met; its text is printed.

    >>> str(Interrupted("interrupted after step 3 of 9; nothing is kept"))
    'interrupted after step 3 of 9; nothing is kept'
    """


@contextmanager
def results_kept() -> Iterator[None]:
    """While obligations are discharged, an interrupt says that what was found so far is kept."""
    try:
        yield
    except KeyboardInterrupt as error:
        kept = "the results found so far are kept if they can be, the same command (without --fresh) goes on"
        raise Interrupted(f"interrupted; {kept}") from error
