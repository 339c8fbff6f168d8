"""An interrupt (Ctrl-C) that says what is true of it: what was kept, and how to go on."""


class Interrupted(KeyboardInterrupt):
    """Raised by a command in the place of the interrupt that it met; its text is printed.

    >>> str(Interrupted("interrupted after step 3 of 9; nothing is kept"))
    'interrupted after step 3 of 9; nothing is kept'
    """
