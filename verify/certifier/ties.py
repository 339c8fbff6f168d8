"""Copies that act in the same way, for digits that are equal as functions: which is whose shows in what is made of their records."""
from collections.abc import Iterator, Sequence

from verify.certifier.phases import Block, Context, Known, Phase
from verify.certifier.unrolling import Role

Order = list[tuple[Role, int]]


def orders(
    context: Context, block: Block, known: Known, groups: Sequence[tuple[list[Role], list[int]]], after: Phase, state: Sequence[int]
) -> Iterator[Order]:
    """Proposals, to be checked: first the order of the copies."""
    yield [pair for roles, copies in groups for pair in zip(roles, copies, strict=True)]
