"""The network that reads whole batches with any labels: its copies, its output, and runs beside its learner."""

from fractions import Fraction
from random import Random

import pytest

from constructions.computation.sample_learners import conjunction_learner, fed, memoriser_learner
from constructions.errors import PremiseError
from constructions.networks.any_labels_network import AnyLabelsPlan, kinds_for
from constructions.networks.emulation import sizes_of
from constructions.strip.family import PowerFamily
from constructions.training.adversaries import NAMED
from constructions.training.following_batches import follow_batches


def plan(*, n: int = 1, b: int = 2, steps: int = 2, b_rho: Fraction = Fraction(13, 10)) -> AnyLabelsPlan:
    machine = fed(memoriser_learner(n, b * steps, places=2), b * steps)
    return AnyLabelsPlan(machine=machine, family=PowerFamily(n, b), steps=steps, rho=b_rho / b)


def test_the_sizes_are_those_of_the_formula_and_every_edge_trains() -> None:
    made = plan()
    assert sizes_of(made.trainable) == made.sizes
    assert len(made.trainable.frozen) == 0


def test_b_rho_of_four_thirds_is_refused() -> None:
    with pytest.raises(PremiseError, match="need 0 < b rho < 4/3, got b rho = 2 \\* 2/3 = 4/3"):
        plan(b_rho=Fraction(4, 3))
    with pytest.raises(PremiseError, match="need 0 < b rho"):
        plan(b_rho=Fraction(0))


def test_before_training_the_output_is_c_at_every_point() -> None:
    net = plan(n=2, b=1).trainable
    assert [net(x) for x in ((0, 0), (0, 1), (1, 0), (1, 1))] == [Fraction(1, 256)] * 4


def test_copies_of_both_kinds_have_their_weights_to_the_output() -> None:
    made = plan(b=1)
    at, net, start = made.layout, made.trainable.network, made.starts[0]
    into = dict(net.into(made.starts[-1]))
    steep, plain = kinds_for(made.held)
    size = made.family.size
    kinds = [steep] * size + [plain] * size
    for c, kind in enumerate(kinds):
        assert into[start + int(at.row("p3", c))] == kind.gain
        assert into[start + int(at.row("n3", c))] == -kind.gain
        assert into[start + int(at.row("canceller", c))] == kind.share / 2
    assert into[start + at.primary] == made.held / 2


def test_a_batch_with_both_labels_of_a_point_is_read() -> None:
    run = follow_batches(plan(), [[((1,), 1), ((1,), 0)], [((1,), 1), ((0,), 0)]], adversary="apart")
    assert run.failure is None and run.errors == (Fraction(0), Fraction(0))


def test_a_learner_without_errors_is_served_too() -> None:
    machine = fed(conjunction_learner(1), 2)
    made = AnyLabelsPlan(machine=machine, family=PowerFamily(1, 1), steps=2, rho=Fraction(1, 2))
    assert follow_batches(made, [[((1,), 1)], [((0,), 0)]]).failure is None


@pytest.mark.slow
@pytest.mark.parametrize("adversary", list(NAMED))
@pytest.mark.parametrize(("n", "b", "steps"), [(2, 2, 3), (1, 3, 2), (2, 3, 2), (1, 4, 2), (3, 2, 2)])
def test_larger_networks_follow_their_learners(n: int, b: int, steps: int, adversary: str) -> None:
    random, made = Random(n * 10 + b), plan(n=n, b=b, steps=steps)

    def drawn() -> tuple[tuple[int, ...], int]:
        return tuple(random.randrange(2) for _ in range(n)), random.randrange(2)

    for seed in range(3):
        batches = [[drawn() for _ in range(b)] for _ in range(steps)]
        run = follow_batches(made, batches, adversary=adversary, seed=seed)
        assert run.failure is None and max(run.errors) == 0
