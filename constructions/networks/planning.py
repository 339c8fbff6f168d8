"""What a plan takes where nothing is asked for (Lemmas 3b and 12b): the precision, and the places of an answer."""

from collections.abc import Callable
from fractions import Fraction

from constructions.computation.query_machine import QueryMachine
from constructions.errors import PremiseError
from constructions.networks.budget import error_bounds
from constructions.networks.decoder import Decoder
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC, Setting, bits_for
from constructions.networks.round_circuit import is_binary

SPARE_PLACES = 4
"""So many binary places more than the tolerance has bits are always looked at."""


def default_rho(setting: Setting, b: int) -> Fraction:
    """The largest power of two with b rho < 1/8 that the setting allows.

    >>> from constructions.networks.queries import DYADIC
    >>> str(default_rho(DYADIC, 1)), str(default_rho(DYADIC, 8))
    ('1/16', '1/128')
    """
    rho = Fraction(1, 2)
    while not (b * rho < Fraction(1, 8) and rho < setting.rho_below):
        rho /= 2
    return rho


def answer_places(
    *, setting: Setting, rho: Fraction, signed: bool, binary: bool, centred: bool, tolerance: Fraction
) -> int:
    """The fewest binary places of an answer with which the decoder of a network keeps a tolerance.

    It needs the kind of queries only, not the machine that asks them, so that a machine is built once.

    Parameters
    ----------
    setting, rho, signed, binary, centred : as :class:`~constructions.networks.decoder.Decoder` takes them.
    tolerance : how far an answer may be from the batch mean of its query, positive.

    Returns
    -------
    A number of places; :data:`SPARE_PLACES` more than the tolerance has bits if no smaller number serves, whether this
    one does or not (a plan then says what it would keep).

    Raises
    ------
    PremiseError
        If rho is not in the range of the setting.

    >>> from constructions.networks.queries import DYADIC
    >>> rho = Fraction(1, 16)
    >>> answer_places(setting=DYADIC, rho=rho, signed=False, binary=True, centred=False, tolerance=4 * rho)
    3
    """
    most = SPARE_PLACES + bits_for(min(tolerance, Fraction(1, 2)))
    for places in range(most):
        decoder = Decoder(
            setting=setting, rho=rho, signed=signed, binary=binary, answer_fraction=places, centred=centred
        )
        if decoder.tolerance <= tolerance:
            return places
    return most


def counting_bound(setting: Setting = DYADIC) -> Fraction:
    """Theorems 1a and 3a hold on networks for b rho below this, if the middle of the error is taken off; as printed
    below 1/8.

    >>> counting_bound()
    Fraction(8, 25)
    """
    low, high = error_bounds(setting)
    return 1 / (high - low)


def tolerance_on_networks(b: int, rho: Fraction, *, size: str = "b") -> Fraction:
    """The tolerance of the queries from which samples of a batch are counted: as printed 4 rho where b rho < 1/8, else
    half way between what a centred decoder keeps at best and 1/(2b).

    Parameters
    ----------
    b : the points in a batch. rho : the precision. size : what the theorem calls this number of points.

    Raises
    ------
    PremiseError
        Unless b rho < 8/25.

    >>> tolerance_on_networks(4, Fraction(1, 64)), tolerance_on_networks(4, Fraction(1, 16))
    (Fraction(1, 16), Fraction(57, 512))
    """
    bound = counting_bound()
    if not 0 < b * rho < bound:
        raise PremiseError(f"need 0 < {size} rho < {bound} on a network, got {size} rho = {b} * {rho} = {b * rho}")
    if 8 * b * rho < 1:
        return 4 * rho
    return (rho / bound + Fraction(1, b)) / 4


Build = Callable[[int], QueryMachine]
"""A machine from the binary places of its answers."""


def plan_within(build: Build, *, rho: Fraction, tolerance: Fraction, b: int, setting: Setting = DYADIC) -> Plan:
    """The plan of a machine whose answers have the fewest places that keep a tolerance; the middle of the error is
    taken off where it is not kept without.

    Parameters
    ----------
    build : the machine from the places.
    rho, tolerance, b, setting : the precision, how far an answer may be from its mean, the batch size, and which Q
        and Q'.

    Raises
    ------
    PremiseError
        If no number of places keeps the tolerance, or rho is not in the range of the setting.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = plan_within(
    ...     lambda places: best_literal_machine(1, fraction=places), rho=Fraction(1, 16), tolerance=Fraction(1, 4), b=1
    ... )
    >>> plan.machine.answer_fraction, plan.centred
    (3, False)
    """
    if tolerance <= 0:
        raise PremiseError(f"need a tolerance > 0, got {tolerance}")
    probe = build(SPARE_PLACES + bits_for(min(tolerance, Fraction(1, 2))))
    kind = {"setting": setting, "rho": rho, "signed": probe.signed, "binary": is_binary(probe)}
    for centred in (False, True):
        places = answer_places(tolerance=tolerance, centred=centred, **kind)  # type: ignore[arg-type]
        decoder = Decoder(answer_fraction=places, centred=centred, **kind)  # type: ignore[arg-type]
        if decoder.tolerance <= tolerance:
            break
    return Plan(machine=build(places), rho=rho, setting=setting, batch=b, centred=centred, tolerance=tolerance)
