"""The smallest emulation network that has every part of Lemma 3b (a "walking skeleton"): two rounds, one query each, a
random bit and a clock.

The method: round 1 asks the 1-query 1{y = 1} phi1(x) with phi1 = x1, or x2 if the random bit is set; round 2 asks the
0-query 1{y = 0} phi2(x) with phi2 = x2, negated if the first answer was large. It returns the predictor
h(x) = 1/2 (x1 xor large1) + 1/4 (coin and large2), where an answer v is large if v >= bound * rho / gain.

Round 1 uses two copies of Q (the query's and the clock's), round 2 two of Q'. Everything else is Lemma 10: the clocks,
the gates that pick what each vc and each output control does, and the random bit, an edge of sampled weight +-4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.computation.circuits import Circuit, Draft
from constructions.errors import ConstructionError
from constructions.foundations.exact import rational, whole
from constructions.foundations.network import Edge, Fragment, Network
from constructions.foundations.walks import forward
from constructions.networks.computation import BINARY, computation_edges
from constructions.networks.controls import activator, control, primary_weight, secondary_weight
from constructions.networks.gates import CONSTANT
from constructions.networks.queries import Setting, bits_for, query_graph
from constructions.networks.readout import answer_read

OUTPUT = "f"
ROUNDS = (1, 2)
PARTS = {"q1": False, "c1": False, "q2": True, "c2": True}
VALUES = (Fraction(1, 2), Fraction(1, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """The network with the method that it emulates.

    Parameters
    ----------
    setting
        Which Q and Q'.
    rho
        Gradient precision.
    coin
        The sampled random bit.
    bound
        What counts as large, odd.

    Raises
    ------
    ConstructionError
        For a coin other than 0 and 1, or a bound that is even or no number of so many digits.

    >>> from constructions.networks.queries import DYADIC
    >>> small = Skeleton(setting=DYADIC, rho=Fraction(1, 16), coin=0)
    >>> first, second = small.query(1, ()), small.query(2, (Fraction(1),))
    >>> first((1, 0), 1), first((1, 0), 0), second((0, 0), 0), second((0, 1), 0)
    (1, 0, 1, 0)
    >>> small.circuit().outputs
    ('q1.idle', 'c1.idle', 'q2.idle', 'c2.idle', 'value0', 'value1')
    >>> small.answers(small.network()), str(small.predictor((Fraction(1), Fraction(0)))((0, 1)))
    ((Fraction(0, 1), Fraction(0, 1)), '1/2')
    """

    setting: Setting
    rho: Fraction
    coin: int
    bound: int = 7

    def __post_init__(self) -> None:
        object.__setattr__(self, "rho", rational(self.rho, where="rho"))
        if whole(self.coin, where="coin") > 1:
            raise ConstructionError(f"need a coin 0 or 1, got {self.coin}")
        if self.bound % 2 == 0 or not 0 < self.bound < 2**self.bits:
            raise ConstructionError(f"need an odd bound below {2**self.bits}, got {self.bound}")

    @property
    def bits(self) -> int:
        """Digits of each copy."""
        return bits_for(self.rho)

    @property
    def tolerance(self) -> Fraction:
        """The bSQ tolerance that the read-out keeps: 4 rho."""
        return 4 * self.rho

    def query(self, round_: int, answers: tuple[Fraction, ...]) -> Callable[[tuple[int, ...], int], int]:
        """The method's query of a round as a function of x and y, given the answers before it."""
        if round_ == 1:
            return lambda x, y: y * x[self.coin]
        large = self.large(answers[0])
        return lambda x, y: (1 - y) * (x[1] ^ large)

    def large(self, answer: Fraction) -> int:
        """Whether an answer counts as large."""
        return int(answer >= self.bound * self.rho / self.setting.record_gain)

    def predictor(self, answers: tuple[Fraction, ...]) -> Callable[[tuple[int, ...]], Fraction]:
        """What the method returns for these answers."""
        large1, large2 = (self.large(answer) for answer in answers)
        return lambda x: VALUES[0] * (x[0] ^ large1) + VALUES[1] * (self.coin & large2)

    def held_output(self, step: int) -> Fraction:
        """What the network must output on every sample in a step."""
        return Fraction(self.setting.output(self.rho, prime=step == 2))

    def network(self) -> Network:
        """The emulation network, every edge trainable.

        >>> from constructions.networks.queries import DYADIC
        >>> net = Skeleton(setting=DYADIC, rho=Fraction(1, 16), coin=0).network()
        >>> net.inputs, net.output, str(forward(net, {"x1": 1, "x2": 0}).out["f"])
        (('x1', 'x2'), 'f', '-9/128')
        """
        edges: dict[Edge, Fraction] = {(CONSTANT, "coin"): Fraction(4 if self.coin else -4)}
        for part, prime in PARTS.items():
            edges |= self._copy(part, prime)
        edges |= computation_edges(self.circuit(), bounds={"x1": BINARY, "x2": BINARY})
        for name, (plus, minus, weight) in self._controls().items():
            edges |= _stamp(control(), {"plus": plus, "minus": minus, "control": name, CONSTANT: CONSTANT})
            edges[name, OUTPUT] = weight
        return Network(inputs=("x1", "x2"), outputs=(OUTPUT,), edges=edges, constant=CONSTANT)

    def _copy(self, part: str, prime: bool) -> dict[Edge, Fraction]:
        graph = query_graph(self.setting, rho=self.rho, bits=self.bits, prime=prime)
        names = {v: f"{part}.{v}" for v in graph.order} | {"v0": CONSTANT, "v4": OUTPUT}
        driven = _stamp(activator(self.setting), {"bit": f"{part}.idle", "vc": f"{part}.vc", CONSTANT: CONSTANT})
        return {**_stamp(graph, names), **driven}

    def _controls(self) -> dict[str, tuple[str, str, Fraction]]:
        primary, secondary = primary_weight(self.setting, self.rho), Fraction(secondary_weight(self.setting))
        found = {"primary1": ("c1.idle", "no", primary), "primary2": ("c2.active", "yes", primary)}
        for part, prime in PARTS.items():
            plus, minus = (f"{part}.active", "yes") if prime else (f"{part}.idle", "no")
            found[f"{part}.canceller"] = (plus, minus, secondary)
        for i, value in enumerate(VALUES):
            found[f"final{i}"] = (f"value{i}", "yes", value / 2)
        return found

    def digits(self, part: str) -> tuple[str, ...]:
        """The digit vertices of a copy, least first."""
        return tuple(f"{part}.vr{i}" for i in range(self.bits))

    def circuit(self) -> Circuit:
        """The computation: from x, the random bit and all digits to what every vc and control does."""
        draft = Draft("x1", "x2", "coin", *(digit for part in PARTS for digit in self.digits(part)))
        draft.add("true", name="yes")
        draft.add("false", name="no")
        clock = {t: draft.either(*self.digits(f"c{t}"), name=f"clock{t}") for t in ROUNDS}
        large = {t: draft.at_least(self.digits(f"q{t}"), self.bound, name=f"large{t}") for t in ROUNDS}
        now = {
            1: draft.negate(clock[1], name="c1.active"),
            2: draft.both(clock[1], draft.negate(clock[2]), name="c2.active"),
        }
        asked = {
            1: draft.either(draft.both("coin", "x2"), draft.both(draft.negate("coin"), "x1"), name="phi1"),
            2: draft.xor("x2", large[1], name="phi2"),
        }
        for t in ROUNDS:
            draft.both(now[t], asked[t], name=f"q{t}.active")
        for part in PARTS:
            draft.negate(f"{part}.active", name=f"{part}.idle")
        draft.both(clock[2], draft.xor("x1", large[1]), name="value0")
        draft.both(clock[2], "coin", large[2], name="value1")
        return draft.circuit(*(f"{part}.idle" for part in PARTS), "value0", "value1")

    def answers(self, net: Network) -> tuple[Fraction, ...]:
        """The answers that a trained network holds: the digits of q1 and q2, decoded."""
        run = forward(net, dict.fromkeys(net.inputs, Fraction(0)))
        return tuple(
            answer_read(self.setting, self.rho, [int(run.out[v] == 2) for v in self.digits(part)])
            for part in ("q1", "q2")
        )


def _stamp(template: Fragment, names: dict[str, str]) -> dict[Edge, Fraction]:
    return {(names[u], names[v]): weight for (u, v), weight in template.edges.items()}
