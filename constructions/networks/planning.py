"""What a plan takes where nothing is asked for (Lemmas 3b and 12b): the precision, and the places of an answer."""

from fractions import Fraction

from constructions.networks.decoder import Decoder
from constructions.networks.queries import Setting, bits_for

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
