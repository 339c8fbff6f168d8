"""Identities: two expressions in the variables of a claim are equal as rational functions over Q.

An identity is proved only by a numerator that is the zero polynomial, never by ``simplify``. A numerator that is not
zero gives a rational point at which the two sides differ, replayed by the exact evaluator. Where graphs are walked on
named pieces, there must be a point at which all vertices are on them, else the identity is about nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from msgspec.structs import replace

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.functions import Function
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import Formula, every
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rendering import render
from constructions.foundations.symbols import from_sympy, symbol, to_sympy
from constructions.foundations.terms import RealTerm, Term, TruthTerm, number
from constructions.foundations.traversal import nodes
from verify.obligations.obligation import Obligation
from verify.obligations.parts import LABEL, State
from verify.obligations.use import Usable, Used
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.asking import Asking, SolverAnswer, words
from verify.provers.listening import hand_over
from verify.provers.outcome import SECONDS, Examination, FactFinding, departure_in
from verify.provers.stated_case import StatedCase
from verify.provers.stating import state
from verify.replay.witness import ReplayCase, replay_of

with loaded_when_used(__name__):
    import sympy

RATIONAL = frozenset({"+", "-", "*", "/", "neg", "constant", "variable"})
"""The operations of rational functions."""


@dataclass(frozen=True)
class Identity:
    """Two sides, ``left`` and ``right``, that are to be equal; ``label`` is the fact."""

    label: str
    left: RealTerm
    right: RealTerm

    @cached_property
    def difference(self) -> "sympy.Expr":
        """The difference of the sides in sympy, made when it is asked for: the first that fails settles a twin."""
        return to_sympy(self.left) - to_sympy(self.right)


class IdentityCase(StatedCase):
    """A case whose facts are identities; graphs are walked on the pieces that the claim names."""

    def __init__(self, known: Mapping[str, Usable] | None = None, user: str = "") -> None:
        super().__init__(known, user)
        self.identities: list[Identity] = []

    def integer(self, name: str) -> Number:
        """An identity holds for all reals."""
        return self.real(name)

    def assume(self, *premises: Formula, label: str | None = None) -> None:
        """An identity holds for all values; a claim that presupposes something belongs to the solver."""
        raise ConstructionError("need an identity without premises, got a premise")

    def use(self, id: str, /, *facts: str, **given: Any) -> Used:
        """An identity stands by itself: sympy decides it without any lemma."""
        raise ConstructionError(f"need an identity that stands by itself, got the use of {id!r}")

    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        """An identity goes through ``equal``."""
        raise ConstructionError(f"need an identity stated with equal(), got {conclusion!r}, at {label!r}")

    def equal(self, label: str, left: Any, right: Any) -> None:
        """State an identity."""
        left, right = number(left, where=repr(label)), number(right, where=repr(label))
        found, parts = Identity(label, left, right), list(nodes(left, right))
        for part in parts:
            if part.op == "/" and _is_zero(part.args[1]):
                raise ConstructionError(
                    f"need divisors that are not zero everywhere, got {render(part, LABEL)}, at {label!r}"
                )
        if not all(part.op in RATIONAL for part in parts):
            _ = found.difference  # refuses them
        self.identities.append(found)

    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """sympy's derivative with respect to a weight, which must be a variable."""
        weight = fragment.weight(*edge)
        if not (isinstance(weight, RealTerm) and weight.op == "variable"):
            raise ConstructionError(f"need a variable as the weight, got {weight}, at edge {edge!r}")
        return from_sympy(sympy.diff(to_sympy(of(fragment)), symbol(weight.data[0])), self.variables)

    def bit(self, name: str) -> Formula:
        """A truth value is no variable of an identity."""
        raise ConstructionError(f"need an obligation of the solver for truth values, got an identity, at {name!r}")

    def _function(self, function: Function) -> Callable[..., Any]:
        raise ConstructionError(
            f"need an obligation of the solver for a function, got an identity, at {function.name!r}"
        )

    def _word(self, function: Function) -> Callable[..., Any]:
        return self._function(function)

    def principle(self, name: str, /, **given: Any) -> Used:
        """An identity stands by itself."""
        raise ConstructionError(f"need an identity that stands by itself, got the principle {name!r}")

    def _moment(self, label: str, state: State) -> State:
        """An induction is refused by :meth:`show`."""
        raise ConstructionError(f"need an obligation of the solver for an induction, got an identity, at {label!r}")

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        raise ConstructionError("need an obligation of the solver for a circuit, got an identity")

    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        """An induction is refused by :meth:`show`."""

    def run(
        self,
        fragment: Fragment,
        inputs: Mapping[str, Number],
        *,
        label: str,
        outside: Mapping[str, Number] | None = None,
        expect: Mapping[str, Piece] | None = None,
        on: Mapping[str, Piece] | None = None,
        given: Formula = True,
    ) -> Any:
        """Walk on the named pieces; that the vertices are on them is an obligation of the solver."""
        _refuse_facts(label, expect=expect is not None, given=given is not True)
        return super().run(fragment, inputs, label=label, outside=outside, on=on)

    def gradient(
        self,
        run: Any,
        seeds: Mapping[str, Number],
        *,
        label: str,
        on: Mapping[str, Piece] | None = None,
        given: Formula = True,
    ) -> Any:
        """Walk back on the named pieces."""
        _refuse_facts(label, expect=False, given=given is not True)
        return self._walk_back(run, seeds, dict(on or {}), label)


def _refuse_facts(label: str, *, expect: bool, given: bool) -> None:
    """Refuse what would make facts of a walk, or presuppose something: that belongs to the solver."""
    names = [name for name, used in (("expect", expect), ("given", given)) if used]
    if names:
        need = f"need {' and '.join(names)} in an obligation of the solver"
        raise ConstructionError(f"{need}, got it in an identity, at {label!r}")


def _is_zero(divisor: Term) -> bool:
    """Whether a divisor is zero everywhere."""
    if divisor.op == "constant":
        return bool(divisor.data == 0)
    return bool(numerator(to_sympy(divisor)).is_zero)


def numerator(difference: "sympy.Expr") -> "sympy.Poly":
    """The numerator of a rational function as a polynomial over Q.

    >>> x = sympy.Symbol("x")
    >>> numerator(1 / x - (1 - x) / x - 1)  # the zero polynomial: the sides are equal
    Poly(0, _, domain='QQ')
    """
    top, _ = sympy.fraction(sympy.together(difference))
    symbols = sorted(top.free_symbols, key=str)
    return sympy.Poly(top, *(symbols or [sympy.Symbol("_")]), domain="QQ")


def build(obligation: Obligation, of: Any) -> IdentityCase:
    """State the identities of an obligation's claim about the subject ``of`` builds.

    Raises
    ------
    ConstructionError
        If it states none.
    """
    case = IdentityCase(obligation.known, obligation.id)
    state(obligation, of, case)
    if not case.identities:
        raise ConstructionError(f"need at least one identity, got none, at obligation {obligation.id}")
    return case


def discharge(obligation: Obligation, of: Any, seconds: int = SECONDS) -> Examination:
    """Prove each identity, or refute one with a rational point.

    Parameters
    ----------
    obligation : its claim states the identities. of : builds the subject. seconds : for each question to the solver.

    Raises
    ------
    ConstructionError for a claim that states something else than identities. DisagreementError if the replay of a
    proved or refuted identity says otherwise.

    >>> def is_expanded(two, case):
    ...     "The square of x + 1 is x^2 + 2 x + 1."
    ...     x = case.real("x")
    ...     case.equal("expanded", (x + 1) ** 2, x**2 + two * x + 1)
    >>> square = Obligation(
    ...     id="square", paper="mine", claim=is_expanded, of=lambda case: 2, twin=lambda case: 3, kind="identity")
    >>> build(square, square.of).identities
    [Identity(label='expanded', left=(x + 1)*(x + 1), right=x*x + 2*x + 1)]
    >>> discharge(square, square.of).verdict.name, discharge(square, square.twin).counterexample
    ('PROVED', {'x': Fraction(1, 5)})
    """
    case = build(obligation, of)
    hand_over(case)
    facts: list[FactFinding] = []
    for identity in case.identities:
        if numerator(identity.difference).is_zero:
            facts.append(FactFinding(identity.label, Verdict.PROVED))
            continue
        answer, seen = _counterexample(identity, case, obligation, of, seconds)
        if answer.status == "sat" and seen is not None:
            return Examination(
                verdict=Verdict.REFUTED,
                facts=(*facts, FactFinding(identity.label, Verdict.REFUTED)),
                counterexample=answer.values,
                failing=tuple(seen.failing()),
                leaves=departure_in(seen),
            )
        reason = f"no identity, and no point was found at which it fails: {answer.reason or 'there is none'}"
        facts.append(FactFinding(identity.label, Verdict.UNKNOWN, answer.effort, reason))
    _spot_check(obligation, of, case)
    return _on_its_pieces(tuple(facts), case, obligation, seconds)


def failing(obligation: Obligation, of: Any, wanted: Collection[str], seconds: int = SECONDS) -> Iterator[str]:
    """The labels of the ``wanted`` identities that fail about the subject that ``of`` builds, each at a point that was
    replayed; a question to the solver may take so many ``seconds``.

    >>> def is_expanded(two, case):
    ...     "The square of x + 1 is x^2 + 2 x + 1, and twice x is x + x."
    ...     x = case.real("x")
    ...     case.equal("expanded", (x + 1) ** 2, x**2 + two * x + 1)
    ...     case.equal("twice", two * x, x + x)
    >>> square = Obligation(
    ...     id="square", paper="mine", claim=is_expanded, of=lambda case: 2, twin=lambda case: 3, kind="identity")
    >>> list(failing(square, square.twin, ["expanded", "twice"]))
    ['expanded', 'twice']
    """
    case, found = build(obligation, of), set[str]()
    for identity in case.identities:
        asked = identity.label in wanted and identity.label not in found
        if asked and not numerator(identity.difference).is_zero:
            _, seen = _counterexample(identity, case, obligation, of, seconds)
            fresh = [] if seen is None else [label for label in seen.failing() if label not in found]
            found.update(fresh)
            yield from (label for label in fresh if label in wanted)


def _on_its_pieces(
    facts: tuple[FactFinding, ...], case: IdentityCase, obligation: Obligation, seconds: int
) -> Examination:
    """What was proved, if all vertices can be on their pieces at once."""
    pieces = {premise.formula: premise.label for premise in case.premises if isinstance(premise.formula, TruthTerm)}
    impossible = [premise.label for premise in case.premises if premise.formula is False]
    found = Examination(verdict=min(fact.verdict for fact in facts), facts=facts)
    if impossible:
        return _all_facts_are(Verdict.VACUOUS, facts, f"this cannot hold: {'; '.join(impossible)}")
    if not pieces:
        return found
    asking = Asking.of(case.variables, obligation, seconds)
    answer = asking.ask(every(*pieces))
    if answer.status == "unsat":
        parts = list(pieces)
        together = "; ".join(pieces[parts[i]] for i in asking.core(parts))
        return _all_facts_are(Verdict.VACUOUS, facts, f"these cannot hold together: {together}")
    if answer.status == "unknown":
        reason = f"whether the vertices can be on their pieces: {answer.reason}"
        return _all_facts_are(Verdict.UNKNOWN, facts, reason)
    return replace(found, witness=answer.values)


def _all_facts_are(verdict: Verdict, facts: tuple[FactFinding, ...], reason: str) -> Examination:
    """The same verdict for every fact, and the same reason."""
    return Examination(verdict=verdict, facts=tuple(FactFinding(fact.label, verdict, 0, reason) for fact in facts))


def _spot_check(obligation: Obligation, of: Any, case: IdentityCase) -> None:
    """Replay proved identities at a few points; a translation that says something else is caught there."""
    stated = {identity.label for identity in case.identities}
    for value in (Fraction(0), Fraction(1), Fraction(-2, 3)):
        point = dict.fromkeys(case.variables, value)
        try:
            seen = replay_of(obligation, of, point).failing()
        except (ArithmeticError, ConstructionError):
            continue
        failing = [label for label in seen if label in stated]
        if failing:
            raise DisagreementError(
                f"{obligation.id}: sympy proves '{failing[0]}', the replay with all variables {value} does not"
            )


def _counterexample(
    identity: Identity, case: IdentityCase, obligation: Obligation, of: Any, seconds: int
) -> tuple[SolverAnswer, ReplayCase | None]:
    """A rational point where the sides differ, the subject can be built and every walk is on its pieces, with the claim
    replayed there; or what the solver says of it."""
    for point in _points(list(case.variables)):
        at = {symbol(name): sympy.Rational(v.numerator, v.denominator) for name, v in point.items()}
        value = sympy.sympify(identity.difference).subs(at)
        if value.is_Rational and value != 0:
            seen = _replayed_there(obligation, of, point)
            if seen is not None and identity.label in seen.failing():
                return SolverAnswer("sat", point, 0), seen
    pieces = [premise.formula for premise in case.premises]
    answer = Asking.of(case.variables, obligation, seconds).ask(every(*pieces, identity.left != identity.right))
    if answer.status != "sat":
        return answer, None
    seen = _replayed_there(obligation, of, answer.values)
    if seen is None or identity.label not in seen.failing():
        raise DisagreementError(
            f"{obligation.id}: '{identity.label}' is refuted at {words(answer.values)}, the replay does not"
        )
    return answer, seen


def _replayed_there(obligation: Obligation, of: Any, point: dict[str, Fraction]) -> ReplayCase | None:
    """The claim at a point; None where its subject cannot be built."""
    try:
        return replay_of(obligation, of, point)
    except (ArithmeticError, ConstructionError):
        return None


def _points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Points off the obvious poles, in which the values rise or fall in the order of the names."""
    for shift in product(range(4), repeat=min(len(names), 5)):
        for order in (names, names[::-1]):
            yield {
                name: Fraction(1, 5 + 2 * i) + Fraction(shift[i] if i < len(shift) else 0, 3)
                for i, name in enumerate(order)
            }
