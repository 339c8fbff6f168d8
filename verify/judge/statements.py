"""Statements: what a theorem says, its canonical text, and its key, which is the digest of this text.

The text lists every part of a statement once, parts before what is made of them, each with its sort, operation, data
and the numbers of its parts; then the facts, and the finite case if it is about one. Two statements have one key
exactly if they say the same.

>>> from fractions import Fraction
>>> from verify.judge.terms import Terms
>>> table = Terms()
>>> x = table.variable("x", "real")
>>> square = table.make(">=", None, (table.make("*", None, (x, x)), table.make("constant", Fraction(0))))
>>> said = Statement((("square", table.make("true"), square),), "")
>>> print(said.text.removesuffix("finite: "))
0: TruthTerm true None []
1: RealTerm variable ('x', 'real') []
2: RealTerm * None [1, 1]
3: RealTerm constant Fraction(0, 1) []
4: TruthTerm >= None [2, 3]
fact 'square': 0 => 4
<BLANKLINE>
>>> said.words()
['for all real x:', '  square: x * x >= 0']
"""

from dataclasses import dataclass
from functools import cached_property

from verify.judge.reading import digest
from verify.judge.terms import MEANT, REACHED, REAL, TRUTH, Node, infix, inside, names_in

SHOWN = 400
"""So much of a formula is printed for people."""
CLASSES = {REAL: "RealTerm", TRUTH: "TruthTerm", "word": "WordTerm"}


@dataclass(frozen=True)
class Statement:
    """What a theorem says: under its premises each fact holds, for all values of all variables.

    Parameters
    ----------
    facts : labels, with what each fact presupposes and what it says. finite : the finite case about which it is, in
        words; empty if it is about all values. runs : what the predicates mean that say what is reached, by digests.
    """

    facts: tuple[tuple[str, Node, Node], ...]
    finite: str
    runs: tuple[tuple[str, str], ...] = ()

    @property
    def terms(self) -> list[Node]:
        """All terms, in the order of the text."""
        return [part for _, under, said in self.facts for part in (under, said)]

    @cached_property
    def text(self) -> str:
        """The canonical text."""
        places: dict[int, int] = {}
        lines: list[str] = []
        for part in inside(*self.terms):
            places[id(part)] = len(lines)
            numbers = [places[id(argument)] for argument in part.args]
            lines.append(f"{len(lines)}: {CLASSES[part.sort]} {part.op} {part.data!r} {numbers}")
        lines += [f"fact {label!r}: {places[id(under)]} => {places[id(said)]}" for label, under, said in self.facts]
        lines += [f"run {name!r}: {meaning}" for name, meaning in self.runs]
        return "\n".join((*lines, f"finite: {self.finite}"))

    @cached_property
    def key(self) -> str:
        """The SHA-256 of the text."""
        return digest(self.text.encode("utf-8", "surrogatepass"))

    def words(self) -> list[str]:
        """The statement for people."""
        free = [f"{part.data[1]} {ascii(name)[1:-1]}" for name, part in names_in(self.terms).items()]
        functions = dict.fromkeys(part.data[0] for part in inside(*self.terms) if part.op == "apply")
        free += [f"function {ascii(name)[1:-1]}" for name in functions if not name.startswith((MEANT, REACHED))]
        lines = [f"for all {', '.join(free)}:"] if free else []
        for label, under, said in self.facts:
            premise = "" if under.op == "true" else f"if {infix(under, SHOWN)}: "
            lines.append(f"  {ascii(label)[1:-1]}: {premise}{infix(said, SHOWN)}")
        return lines + ([f"in the finite case: {ascii(self.finite)[1:300]}"] if self.finite else [])
