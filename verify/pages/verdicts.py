"""How a verdict looks: a sign and a word, so that nothing is said by colour alone."""

from verify.pages.markup import Markup, element

SIGNS = {
    "PROVED": "✔",
    "CHECKED": "◐",
    "REFUTED": "✖",
    "UNKNOWN": "?",
    "VACUOUS": "∅",
    "ERROR": "!",
    "open": "○",
}


def head_of(verdict: str) -> str:
    """The first word of a verdict, as signs and colours go by it.

    >>> [head_of(each) for each in ("PROVED given {markov}", "open: no top statement yet", "-")]
    ['PROVED', 'open', 'open']
    """
    word = verdict.partition(" ")[0].rstrip(":")
    return word if word in SIGNS else "open"


def badge(verdict: str, *, good: bool = True, seen: bool = True) -> Markup:
    """A verdict with its sign; ``good`` if it is the one to be expected, as REFUTED may be; ``seen`` if each fact was
    seen to fail under some change, for else the verdict is not green.

    >>> badge("PROVED")
    Markup('<span class="v PROVED">✔ PROVED</span>')
    """
    kind = head_of(verdict)
    shown = "expected" if kind == "REFUTED" and good else "" if seen else "unseen"
    return element("span", f"{SIGNS[kind]} {verdict}", class_=f"v {kind} {shown}".rstrip())
