"""The command ``querygrad``.

Exit codes: 0 all as expected; 1 something refuted or vacuous that should not be; 2 usage or bad input; 3 only
unknowns; 4 internal error, or two provers disagree. Of several the gravest counts: 4, then 2, 1, 3, 0. Every error is
one line: on stderr, or, if it is one obligation's, in the report. Only an error here that belongs to no obligation
has a traceback. A pipe that is closed at the other end is no error: the command says nothing more and leaves with
141, as a program that is ended by SIGPIPE does.
"""

import errno
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from verify.obligations.verdict import DisagreementError
from verify.reports.exit_codes import INTERNAL, USAGE
from verify.screen.printing import prepare, say, say_error
from verify.screen.version import project_version

INTERRUPTED, PIPE_CLOSED = 130, 141
LONGEST = 1900
"""A longer line of an error is cut in the middle."""
COMMANDS = {
    "audit": "Say what the verdicts of a report take for granted.",
    "certify": "Prove that training a network runs a given learner.",
    "circuit": "Describe a circuit file, or convert it to another format.",
    "compile": "Turn a learner into a network that gradient descent runs.",
    "diff": "Say what changed from one report of verdicts to the next.",
    "doctor": "Say what querygrad runs on here, and whether its guards hold.",
    "draw": "Draw an activation, a query graph, a circuit, a network or the map.",
    "export": "Write a network or a claim for PyTorch, ONNX or VNN-LIB.",
    "hide": "Train any model in two worlds at once, to the same weights.",
    "judge": "Re-establish your statements from a proof file, by a checker apart.",
    "lowerbound": "Play against a method that asks queries about parities.",
    "map": "Show every numbered item of the paper with its verdict.",
    "margins": "Say how far the numbers of a gadget may move before a claim fails.",
    "mistakes": "Learn a parity from mistakes alone, for any b rho, as in Result G.",
    "mutate": "Change a construction in small ways, and see what notices.",
    "plot": "Draw what 'sweep' found, with the lines that are proved.",
    "prove": "Prove the claims of the paper, or those of a file of yours.",
    "recheck": "Check a certificate independently of what wrote it.",
    "referee": "Check a transcript of 'lowerbound' independently of what wrote it.",
    "relu": "Rewrite a network so that its only activation is the ReLU.",
    "report": "Write all verdicts as one page of HTML that can be read offline.",
    "show": "Show one claim or one erratum in full.",
    "sweep": "Say what gradient descent learns at each batch size and precision.",
    "theorem": "Show the exact budgets of a theorem, and measure runs of it.",
    "trace": "Write a page on which a recorded training run can be gone through.",
    "train": "Train a network by gradient descent in exact arithmetic.",
}
"""What ``querygrad --help`` says of each command. Each is a module of this room, whose command has the same name; a
module is imported when its command is asked for, not for this list."""


class ClosedPipeError(Exception):
    """Nobody reads what is printed. No OSError: click would leave with 1 for one, which means something else here."""


@contextmanager
def noticing_pipes() -> Iterator[None]:
    """Make an error of our own of a pipe that is closed at the other end."""
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipeError from error


class Commands(click.Group):
    """A group that imports the module of a command when it is asked for."""

    def make_context(self, *args: Any, **rest: Any) -> click.Context:
        """Read the arguments; help is printed here."""
        with noticing_pipes():
            return super().make_context(*args, **rest)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with noticing_pipes():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"verify.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, from :data:`COMMANDS`, so that no command is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def print_version(ctx: click.Context, option: click.Parameter, asked: bool) -> None:
    """Print the version and leave, if it was asked for; only then is it looked up."""
    if asked and not ctx.resilient_parsing:
        say(f"querygrad, version {project_version()}")
        ctx.exit()


@click.group(name="querygrad", cls=Commands, no_args_is_help=False)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    help="Show the version and exit.",
    callback=print_version,
)
def cli() -> None:
    """Machine-checked constructions of differentiable learning versus PAC and SQ."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    if sys.stdout is None:  # closed before we began
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    prepare()
    try:
        code = cli.main(args=None if argv is None else list(argv), prog_name="querygrad", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return complain(usage(error))
    except ConstructionError as error:
        return complain(one_line(error))
    except DisagreementError as error:
        complain(f"need two evaluators that agree, got '{one_line(error)}'")
        return INTERNAL
    except (click.Abort, KeyboardInterrupt) as error:
        cause = error.__cause__ if isinstance(error, click.Abort) else error
        say(str(cause or "") or "interrupted", err=True)
        return INTERRUPTED
    except (ClosedPipeError, BrokenPipeError):
        print_no_more()
        return PIPE_CLOSED
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            say_error()
            return INTERNAL
        print_no_more()
        return complain(f"need room for what is printed, got {error.strerror}, at the standard output")
    except Exception:
        say_error()
        return INTERNAL
    return code if isinstance(code, int) else 0


def print_no_more() -> None:
    """Let what is still to be printed go nowhere, so that Python does not complain of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def usage(error: click.ClickException) -> str:
    """What is wrong with the arguments, and which help to ask for: that of the command that was meant."""
    context = getattr(error, "ctx", None)
    command = context.command_path if isinstance(context, click.Context) else "querygrad"
    said = one_line(error.format_message()).removeprefix("Got ")
    if said == "Missing command.":
        return f"need a command among those that '{command} --help' lists, got none"
    return f"need arguments as in '{command} --help', got: {said}"


def complain(message: str) -> int:
    """One line on stderr; of a very long one the beginning and the end."""
    say(message if len(message) <= LONGEST else f"{message[: LONGEST - 500]} ... {message[-400:]}", err=True)
    return USAGE
