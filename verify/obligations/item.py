"""What is said of a numbered item of the paper: its name, its top statement, and what that one leaves out."""

from dataclasses import dataclass

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Part:
    """What an item's top statement leaves out: in words, and the id of the claim that says it, if there is one."""

    what: str
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the paper: its name, and a title that says in words what it is about.

    Parameters
    ----------
    name, title : what the paper calls it, and what it says. construction : the file that builds it, or ``open``.
    claims : beginnings of ids; these claims and those that name the item support it, which raises no verdict.
    needs : the items on which it rests in the paper; the picture of the map has them, and verdicts do not.
    top : the id of its top statement, the one claim that says what the item says; the item's verdict is that of this
        claim, through everything that it uses. An item without one is open.
    differs : in which ways the top statement differs from the printed sentence, in words.
    parts : what the top statement leaves out, each with a verdict of its own.
    assumes : the cited facts on which it rests, beside those of its needs; the verdict is given them.
    """

    name: str
    title: str
    construction: str = OPEN
    claims: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    top: str = ""
    differs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    assumes: tuple[str, ...] = ()
