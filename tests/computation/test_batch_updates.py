"""What a learner asks and does in a round that reads a whole batch, as gates."""

from itertools import product

from constructions.computation.batch_updates import coins_of, negative_queries, sum_of_answer, vector
from constructions.computation.builder import TRUE, Builder
from constructions.strip.family import PowerFamily
from tests.computation.tossing import tossing_learner


def test_queries_are_minus_one_where_the_familys_are() -> None:
    family = PowerFamily(2, 2)
    builder = Builder()
    x = [builder.input(name) for name in vector("x", 2)]
    found = negative_queries(builder, family, x)
    circuit = builder.circuit(None, {f"{j}": literal for j, literal in enumerate(found)})
    for point in product((0, 1), repeat=2):
        values = circuit.evaluate(dict(zip(vector("x", 2), point, strict=True)))
        assert [1 - 2 * values[str(j)] for j in range(family.size)] == list(family.values(point))


def test_an_answer_counts_up_and_the_sum_is_twice_that_less_b() -> None:
    for b in range(1, 6):
        for count in range(b + 1):
            bits = sum_of_answer(Builder(), [TRUE if i < count else TRUE ^ 1 for i in range(b)], b)
            code = sum((bit == TRUE) << i for i, bit in enumerate(bits))
            assert (code - (2 * count - b)) % (1 << len(bits)) == 0


def test_coins_are_counted_by_their_port() -> None:
    assert coins_of(tossing_learner(2)) == 1
