"""What one rounded gradient gives away: reconstruction under each kind of rounding, its certificate, and refusals."""

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.foundations.rounding import Choice, Grid
from constructions.strip.given_away import ROUNDED, craft, farthest
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


@pytest.mark.parametrize("name", ROUNDED)
@pytest.mark.parametrize("realizable", [True, False])
def test_the_batch_is_reconstructed_whoever_rounds(realizable: bool, name: str) -> None:
    n, b, rho, random = 6, 7, F(13, 70), Random(3)  # b rho = 13/10
    crafted = craft(n, b, rho, realizable=realizable)
    points = [tuple(random.randrange(2) for _ in range(n)) for _ in range(4)]
    draw = [random.choice(points) for _ in range(b)]
    batch = [(x, x[0] if realizable else random.randrange(2)) for x in draw]
    update = crafted.update(batch, ROUNDED[name](5))
    found = crafted.reconstruct(update)
    assert sorted(found.batch) == sorted(batch) and crafted.belongs(update, found.batch)
    assert found.as_plain()["update"] == [str(u) for u in update]


def test_every_update_is_reconstructed_or_refused() -> None:
    crafted = craft(1, 1, F(1))
    right = {crafted.update([(x, y)]): ((x, y),) for x in ((0,), (1,)) for y in (0, 1)}
    for update in product((F(-1), F(0), F(1)), repeat=4):
        try:
            found = crafted.reconstruct(update).batch
        except PremiseError:
            assert update not in right
        else:
            assert right[update] == found


def test_what_is_no_update_is_refused() -> None:
    crafted = craft(2, 2, F(1, 2))
    update = crafted.update([((0, 1), 1), ((1, 1), 0)])
    with pytest.raises(PremiseError, match="need an update with 10 entries, got 9"):
        crafted.reconstruct(update[1:])
    with pytest.raises(PremiseError, match="no valid rounding"):
        crafted.reconstruct([u + F(1, 8) for u in update])
    with pytest.raises(PremiseError, match="need 0 < b rho < 4/3, got b rho = 4 \\* 1/3 = 4/3"):
        craft(2, 4, F(1, 3))


def test_the_output_is_c_at_first() -> None:
    crafted = craft(2, 2, F(1, 2), realizable=True)
    assert crafted.output([F(0)] * 5, (1, 0)) == F(1, 2)
    assert crafted.output([F(1), *[F(0)] * 4], (1, 0)) == F(5, 2)
    assert crafted.gradient([((1, 0), 1)])[0] == -1


def test_the_worst_rounding_is_the_farthest() -> None:
    valid = Grid(rho=F(1)).valid(F(1, 3))
    assert farthest(Choice(("u", "v"), 1, F(1, 3), valid)) == 1


@pytest.mark.torch
def test_the_module_has_this_gradient() -> None:
    crafted, x = craft(2, 2, F(1, 2), realizable=True), (1, 0)
    module: Any = crafted.module()
    ((module(x) - 1) ** 2 / 2).backward()
    assert [F(value) for value in module.weights.grad.tolist()] == list(crafted.gradient([(x, 1)]))


@pytest.mark.parametrize(
    ("claim", "broken"),
    [("strip.pair.shared", F(3, 4)), ("strip.pair.ends", F(3, 4)), ("strip.hiding.pair", F(1, 2))],
)
def test_other_constants_would_be_found(claim: str, broken: Fraction) -> None:
    assert examine(paper_obligations()[claim], lambda case: broken).verdict is Verdict.REFUTED
