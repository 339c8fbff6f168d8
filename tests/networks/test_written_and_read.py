"""Runs of gradient descent over one copy, in rationals: there are runs of which Lemma 11's top statement speaks, and
they are as it says."""

import random
from fractions import Fraction

import pytest

from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import Grid, clip
from constructions.foundations.walks import backward, forward
from constructions.networks.budget import error_bounds
from constructions.networks.queries import MINIMAL, STRONG, Setting, bits_for, query_graph

F = Fraction
ACTIVE_STEP, STEPS, BATCH = 1, 3, 5


def gradient(copy: Fragment, setting: Setting, rho: Fraction, active: bool, prime: bool, y: int) -> dict[Edge, F]:
    """The clipped gradient on one sample; an active one has the output held."""
    share = -setting.share if prime else setting.share
    outside = setting.pre_activation(rho, prime=prime) - share if active else F(1, 3)
    run = forward(copy, {"vc": F(0) if active else F(2)}, outside={"v4": outside})
    assert not active or run.out["v4"] == setting.output(rho, prime=prime)
    return {edge: clip(value) for edge, value in backward(run, {"v4": run.out["v4"] - y}).edges.items()}


def read(copy: Fragment, bits: int) -> int:
    """What the digits of an idle copy read; each is strictly flat."""
    run = forward(copy, {"vc": F(2)}, outside={"v4": F(1, 3)})
    assert run.flat(*(f"vr{i}" for i in range(bits)))
    return sum(2**i for i in range(bits) if run.out[f"vr{i}"] == 2)


@pytest.mark.parametrize("prime", (False, True))
@pytest.mark.parametrize("setting", (MINIMAL, STRONG), ids=lambda setting: setting.name.split()[0])
@pytest.mark.parametrize("rho", (F(1, 9), F(1, 16), F(1, 33)), ids=str)
@pytest.mark.parametrize("share", (0, 3, 5), ids=lambda share: f"{share} active")
def test_one_step_writes_and_every_pass_reads(setting: Setting, prime: bool, rho: Fraction, share: int) -> None:
    source, bits = random.Random(f"{share} {rho}"), bits_for(rho)
    copy = query_graph(setting, rho=rho, bits=bits, prime=prime)
    fm, (low, high) = F(0), error_bounds(setting)
    for step in range(STEPS):
        labels = [source.randint(0, 1) for _ in range(BATCH)]
        active = [step == ACTIVE_STEP and i < share for i in range(BATCH)]
        found = [gradient(copy, setting, rho, acts, prime, y) for acts, y in zip(active, labels, strict=True)]
        means = {edge: sum((one[edge] for one in found), F(0)) / BATCH for edge in copy.edges}
        rounded = {edge: source.choice(Grid(rho=rho).valid(mean)) for edge, mean in means.items()}
        assert step == ACTIVE_STEP or not any(rounded.values())
        copy = copy.with_weights({edge: copy.weight(*edge) - setting.rate * u for edge, u in rounded.items()})
        if step == ACTIVE_STEP:
            wrong = 0 if prime else 1
            fm = F(sum(acts and y == wrong for acts, y in zip(active, labels, strict=True)), BATCH)
        record = read(copy, bits)
        error = record * rho / setting.record_gain - fm
        assert record == 0 if step < ACTIVE_STEP else low * rho <= error <= high * rho
        assert step < ACTIVE_STEP or share < BATCH or record >= 1
