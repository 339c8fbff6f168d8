"""A theorem: what was proved, by which rule and solver, from what, and on what its truth still depends.

Theorems are made by the rules of a store (:mod:`verify.store.rules`) and by nothing else. Python cannot keep anybody
from building an object by hand; so a store does not believe an object, but looks it up under the key of its statement
and compares all of it with what was written there.
"""

from dataclasses import InitVar, dataclass, fields
from fractions import Fraction
from typing import Any, NoReturn

from constructions.errors import ConstructionError
from verify.obligations.verdict import Verdict
from verify.store.content import Statement

RULES = ("solver", "identity", "enumeration", "induction", "instance", "principle")
"""All rules there are."""


class ForgedError(ConstructionError):
    """An object that looks like a theorem and is none of this store."""


@dataclass(frozen=True, slots=True)
class Taint:
    """What the truth of a theorem depends on besides its proof: its own, and that of everything it used.

    Parameters
    ----------
    principles : names of principles. finite : theorems that cover a finite case only. open : obligations on which
        it rests and that are not proved. prose : obligations on which it rests in words alone.
    """

    principles: frozenset[str] = frozenset()
    finite: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    prose: frozenset[str] = frozenset()

    def __or__(self, other: "Taint") -> "Taint":
        """Both together.

        >>> sorted((Taint(open=frozenset("a")) | Taint(open=frozenset("b"))).open)
        ['a', 'b']
        """
        return Taint(*(getattr(self, field.name) | getattr(other, field.name) for field in fields(self)))

    @property
    def verdict(self) -> Verdict:
        """What the theorem is worth at most."""
        return Verdict.UNKNOWN if self.open else Verdict.CHECKED if self.finite else Verdict.PROVED


@dataclass(frozen=True, slots=True)
class StoredUse:
    """The use of another theorem: its key, its id, and the instance: what was given for its variables."""

    key: str
    id: str
    instance: tuple[tuple[str, str], ...] = ()


class _Seal:
    """What a rule has and nobody else: without it no theorem is built in the ordinary way."""


SEAL = _Seal()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTheorem:
    """A statement that a rule has proved.

    Parameters
    ----------
    id : the obligation or principle. statement : what it says. rule : one of :data:`RULES`. prover : the solver with
        its version, or what else decided. steps : what it used. taint : on what it depends, through everything it used.
    point : values at which its premises hold. seal : what a rule has and nobody else.

    Raises
    ------
    ForgedError
        For one that is made without the seal.
    ConstructionError
        For a rule that is none, and if nobody decided.
    """

    id: str
    statement: Statement
    rule: str
    prover: str
    steps: tuple[StoredUse, ...]
    taint: Taint
    point: tuple[tuple[str, Fraction], ...]
    seal: InitVar[_Seal]

    def __post_init__(self, seal: _Seal) -> None:
        if seal is not SEAL:
            raise ForgedError(f"need a theorem that a rule makes, got one made by hand, at {self.id!r}")
        if self.rule not in RULES or not self.prover.strip():
            raise ConstructionError(
                f"need a rule and who decided, got {self.rule!r} and {self.prover!r}, at {self.id!r}"
            )

    @property
    def key(self) -> str:
        """The key of its statement."""
        return self.statement.digest

    @property
    def verdict(self) -> Verdict:
        """What it is worth: PROVED, CHECKED where something of it covers a finite case, UNKNOWN where it is open."""
        return self.taint.verdict

    @property
    def record(self) -> str:
        """All that is written of it, as text.

        >>> from verify.store.rules import Store
        >>> record = Store().principle("markov").record
        >>> record[:20], record.endswith("['markov'], [], [], []]")
        ("['principle markov',", True)
        """
        parts: list[Any] = [self.id, self.key, self.rule, self.prover, self.steps, self.point]
        parts += [sorted(getattr(self.taint, field.name)) for field in fields(self.taint)]
        return repr(parts)

    def __reduce__(self) -> NoReturn:
        raise ForgedError(
            f"need a theorem proved where it is used, got one on its way to or from a file, at {self.id!r}"
        )

    def __copy__(self) -> "StoredTheorem":
        return self

    def __deepcopy__(self, memo: object) -> "StoredTheorem":
        return self
