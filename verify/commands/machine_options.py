"""The options of the commands that run a Turing machine: for which words, how long, on how much tape."""

from dataclasses import dataclass
from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.names import MACHINES

with loaded_when_used(__name__):
    from verify.circuits import of_a_machine


def is_machine_file(name: str) -> bool:
    """Whether a name is that of a file with a Turing machine.

    >>> is_machine_file("palindrome.tm"), is_machine_file("parity")
    (True, False)
    """
    return Path(name).suffix.lower() in MACHINES


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineOptions:
    """What a command says of a machine's runs; None is what it leaves open.

    Parameters
    ----------
    length, time : how many symbols a word has, and how many steps are taken. left, right : cells of the tape on each
        side of the first.
    """

    length: int | None = None
    time: int | None = None
    left: int | None = None
    right: int | None = None

    @property
    def given(self) -> bool:
        """Whether any of them is given."""
        return any(value is not None for value in (self.length, self.time, self.left, self.right))

    def running(self, name: str) -> "of_a_machine.Running":
        """For which words and how long the machine called ``name`` is run.

        Raises
        ------
        ConstructionError
            If the length of the words or the time is not given.
        """
        if self.length is None or self.time is None:
            lost = "--length" if self.length is None else "--time"
            raise ConstructionError(f"need --length and --time for a Turing machine, got no {lost}, at {name}")
        return of_a_machine.Running(length=self.length, steps=self.time, left=self.left, right=self.right)


COUNT = click.IntRange(min=0)
machine_options = grouped(
    "running",
    MachineOptions,
    (
        click.option("--length", type=COUNT, help="For a Turing machine: how many symbols a word has."),
        click.option("--time", type=COUNT, help="For a Turing machine: how many steps it may take."),
        click.option(
            "--left",
            type=COUNT,
            help="For a Turing machine: cells of the tape before the word (default: all that can be reached).",
        ),
        click.option(
            "--right",
            type=COUNT,
            help="For a Turing machine: cells of the tape behind the first (default: all that can be reached).",
        ),
    ),
)
"""The options of a machine's runs; the command gets them as ``running``."""
