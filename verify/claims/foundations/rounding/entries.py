"""Equation (3): which multiples of rho are valid roundings, and what follows for every gradient entry."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some, within
from constructions.foundations.rounding import clip, is_valid
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Rule = Callable[[Number, Number, Number], Formula]


def loose(multiple: Number, value: Number, rho: Number) -> Formula:
    """A wrong rule (the twins'): anything within rho."""
    return within(rho * multiple - value, rho)


def _rule(rule: Rule) -> Callable[[Case], Rule]:
    return lambda case: rule


def _cell(case: Case) -> tuple[Number, Number, Number]:
    """rho > 0 and a value q rho + r with 0 <= r < rho: every real is one."""
    rho, q, rest = case.real("rho"), case.integer("q"), case.real("r")
    case.assume(rho > 0, rest >= 0, rest < rho)
    return rho, q, rest


@obligation("rounding.valid", paper="Equation (3)", of=_rule(is_valid), twin=_rule(loose))
def valid_multiples_are_the_neighbours(rule: Rule, case: Case) -> None:
    """Every real number is q rho + r for an integer q and 0 <= r < rho. Its valid roundings in the sense of equation
    (3) are q rho, exactly if r <= 3 rho/4, and (q + 1) rho, exactly if r >= rho/4; no other multiple of rho is one."""
    rho, q, rest = _cell(case)
    j = case.integer("j")
    down, up = every(j == q, rest <= 3 * rho / 4), every(j == q + 1, rest >= rho / 4)
    case.show("a valid multiple is one of the two", implies(rule(j, q * rho + rest, rho), some(down, up)))
    case.show("each of the two is valid", implies(some(down, up), rule(j, q * rho + rest, rho)))


@obligation("rounding.zero", paper="Equation (3)", of=_rule(is_valid), twin=_rule(loose))
def zero_rounds_only_to_zero(rule: Rule, case: Case) -> None:
    """For every precision rho, the only valid rounding of a gradient entry that is 0 is 0."""
    rho, k = case.real("rho"), case.integer("k")
    case.assume(rho > 0, rule(k, Fraction(0), rho))
    case.show("the multiple is 0", k == 0)


@obligation("rounding.close", paper="Equation (3)", of=_rule(is_valid), twin=_rule(loose), erratum="S4")
def two_roundings_differ_by_at_most_rho(rule: Rule, case: Case) -> None:
    """For every precision rho, two valid roundings of one number differ by at most rho (the paper uses the weaker bound
    3 rho / 2)."""
    rho, value, j, k = case.real("rho"), case.real("v"), case.integer("j"), case.integer("k")
    case.assume(rho > 0, rule(j, value, rho), rule(k, value, rho))
    case.show("at most rho apart", within(rho * j - rho * k, rho))


@obligation(
    "rounding.exists",
    paper="Equation (3)",
    of=_rule(is_valid),
    twin=_rule(lambda j, v, rho: within(rho * j - v, rho / 4)),
)
def a_valid_rounding_exists(rule: Rule, case: Case) -> None:
    """For every precision rho, every real number has a valid rounding in the sense of equation (3)."""
    rho, q, rest = _cell(case)
    value = q * rho + rest
    case.show("its lower or its upper neighbour", some(rule(q, value, rho), rule(q + 1, value, rho)))


def _bounded(rule: Rule, value: Number, q: Number, rho: Number) -> Formula:
    return some(*(every(rule(j, value, rho), within(rho * j, Fraction(1))) for j in (q, q + 1)))


def rounding_within_one(rule: Rule, case: Case) -> None:
    """For every precision rho <= 1, every value in [-1, 1] has a valid rounding in [-1, 1], as the definition before
    equation (3) asks."""
    rho, q, rest = _cell(case)
    case.assume(rho <= 1, within(q * rho + rest, Fraction(1)))
    case.show("one within [-1, 1]", _bounded(rule, q * rho + rest, q, rho))


obligation("rounding.bounded.printed", paper="Section 2", of=_rule(is_valid), expect=Verdict.REFUTED, erratum="E01")(
    rounding_within_one
)


@obligation(
    "rounding.bounded.repaired",
    paper="Section 2",
    of=_rule(is_valid),
    erratum="E01",
    twin=_rule(lambda j, v, rho: within(rho * j - v, rho / 4)),
)
def rounding_within_one_for_whole_inverse(rule: Rule, case: Case) -> None:
    """For every precision rho such that 1/rho is a whole number, every value in [-1, 1] has a valid rounding in [-1,
    1]."""
    rho, q, part, n = case.real("rho"), case.integer("q"), case.real("s"), case.integer("N")
    value = rho * (q + part)
    case.assume(n >= 1, rho * n == 1, part >= 0, part < 1, within(value, Fraction(1)))
    case.lemma("rho is positive", rho > 0)
    case.lemma("in units of rho the value is within N", within(q + part, n))
    for j, name in ((q, "lower"), (q + 1, "upper")):
        case.lemma(
            f"the {name} neighbour is within 1 if it is within N", implies(within(j, n), within(rho * j, Fraction(1)))
        )
    near = every(
        implies(part <= Fraction(3, 4), rule(q, value, rho)), implies(part >= Fraction(1, 4), rule(q + 1, value, rho))
    )
    case.lemma("the nearer neighbours are valid", near)
    case.show("one within [-1, 1]", _bounded(rule, value, q, rho))


@obligation("rounding.bounded.sharp", paper="Section 2", of=_rule(is_valid), twin=_rule(loose), erratum="E01")
def rounding_of_one_within_one(rule: Rule, case: Case) -> None:
    """For every precision rho <= 1, the number 1 has a valid rounding in [-1, 1] exactly if the fractional part of
    1/rho is at most 3/4."""
    rho, n, part = case.real("rho"), case.integer("N"), case.real("f")
    case.assume(rho > 0, n >= 1, part >= 0, part < 1, rho * (n + part) == 1)
    exists = _bounded(rule, Fraction(1), n, rho)
    case.show("if", implies(part <= Fraction(3, 4), exists))
    case.show("only if", implies(exists, part <= Fraction(3, 4)))


def _tie(up: bool, valid: Callable[[Number], Formula]) -> Callable[[Case], object]:
    return lambda case: (up, valid)


def two_readings_agree(subject: tuple[bool, Callable[[Number], Formula]], case: Case) -> None:
    """For every precision rho <= 1 and every value v in [-1, 1] that is considered, each valid rounding of v is reached
    as follows: some number within rho/4 of v is rounded to it by rounding to the nearest multiple of rho, with one
    fixed rule for ties. (As printed every value is considered; the repair leaves out those that are exactly rho/4 or 3
    rho/4 above a multiple of rho.)"""
    tie_up, inside = subject
    rho, q, rest = _cell(case)
    k = case.integer("k")
    case.assume(rho <= 1, within(q * rho + rest, Fraction(1)), inside(rest / rho), is_valid(k, q * rho + rest, rho))
    away = q * rho + rest - rho * k  # how far the value is above the multiple; it can be brought nearer by rho/4
    reach_below = away - rho / 4 < rho / 2 if tie_up else away - rho / 4 <= rho / 2
    reach_above = away + rho / 4 >= -rho / 2 if tie_up else away + rho / 4 > -rho / 2
    case.show("some number within rho/4 is rounded there", every(reach_below, reach_above))


def _anywhere(part: Number) -> Formula:
    return True


def _off_the_ends(part: Number) -> Formula:
    return every(part != Fraction(1, 4), part != Fraction(3, 4))


def _off_quarter(part: Number) -> Formula:
    return part != Fraction(1, 4)


def _off_three_quarters(part: Number) -> Formula:
    return part != Fraction(3, 4)


for _up in (True, False):
    _name = "up" if _up else "down"
    obligation(
        f"rounding.readings.printed.{_name}",
        paper="Section 2",
        of=_tie(_up, _anywhere),
        expect=Verdict.REFUTED,
        erratum="E35",
    )(two_readings_agree)
    obligation(
        f"rounding.readings.repaired.{_name}",
        paper="Section 2",
        of=_tie(_up, _off_the_ends),
        erratum="E35",
        twin=_tie(_up, _off_quarter if _up else _off_three_quarters),
    )(two_readings_agree)


def clipped_above(value: Number) -> Number:
    """Clipping that forgets the lower end (the twin's)."""
    return select(value > 1, Fraction(1), value)


@obligation("rounding.clip", paper="Section 2", of=lambda case: clip, twin=lambda case: clipped_above)
def clipping_is_the_nearest_point_of_the_interval(clipping: Callable[[Number], Number], case: Case) -> None:
    """Clipping sends each real number to the nearest one in [-1, 1]: a number in [-1, 1] to itself, one above to 1, and
    one below to -1."""
    v = case.real("v")
    case.show("within", within(clipping(v), Fraction(1)))
    case.show("the identity inside", implies(within(v, Fraction(1)), clipping(v) == v))
    case.show("1 above", implies(v > 1, clipping(v) == 1))
    case.show("-1 below", implies(v < -1, clipping(v) == -1))
