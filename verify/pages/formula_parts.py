"""What formulas in plain text are made of: the tokens of a text, and the parts of a formula."""

import re
from dataclasses import dataclass

GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "lambda": "λ",
    "mu": "μ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "omega": "ω",
}
FUNCTIONS = frozenset({"log", "log2", "ln", "exp", "min", "max", "floor", "ceil", "sqrt", "frac", "clip", "sup", "mod"})
INDEXED = frozenset({"fm", "ft", "vc", "vr"})
"""Names of two letters, of which the second is an index."""
WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    am an as at be by do eg go he if id ie ii in io is it iv me my no of on or ox re so th to up us vi we md py
    """,
    )
)
LABELS = frozenset(
    re.findall(
        r"\w+",
        """
    algorithm algorithms appendix claim claims condition conditions corollary definition equation fact figure item
    lemma lemmas property section sections theorem theorems table version
    """,
    )
)
"""A number behind one of these words is a label."""
RELATIONS = {"<": "<", "<=": "≤", "=": "=", ">=": "≥", ">": ">", "->": "→", ":=": ":=", "!=": "≠", "=>": "⇒"}
TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?![\d.]*\.\w))|(?P<name>[A-Za-z]+\d*'*)|(?P<dots>\.\.\.)"
    r"|(?P<relation><=|>=|->|=>|:=|!=|[<>=])|(?P<sign>[-+*/^_|(),\[\]{}])|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
TIMES, APPLIED = "⁢", "⁡"
"""The product that is not written, and what stands between a function and its arguments."""
CLOSING = {"(": ")", "[": ")]", "{": "}", "|": "|"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text: its ``kind``, its ``text``, its ``start``, and whether it is ``spaced``: has a space before
    it."""

    kind: str
    text: str
    start: int
    spaced: bool

    @property
    def end(self) -> int:
        """Where it ends.

        >>> Token("number", "12", 3, False).end
        5
        """
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula or a part of one: its ``kind``, a ``text``, and the ``parts`` of which it is made.

    Kinds: number, name (text without index; the parts are an index and primes), operator, dots, row (parts side by
    side), group (text: the two brackets), fraction, power, root.
    """

    kind: str
    text: str = ""
    parts: tuple["Formula", ...] = ()

    @property
    def sure(self) -> bool:
        """Whether this has a sign that prose does not have.

        >>> Formula("power", "", (Formula("number", "2"), Formula("name", "k"))).sure, Formula("number", "2").sure
        (True, False)
        """
        interval = self.kind == "group" and self.text[0] == "[" and is_said(self)
        own = (
            interval
            or self.kind in ("fraction", "power", "root", "dots")
            or (self.kind == "name" and bool(self.parts or self.text in GREEK.values()))
        )
        signs = {part.text for part in self.parts if part.kind == "operator"}
        by_sign = bool(signs - {",", "-", "/", TIMES}) or ("-" in signs and has_name(self))
        numbered = TIMES in signs and self.parts[0].kind == "number" and self.parts[-1].kind == "name"
        numbered = numbered and (len(self.parts) > 3 or self.parts[-1].text not in "abcds")
        return own or by_sign or numbered or any(part.sure for part in self.parts)


def has_name(formula: Formula) -> bool:
    """Whether a name stands in a formula.

    >>> has_name(Formula("number", "2")), has_name(Formula("power", "", (Formula("number", "2"), Formula("name", "k"))))
    (False, True)
    """
    return formula.kind == "name" or any(map(has_name, formula.parts))


def is_said(formula: Formula) -> bool:
    """Whether a relation or a comma stands in a formula.

    >>> is_said(operator_of("<")), is_said(operator_of("-"))
    (True, False)
    """
    return formula.text in (",", *RELATIONS.values()) or any(map(is_said, formula.parts))


def has_sum(formula: Formula) -> bool:
    """Whether a plus or minus stands in a formula.

    >>> has_sum(operator_of("+")), has_sum(Formula("name", "x"))
    (True, False)
    """
    return formula.text in ("+", "-") or any(map(has_sum, formula.parts))


def side_by_side(parts: list[Formula]) -> Formula:
    """Some parts side by side; one alone is itself.

    >>> side_by_side([Formula("number", "2")]).kind, side_by_side([operator_of("-"), Formula("number", "2")]).kind
    ('number', 'row')
    """
    return parts[0] if len(parts) == 1 else Formula("row", "", tuple(parts))


def operator_of(text: str) -> Formula:
    """An operator with this text.

    >>> operator_of("-")
    Formula(kind='operator', text='-', parts=())
    """
    return Formula("operator", text)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, without its spaces.

    >>> [(each.kind, each.text) for each in tokens_of("v2' >= 2n")]
    [('name', "v2'"), ('relation', '>='), ('number', '2'), ('name', 'n')]
    """
    found, spaced = [], True
    for match in TOKEN.finditer(text):
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), match.start(), spaced))
        spaced = match.lastgroup == "space"
    return found
