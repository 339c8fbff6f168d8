"""Where the head can be: every run stays in the sets, and they are no larger than they must be on an oblivious run."""

from itertools import product

from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.reach import Reaching
from tests.computation.test_turing import known


def test_every_run_stays_in_the_sets() -> None:
    for seed in range(30):
        machine = drawn_machine(seed, states=1 + seed % 4, symbols=3, rows=2 + seed % 9)
        letters = [machine.symbols.index(symbol) for symbol in machine.inputs]
        reaching = Reaching(machine, (3, 4))
        for word in product(machine.inputs, repeat=3):
            now = reaching.first(dict.fromkeys(range(3), letters))
            for t in range(14):
                end = machine.run(word, steps=t, tape=(3, 4))
                if -3 <= end.head <= 4:
                    assert (machine.states.index(end.state), end.head) in now.heads
                else:
                    assert now.lost
                for cell in range(-3, 5):
                    symbol = machine.symbols.index(end.tape.get(cell, machine.blank))
                    assert symbol in now.symbols.get(cell, reaching.blank)
                now = reaching.after(now)


def test_the_head_of_an_oblivious_machine_is_known() -> None:
    machine = known("parity")
    reaching = Reaching(machine, (0, 6))
    now = reaching.first(dict.fromkeys(range(4), (1, 2)))
    for t in range(5):
        assert {cell for _, cell in now.heads} == {t}
        now = reaching.after(now)
