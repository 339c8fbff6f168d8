"""A second opinion on one obligation: what z3 was asked is asked of another solver, in SMT-LIB.

Everything that z3 was asked for a verdict goes to the second solver: whether premises can hold, whether a fact can
fail, for the claim and for its broken twin, and what inductions, divisors and branches needed besides. A question that
only one of the two settles changes no verdict and is reported. If one says ``sat`` and the other ``unsat``, one of them
is wrong, or a translation is, and the obligation has no verdict.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.terms import formula
from verify.obligations.parts import asked_about, kinds_of
from verify.provers.listening import Heard, listening
from verify.provers.outcome import Examination
from verify.provers.second import SecondSolver, Session, Status, asking

with loaded_when_used(__name__):
    from verify.obligations import obligation as registered
    from verify.provers import by_z3, to_smt

Side = Literal["claim", "twin"]
SIDES: tuple[Side, Side] = ("claim", "twin")
UNKNOWN = "unknown"


class SecondAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question that both solvers were asked.

    Parameters
    ----------
    digest : the first 16 digits of the SHA-256 of the question in SMT-LIB. side : ``claim`` or ``twin``.
    about : what is asked, in words. first : what z3 said (sat, unsat or unknown). second : what the other said.
    reason : why that is unknown, in words. seconds : what it took, in seconds.

    >>> answer = SecondAnswer(digest="0" * 16, side="claim", about="a fact", first="unsat", second="unknown")
    >>> answer.only, answer.disagrees
    ('first', False)
    """

    digest: str
    side: Side
    about: str
    first: Status
    second: Status
    reason: str = ""
    seconds: float = 0.0

    @property
    def disagrees(self) -> bool:
        """Whether one says sat and the other unsat."""
        return UNKNOWN not in (self.first, self.second) and self.first != self.second

    @property
    def only(self) -> str:
        """Which of the two alone settles the question: ``first``, ``second``, or nothing if both or neither does."""
        if self.first != UNKNOWN and self.second == UNKNOWN:
            return "first"
        return "second" if self.first == UNKNOWN and self.second != UNKNOWN else ""


class SecondOpinion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a second solver says of everything that z3 was asked about one obligation.

    Parameters
    ----------
    solver, version : which it is. seconds : the time for each question. answers : one for each question, in the order
        in which z3 was asked; none for an enumeration, of which no solver is asked.
    """

    solver: str
    version: str
    seconds: int
    answers: tuple[SecondAnswer, ...] = ()

    @property
    def settled(self) -> int:
        """How many questions the second solver settles."""
        return sum(answer.second != UNKNOWN for answer in self.answers)

    @property
    def disagreements(self) -> tuple[SecondAnswer, ...]:
        """The questions about which the two disagree."""
        return tuple(answer for answer in self.answers if answer.disagrees)


def digest_of(text: str) -> str:
    """The name of a question: the beginning of the digest of its text in SMT-LIB.

    >>> len(digest_of("(check-sat)"))
    16
    """
    return sha256_of(text.encode("ascii"))[:16]


Examine = Callable[["registered.Obligation", Any, int], Examination]


class Listener:
    """Examines claims as it is told to, and keeps what z3 was asked of each side."""

    def __init__(self, examine: Examine) -> None:
        self.examine = examine
        self.heard: list[list[Heard]] = []

    def __call__(self, obligation: "registered.Obligation", of: Any, seconds: int) -> Examination:
        """Examine a claim about a subject: the claim's own the first time, its twin's the second."""
        with listening() as heard:
            self.heard.append(heard)
            return self.examine(obligation, of, seconds)


def opinion_on(
    obligation: "registered.Obligation", heard: Sequence[Sequence[Heard]], solver: SecondSolver
) -> SecondOpinion:
    """Ask a second solver everything that z3 was asked.

    Parameters
    ----------
    obligation : what was examined. heard : the questions about the claim and, if there is one, about its twin. solver :
        who is asked.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = registered.Obligation(
    ...     id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> listener = Listener(by_z3.discharge)
    >>> _ = [listener(square, of, 1) for of in (square.of, square.twin)]
    >>> always_no = SecondSolver(name="no", version="1", command=("sh", "-c", "echo unsat"), serves=False, seconds=9)
    >>> opinion = opinion_on(square, listener.heard, always_no)
    >>> [(each.side, each.about, each.first, each.second) for each in opinion.answers]
    [('claim', 'square', 'unsat', 'unsat'), ('twin', 'square', 'sat', 'unsat')]
    >>> with asking(always_no) as session:
    ...     answer_to(listener.heard[1][-1], "twin", about(square, square.twin), session).disagrees
    True
    """
    answers: list[SecondAnswer] = []
    with asking(solver) as session:
        for side, questions in zip(SIDES, heard, strict=False):
            if questions:
                words = about(obligation, obligation.of if side == "claim" else obligation.twin)
                answers += [answer_to(one, side, words, session) for one in questions]
    return SecondOpinion(solver=solver.name, version=solver.version, seconds=solver.seconds, answers=tuple(answers))


def answer_to(heard: Heard, side: Side, words: dict[Any, str], session: Session) -> SecondAnswer:
    """Ask the second solver one question.

    Parameters
    ----------
    heard : the question, with what z3 said. side : whose it is. words : what questions are about. session : the solver.
    """
    text, began = to_smt.script(heard.question), time.perf_counter()
    second, reason = session.ask(text)
    return SecondAnswer(
        digest=digest_of(text),
        side=side,
        about=words.get(formula(heard.question), "a further question"),
        first=heard.status if heard.status in ("sat", "unsat") else "unknown",  # type: ignore[arg-type]
        second=second,
        reason=reason,
        seconds=round(time.perf_counter() - began, 3),
    )


def about(obligation: "registered.Obligation", of: Any) -> dict[Any, str]:
    """What the questions that the claim of an obligation states about the subject ``of`` builds ask, in words; by the
    question.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = registered.Obligation(
    ...     id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> about(square, square.of)
    {not (x*x >= 0): 'square'}
    """
    try:
        return {formula(question): words for words, question in declared(obligation, of)}
    except ConstructionError:  # what builds a subject may refuse another time; the examination has said so
        return {}


def declared(obligation: "registered.Obligation", of: Any) -> list[tuple[str, Formula]]:
    """The questions that a claim states by itself, whatever the answers are: for each fact whether what it presupposes
    can hold, and whether it can fail; each question once.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> gate = paper_obligations()["lemma10.not"]
    >>> [words for words, _ in declared(gate, gate.of)][:2]
    ['the premises of the bit is right', 'the bit is right']
    """
    if obligation.kind not in ("solver", "induction"):
        return []
    found: dict[Any, tuple[str, Formula]] = {}
    for fact in by_z3.build(obligation, of).facts:
        questions = [(f"the premises of {part.label}", part.given) for part in kinds_of(fact) if part.given is not True]
        questions += [(part.label, every(part.given, negation(part.conclusion))) for part in asked_about(fact)]
        for words, question in questions:
            found.setdefault(formula(question), (words, question))
    return list(found.values())
