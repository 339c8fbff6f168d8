"""The loops of the machines of Theorems 2b, 2c and 2d and Lemmas 2, 5b, 5c, 5d and 7, and of learners by Turing
machines, for methods of all sizes: the code that writes them writes as many gates as the formulas say
(:mod:`verify.claims.computation.turns.any_sizes`)."""

from collections.abc import Callable
from typing import Any

from constructions.computation.averaging import Averaging
from constructions.computation.averaging_gates import StepSizes, step_gates
from constructions.computation.one_by_one import TurnSizes, turn_gates, write_one_by_one
from constructions.computation.reading_gates import ReadingSizes, reading_gates
from constructions.computation.reading_machine import write_reading
from constructions.computation.tableau_sizes import learner_gates, outcome_gates
from constructions.computation.turing_learner import TuringLearner, returned_bits
from constructions.foundations.exact import Number
from verify.claims.computation.turns.any_sizes import AnyBits, AnyDesign, AnyNumber, CountedCircuit, term_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

CIRCUITS = ("query", "update", "predict")


class SizedMethod:
    """A method in bits of any sizes, with the names of :class:`constructions.computation.averaging.MethodInBits`.

    Parameters
    ----------
    design, gates, sizes : what it is written into, the gates of its three circuits, and its sizes by name.
    """

    random = 0

    def __init__(self, design: AnyDesign, gates: dict[str, Number], sizes: dict[str, Number]) -> None:
        self.query, self.update, self.predict = (CountedCircuit(gates[name]) for name in CIRCUITS)
        any_of = {name: AnyNumber(design.tally, size) for name, size in sizes.items()}
        self.n, self.state, self.parallel = any_of["n"], any_of["state"], any_of["parallel"]
        self.query_width, self.query_fraction = any_of["value"], any_of["value places"]
        self.fraction, self.turn_width = any_of["places"], any_of["turn"]
        self.query_widths = self.parallel.over(self.query_width)


class AnyAveraging:
    """The machines of :class:`constructions.computation.averaging.Averaging`, whose code it runs, of any sizes.

    Parameters
    ----------
    method, two_labels : as there. width, counter : the bits of a sum, and of the number of values.
    """

    write_over_samples, write_over_rounds = Averaging.write_over_samples, Averaging.write_over_rounds
    _go_on, _predict = Averaging._go_on, Averaging._predict
    many, over = 2, 1

    def __init__(self, method: SizedMethod, width: AnyNumber, counter: AnyNumber, two_labels: bool) -> None:
        self.method, self.width, self.counter, self.two_labels = method, width, counter, two_labels

    def width_over(self, places: Any) -> AnyNumber:
        """The bits of a sum, whatever the places."""
        return self.width


def any_method(case: Case, design: AnyDesign) -> tuple[SizedMethod, dict[str, Number], Number]:
    """A method of any sizes, its sizes, and the gates of its circuits together."""
    names = ("n", "state", "parallel", "value", "value places", "places", "turn")
    sizes = {name: case.integer(name) for name in names}
    gates = {name: case.integer(f"gates of the {name}") for name in CIRCUITS}
    own = gates["query"] + gates["update"] + gates["predict"]
    return SizedMethod(design, gates, sizes), sizes, own


@obligation(
    "averaging.loops",
    paper="Theorem 2b",
    of=lambda case: step_gates,
    twin=lambda case: lambda of: step_gates(of) + of.parallel,
)
def steps_of_any_size_are_counted(formula: Callable[[StepSizes], Number], case: Case) -> None:
    """For every method in bits, of any sizes: the code of the machines of Theorem 2b, of Theorem 2d and of Lemma 2, run
    on vectors of any width, with one turn of each of its loops counted as often as there are turns, writes as many
    gates as the formula says."""
    for name in ("samples", "rounds", "rounds on two labels"):
        design, two = AnyDesign(), name == "rounds on two labels"
        method, sizes, own = any_method(case, design)
        width, counter = (AnyNumber(design.tally, case.integer(what)) for what in ("sum", "counter"))
        averaging: Any = AnyAveraging(method, width, counter, two)
        (averaging.write_over_samples if name == "samples" else averaging.write_over_rounds)(design)
        of = StepSizes(
            own=own,
            state=sizes["state"],
            parallel=sizes["parallel"],
            sum=width.many,
            counter=counter.many,
            places=sizes["places"],
            masked=sizes["parallel"] * sizes["value"] if two else 0,
        )
        case.equal(name, design.tally.made, formula(of))


@obligation(
    "theorem2c.loops",
    paper="Theorem 2c",
    of=lambda case: turn_gates,
    twin=lambda case: lambda of: turn_gates(of) + of.parallel,
)
def turns_of_any_size_are_counted(formula: Callable[[TurnSizes], Number], case: Case) -> None:
    """For every method in bits, of any sizes: the code of the machine of Theorem 2c, run on vectors of any width, with
    one turn of each of its loops counted as often as there are turns, writes as many gates as the formula says."""
    design = AnyDesign()
    method, sizes, own = any_method(case, design)
    any_size: Any = method
    write_one_by_one(design, any_size)
    names = ("state", "parallel", "value", "places", "turn")
    case.equal("gates", design.tally.made, formula(TurnSizes(own=own, **{name: sizes[name] for name in names})))


class AnyTimed:
    """A machine with its time, of which the gates of its tableau and the bits of a symbol's code are known, terms."""

    def __init__(self, tableau: Number, symbol: Number) -> None:
        self.tableau, self.symbol = tableau, symbol

    def outcome(self, design: AnyDesign, returned: Any) -> tuple[AnyBits, AnyBits]:
        """Count the tableau and what is read off it, of so many bits."""
        tally: Any = design.tally
        tally.made = tally.made + self.tableau
        returned_bits(lambda c: AnyBits.of(tally, self.symbol), 1, returned)
        return AnyBits.of(tally, 1), AnyBits.of(tally, term_of(returned))


class AnyLearner:
    """A learner by Turing machines of any sizes, which runs the code of :class:`TuringLearner
    <constructions.computation.turing_learner.TuringLearner>`.

    Parameters
    ----------
    machines : the three, by name. sizes : the bits of x, of the state and of an answer, and the queries of a round.
    """

    write, random = TuringLearner.write, 0

    def __init__(self, machines: dict[str, AnyTimed], sizes: dict[str, AnyNumber]) -> None:
        self.query, self.update, self.predict = (machines[name] for name in CIRCUITS)
        self.n, self.state, self.parallel, self.fraction = (
            sizes[name] for name in ("n", "state", "parallel", "fraction")
        )


@obligation(
    "turing.learner.loops",
    paper="Lemma 3b",
    of=lambda case: learner_gates,
    twin=lambda case: lambda *sizes, parallel, state: parallel + learner_gates(*sizes, parallel=parallel, state=state),
)
def rounds_of_any_size_are_counted(formula: Callable[..., Number], case: Case) -> None:
    """For every learner by Turing machines, of any sizes: the code of a round, in which a tableau has any number of
    gates and a symbol any number of bits, run with one turn of each of its loops counted as often as there are turns,
    writes as many gates as the formulas of outcomes and of rounds say."""
    design, names = AnyDesign(), ("n", "state", "parallel", "fraction")
    sizes = {name: case.integer(name) for name in names}
    returned = {"query": sizes["parallel"], "update": sizes["state"], "predict": 1}
    machines, outcomes = {}, []
    for name in CIRCUITS:
        tableau, symbol = (case.integer(f"{name}: {what}") for what in ("tableau", "symbol"))
        machines[name] = AnyTimed(tableau, symbol)
        outcomes.append(outcome_gates(tableau, returned[name], symbol))
    learner: Any = AnyLearner(machines, {name: AnyNumber(design.tally, size) for name, size in sizes.items()})
    learner.write(design)
    wanted = formula(*outcomes, parallel=sizes["parallel"], state=sizes["state"])
    case.equal("gates", design.tally.made, wanted)


class AnySampleLearner:
    """A learner from samples of any sizes, with the names of
    :class:`constructions.computation.reading_machine.SampleLearner`.

    Parameters
    ----------
    design : what it is written into. of : its sizes.
    """

    random = 0

    def __init__(self, design: AnyDesign, of: ReadingSizes) -> None:
        tally = design.tally
        self.predict = CountedCircuit(of.own)
        self.n, self.m = AnyNumber(tally, of.n, bits=of.length), AnyNumber(tally, of.m, bits=of.width)
        self.prediction = AnyNumber(tally, of.prediction)


@obligation(
    "lemma5a.loops",
    paper="Lemma 5a",
    of=lambda case: reading_gates,
    twin=lambda case: lambda of, *, alternating: reading_gates(of, alternating=alternating) + of.m,
)
def readings_of_any_size_are_counted(formula: Callable[..., Number], case: Case) -> None:
    """For every learner from samples, of any sizes, and answers of one binary place at least: the code of the machine
    of Lemma 5a, and of Lemma 6, run on vectors of any width, with one turn of each of its loops counted as often as
    there are turns, writes as many gates as the formula says. A product counts as gates.product says."""
    names = ("n", "m", "places", "width", "length", "own", "prediction")
    of = ReadingSizes(**{name: case.integer(name) for name in names})
    case.assume(of.places >= 1, of.n >= 1, of.m >= 1)
    for alternating, item in ((False, "Lemma 5a"), (True, "Lemma 6")):
        design = AnyDesign()
        learner: Any = AnySampleLearner(design, of)
        places: Any = AnyNumber(design.tally, of.places, positive=True)
        write_reading(design, learner, fraction=places, alternating=alternating)
        case.equal(item, design.tally.made, formula(of, alternating=alternating))
