"""The emulation network: trained in rationals it follows its machine; as printed it does not; sizes; many rounds."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import KinkError, PremiseError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Network
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.foundations.walks import forward
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, VC_ONLY, Setting

RHO = Fraction(1, 16)


def named(net: Network, x: tuple[int, ...]) -> dict[str, Fraction]:
    return {name: Fraction(bit) for name, bit in zip(net.inputs, x, strict=True)}


def trained(plan: Plan, batches: list[list[Sample]], adversary: Adversary) -> tuple[dict[str, int], Network]:
    """Train in rationals; check the held outputs and the answers; return the machine's state on these answers, and
    the network."""
    flat, machine = plan.trainable.network, plan.machine
    fragment = flat.fragment()
    net = Network(inputs=fragment.inputs, outputs=fragment.outputs, edges=fragment.edges, constant=fragment.constant)
    descent, state = Descent(rho=plan.rho, rate=plan.setting.rate, adversary=adversary), machine.start()
    for step, batch in enumerate(batches, 1):
        for x, _ in set(batch):
            assert forward(net, named(net, x)).out[net.output] == plan.held(step)
        net = descent.step(net, batch, number=step)
        run = forward(net, named(net, (0,) * machine.inputs))
        answers = plan.answers({v: run.out[flat.name(v)] for v in range(flat.first, flat.size)}, step)  # type: ignore[arg-type]
        query = machine.query_at(state, step)
        for j, answer in enumerate(answers):
            mean = sum((query(x, y)[j] for x, y in batch), Fraction(0)) / len(batch)
            assert abs(answer - mean) <= plan.decoder.tolerance <= 4 * plan.rho
        state = machine.after(state, answers)
    return state, net


def batches_for(machine: QueryMachine, seed: int, b: int = 3) -> list[list[Sample]]:
    random = Random(seed)
    return [
        [(tuple(random.randrange(2) for _ in range(machine.inputs)), random.randrange(2)) for _ in range(b)]
        for _ in range(machine.rounds)
    ]


@pytest.mark.parametrize(
    ("machine", "setting", "adversary"),
    [
        (best_literal_machine(2, fraction=6), DYADIC, randomly(1)),
        (best_literal_machine(2, fraction=6), MINIMAL, up),
        pytest.param(best_literal_machine(2, fraction=6), STRONG, down, marks=pytest.mark.slow),
        pytest.param(correlations_machine(2, fraction=7), DYADIC, down, marks=pytest.mark.slow),
        pytest.param(correlations_machine(2, fraction=7), STRONG, nearest, marks=pytest.mark.slow),
    ],
)
def test_the_trained_network_is_what_the_machine_returns_on_its_answers(
    machine: QueryMachine, setting: Setting, adversary: Adversary
) -> None:
    state, net = trained(Plan(machine=machine, rho=RHO, setting=setting), batches_for(machine, 1), adversary)
    for x in product((0, 1), repeat=machine.inputs):
        assert forward(net, named(net, x)).out[net.output] == machine.predict(state, x)


def test_as_printed_the_first_step_meets_a_kink() -> None:
    machine = best_literal_machine(1, fraction=6)
    with pytest.raises(KinkError, match="vertex"):
        trained(Plan(machine=machine, rho=RHO, setting=PRINTED), batches_for(machine, 1), nearest)


def test_with_only_vc_mended_the_second_step_returns_another_value() -> None:
    machine = best_literal_machine(1, fraction=6)
    plan = Plan(machine=machine, rho=RHO, setting=VC_ONLY)
    with pytest.raises(AssertionError, match="9, 8"):
        trained(plan, batches_for(machine, 1), nearest)


@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 4, 7])
def test_any_number_of_rounds_is_stamped_as_it_is_built_alone(rounds: int) -> None:
    plan = Plan(machine=replace(best_literal_machine(1, fraction=6), rounds=rounds), rho=RHO)
    net, sizes = plan.trainable.network, plan.sizes
    assert (net.size, len(net.sources), plan.trainable.steps) == (sizes.vertices, sizes.edges, rounds)
    blocks = [plan.blocks[0 if t == 0 else 1 + (t + 1) % 2] for t in range(rounds)]
    for t, block in enumerate(blocks):
        start = int(plan.starts[t])
        before = int(plan.starts[t - 1]) if t else 0
        base = np.array([0, before, start])[block.edges.places]
        low, high = int(net.offsets[start]), int(net.offsets[start + block.size])
        assert np.array_equal(net.sources[low:high], block.edges.tails + base)
        assert np.array_equal(net.weights[low:high], block.edges.weights)


def test_before_training_it_holds_the_output_and_predicts_nothing() -> None:
    plan = Plan(machine=best_literal_machine(2, fraction=6), rho=RHO)
    assert {plan.trainable(x) for x in product((0, 1), repeat=2)} == {-Fraction(9, 8) * RHO}


def test_a_tolerance_that_cannot_be_kept_is_refused_with_its_numbers() -> None:
    with pytest.raises(PremiseError, match=r"need answers within 1/4, got .* rho \(minimal repair, signed queries"):
        Plan(machine=correlations_machine(1, fraction=8), rho=RHO, setting=MINIMAL)
    with pytest.raises(PremiseError, match="answers of 1 places"):
        Plan(machine=best_literal_machine(1, fraction=1), rho=RHO)
    assert Plan(
        machine=best_literal_machine(1, fraction=9), rho=RHO, centred=True, tolerance=Fraction(8, 5) * RHO
    ).decoder.centred


def test_a_tolerance_that_is_just_kept_is_taken() -> None:
    machine = best_literal_machine(1, fraction=9)
    just = Plan(machine=machine, rho=RHO).decoder.tolerance
    assert Plan(machine=machine, rho=RHO, tolerance=just).tolerance == just
    with pytest.raises(PremiseError, match=f"need answers within .*, got {just}"):
        Plan(machine=machine, rho=RHO, tolerance=just - Fraction(1, 10**6))


def test_every_group_of_vertices_has_some() -> None:
    for machine in (best_literal_machine(2, fraction=6), replace(best_literal_machine(2, fraction=6), rounds=0)):
        assert all(low < high for _, low, high in Plan(machine=machine, rho=RHO).groups)  # type: ignore[operator]


def test_a_million_vertices_take_no_loop_over_them() -> None:
    plan = Plan(machine=replace(best_literal_machine(2, fraction=6), rounds=1800), rho=RHO)
    net = plan.trainable.network
    assert net.size == plan.sizes.vertices > 10**6


def test_a_network_of_another_size_than_the_formula_says_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16))
    monkeypatch.setitem(vars(plan), "sizes", replace(plan.sizes, edges=plan.sizes.edges + 1))
    with pytest.raises(AssertionError, match="need the sizes of the formula"):
        _ = plan.trainable
