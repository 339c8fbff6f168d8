"""A method of samples that several tests run."""

from constructions.learning.models import PAC, SampleMethod


def first_label(m: int) -> SampleMethod:
    """A method that predicts the label of its first point."""
    return SampleMethod(n=1, budget=PAC(m=m), learn=lambda sample, bits: lambda x: sample[0][1])
