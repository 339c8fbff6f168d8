"""The computation of a round that reads a whole batch."""

from fractions import Fraction
from itertools import product

from constructions.computation.builder import Builder
from constructions.computation.sample_learners import fed, parity_learner
from constructions.networks.batch_round import BatchRound, batch_gating, clock_copies, sides, thresholds
from constructions.networks.signed_memory import middle_of
from constructions.strip.family import PowerFamily

MADE = BatchRound(machine=fed(parity_learner(2), 4), family=PowerFamily(2, 2), rho=Fraction(13, 20))
CIRCUIT = MADE.circuit()


def outputs(*, records: dict[int, int] | None = None, before: int = 1, x: tuple[int, int] = (0, 0)) -> dict[str, int]:
    """What the round computes when its copies have these records (0 if not given)."""
    given = dict.fromkeys(CIRCUIT.inputs, 0) | {"clock": before, "x 0": x[0], "x 1": x[1]}
    for c in range(MADE.family.size):
        read = middle_of(MADE.bits) - (records or {}).get(c, 0)
        given |= {f"digit {c} {i}": read >> i & 1 for i in range(MADE.bits)}
    return CIRCUIT.evaluate(given)


def test_it_is_its_turn_until_some_record_of_the_clock_is_written() -> None:
    assert [outputs()[name] for name in ("now", "clock")] == [1, 0]
    assert [outputs(before=0)[name] for name in ("now", "clock")] == [0, 0]
    for c in range(clock_copies(MADE.family)):
        assert [outputs(records={c: -1})[name] for name in ("now", "clock")] == [0, 1]
    last = MADE.family.size - 1
    assert last >= clock_copies(MADE.family)
    assert outputs(records={last: 1})["clock"] == 0


def test_one_side_of_each_copy_is_active_and_none_when_it_is_not_its_turn() -> None:
    for x in ((0, 0), (1, 0), (0, 1), (1, 1)):
        found = outputs(x=x)
        values = MADE.family.values(x)
        assert [found[f"minus {c}"] for c in range(5)] == [int(value < 0) for value in values]
        assert [found[f"plus idle {c}"] for c in range(5)] == [int(value < 0) for value in values]
        assert all(found[f"minus idle {c}"] != found[f"minus {c}"] for c in range(5))
        silent = outputs(x=x, before=0)
        assert all(silent[f"plus idle {c}"] and silent[f"minus idle {c}"] for c in range(5))


def test_the_state_is_kept_back_until_the_round_is_over() -> None:
    assert not any(bit for name, bit in outputs().items() if name.startswith("state"))


def test_sums_of_a_batch_move_the_learner() -> None:
    sums = MADE.family.answers({(1, 0): -2})
    found = outputs(records={c: round(total / (2 * MADE.rho)) for c, total in enumerate(sums)})
    state = [found[f"state {i}"] for i in range(len(MADE.machine.state))]
    wanted = MADE.machine.first_state()
    for _ in range(2):
        sample = {"taken": 1, "label": 1, "point[0]": 1, "point[1]": 0, "x[0]": 0, "x[1]": 0}
        wanted, _ = MADE.machine.step(wanted, sample)
    assert state == list(wanted.values())


def test_thresholds_are_where_the_nearest_sum_changes() -> None:
    assert thresholds(Fraction(1, 64), 2) == [-32, 32]


def test_in_its_turn_one_side_is_active_and_else_none() -> None:
    for before, clock, bit, update in product((False, True), repeat=4):
        found = batch_gating()(before=before, clock=clock, bit=bit, update=update)
        now = before and not clock
        assert found["now"] is now
        assert found["plus idle"] is not (now and not bit)
        assert found["minus idle"] is not (now and bit)
        assert found["minus"] is (now and bit)
        assert found["kept"] is (clock and update)


def test_the_sides_of_a_copy_need_two_gates() -> None:
    builder = Builder()
    sides(builder, builder.input("now"), builder.input("bit"))
    assert len(builder) == 2
