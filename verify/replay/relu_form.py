"""Activations as sums of ReLUs, for the replay: values and slopes."""

from fractions import Fraction

from constructions.foundations.activation import Activation


def relu_value(sigma: Activation, x: Fraction) -> Fraction:
    """sigma(x) from the ReLU form.

    >>> from constructions.foundations.activation import RAMP
    >>> str(relu_value(RAMP, Fraction(1, 2)))
    '1/2'
    """
    constant, linear, jumps = sigma.relu_form
    return constant + linear * x + sum((jump * max(x - kink, Fraction(0)) for jump, kink in jumps), Fraction(0))


def relu_slopes(sigma: Activation, x: Fraction) -> tuple[Fraction, Fraction]:
    """Left and right derivative of sigma at x.

    >>> from constructions.foundations.activation import RAMP
    >>> [str(slope) for slope in relu_slopes(RAMP, Fraction(0))]  # on a kink: the left one and the right one
    ['0', '1']
    """
    _, linear, jumps = sigma.relu_form
    left = linear + sum((jump for jump, kink in jumps if x > kink), Fraction(0))
    return left, left + sum((jump for jump, kink in jumps if x == kink), Fraction(0))
