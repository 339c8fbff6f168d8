"""Attacks by networks that are compiled as nobody should: other numbers in Q and Q', another decoder, a machine that is
none.

Such a network fits in all its parts, since everything follows from the number that is wrong: no change to a finished
network finds it.

Each is a function of ``source``, which draws at random from a seed, and ``base``, whose plan it changes. It returns
another plan and in words what is different, or None if there is nothing to change.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.networks.decoder import Decoder
from constructions.networks.emulation import Plan
from constructions.networks.queries import Setting
from verify.attacks.bases import Base
from verify.attacks.mutants import replans
from verify.attacks.queries import above_one, above_two, of_fractions

Found = tuple[Plan, str] | None
LOOSE = Fraction(2)
"""As a tolerance it refuses nothing, so that what is certified is what the certifier says."""


class ChangedDecoder(Decoder):
    """A decoder of which some numbers are ``changed``, by name: these are set or moved, and the rest is as it was."""

    changed: Mapping[str, int]

    @property
    def digits(self) -> int:
        """How many digits, unless changed."""
        return self.changed.get("digits", super().digits)

    @property
    def multiplier(self) -> int:
        """The multiplier, moved by what is changed, and at least 0."""
        return max(0, super().multiplier + self.changed.get("multiplier", 0))

    @property
    def add(self) -> int:
        """The number that is added, moved by what is changed."""
        return super().add + self.changed.get("add", 0)

    @property
    def shift(self) -> int:
        """The shift, moved by what is changed, and at least 0."""
        return max(0, super().shift + self.changed.get("shift", 0))


def _plan(
    plan: Plan, *, machine: QueryMachine | None = None, setting: Setting | None = None, rho: Fraction | None = None
) -> Plan | None:
    """The plan for another machine, setting or rho, with a tolerance that lets everything through."""
    try:
        return replace(
            plan,
            tolerance=LOOSE,
            machine=plan.machine if machine is None else machine,
            setting=plan.setting if setting is None else setting,
            rho=plan.rho if rho is None else rho,
        )
    except ConstructionError:
        return None


def _decoded(plan: Plan | None, changed: Mapping[str, int], *, binary: bool | None = None) -> Plan | None:
    """The plan with a decoder whose numbers are changed by as much, or that asks for digits where it should not."""
    if plan is None:
        return None
    old = plan.decoder
    decoder = ChangedDecoder(
        setting=old.setting,
        rho=old.rho,
        signed=old.signed,
        binary=old.binary if binary is None else binary,
        answer_fraction=old.answer_fraction,
        centred=old.centred,
    )
    object.__setattr__(decoder, "changed", changed)
    object.__setattr__(plan, "decoder", decoder)
    return plan


@replans("compiled with another setting")
def setting(source: Random, base: Base) -> Found:
    """Another gain, offset, resting weight, rate, share or weights of vc; the share follows the gain and the resting
    weight, as a rule."""
    old, factor = (
        base.plan.setting,
        Fraction(source.choice((1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 24)), source.choice((1, 2, 3, 4, 8, 16))),
    )
    name, value = (
        source.choice(("gain", "offset", "resting", "rate", "control", "rho_below", "gain_prime")),
        Fraction(0),
    )
    fields: dict[str, Any] = {"rho_below": Fraction(1, 2)}
    if name == "gain":
        value = old.gain * factor
        fields |= {"gain": value, "gain_prime": -value}
    elif name == "control":
        fields["control"] = tuple(Fraction(w) + Fraction(source.choice((-2, -1, 0, 1, 2)), 8) for w in old.control)
    elif name == "rate":
        fields["rate"] = value = Fraction(source.choice((1, 2, 3, 3, 4, 5)), 2)
    elif name != "rho_below":
        fields[name] = value = Fraction(str(getattr(old, name))) * factor
    made = replace(old, **fields)
    if source.random() < 0.9:
        made = replace(made, share=2 * made.resting * made.gain)
    rho = base.plan.rho * (
        source.choice((1, 1, 2, Fraction(3, 2), Fraction(4, 5))) if name != "rho_below" else source.choice((2, 3, 4))
    )
    plan = _plan(base.plan, setting=made, rho=rho)
    fine = plan is not None and _same(made, old) and rho == base.plan.rho
    return (plan, f"{name} {value} (factor {factor}), rho {rho}") if plan and not fine else None


def _same(one: Setting, other: Setting) -> bool:
    return replace(one, rho_below=other.rho_below) == other


@replans("compiled with another decoder")
def decoder(source: Random, base: Base) -> Found:
    """Another multiplier, rounding or shift, by a little; one digit less or more."""
    old = base.plan.decoder
    step = source.choice((1, -1, 2, -2, 4, -4, old.multiplier // 8, -(old.multiplier // 8)))
    name = source.choice(("multiplier", "add", "shift", "digits"))
    if name == "digits":
        changed = {"digits": max(1, old.digits + source.choice((-3, -2, -1, 1)))}
        if old.binary or changed["digits"] == old.digits:
            return None
    else:
        changed = {name: step if name != "shift" else source.choice((-1, 1))}
    plan = _decoded(_plan(base.plan), changed)
    numbers = ("digits", "multiplier", "add", "shift")
    fine = plan is None or all(getattr(plan.decoder, number) == getattr(old, number) for number in numbers)
    return (plan, f"decoder: {changed}") if plan and not fine else None


@replans("compiled for whole queries that are fractions")
def as_whole(source: Random, base: Base) -> Found:
    """One digit of weight 1 is asked of queries with values between 0 and 1."""
    given = base.machine
    made: tuple[QueryMachine, str] | None = (
        (given, "as they are") if given.query_fraction else of_fractions(source, given)
    )
    if not made:
        return None
    plan = _plan(base.plan, machine=made[0])
    plan = _decoded(plan, {}, binary=True) if plan and not plan.decoder.binary else None
    return (plan, f"one digit of weight 1; {made[1]}") if plan else None


@replans("compiled from a machine of queries above 1")
def above(source: Random, base: Base) -> Found:
    """A query that is more than 1 in size counts as 1."""
    made = above_one(source, base.machine)
    plan = made and _plan(base.plan, machine=made[0])
    return (plan, made[1]) if made and plan else None


@replans("compiled from a machine of predictions above 1")
def predictions(source: Random, base: Base) -> Found:
    """A machine that predicts up to 2 or more, for which a network is compiled: its output returns at most 2."""
    made = above_two(source, base.machine)
    plan = made and _plan(base.plan, machine=made[0])
    return (plan, made[1]) if made and plan else None
