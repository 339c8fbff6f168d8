"""A learner that tosses a coin for each sample."""

from constructions.computation.design import Design
from constructions.computation.machines import Machine


def tossing_learner(n: int) -> Machine:
    """It counts, modulo 2, the samples that it takes whose coin is the label, and adds the first bit of x to that."""
    design = Design()
    x, taken, label = design.input("x", n), design.input("taken"), design.input("label")
    point, coin = design.input("point", n), design.input("coin")
    odd = design.state("odd")
    design.becomes(odd, odd ^ (taken & ~(label ^ coin) & (point[0] | ~point[0])))
    design.output("predict", odd ^ x[0])
    return design.machine()
