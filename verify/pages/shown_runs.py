"""What a page shows of a recorded run: its steps taken again, and the method beside them, if the machine is known."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from constructions.computation.query_machine import QueryMachine
from constructions.networks.trainable import Trainable
from constructions.training.record import TracedStep
from constructions.training.retracing import RetracedStep, Retracing, RunSettings
from constructions.training.told_rounds import MethodBeside
from verify.drawing.round_view import groups_of
from verify.pages.queries_in_words import in_words, points_for
from verify.pages.states_in_words import state_in_words, widths_of
from verify.pages.training_run import ShownRound, ShownRun

UNNAMED = "a function of x of too many bits to be gone through"


class Showing:
    """Makes what a page shows of a run.

    Parameters
    ----------
    net : the network as the run initialized it. settings : those of the run.
    machine : the method that the network emulates; None if it is not known.

    Raises
    ------
    ConstructionError
        If the network is not the machine's, or its hints name vertices that are not there.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from constructions.training.by_fractions import any_engine
    >>> machine = best_literal_machine(1, fraction=4)
    >>> net = Plan(machine=machine, rho=Fraction(1, 8)).trainable
    >>> step = TracedStep(any_engine(net).step(np.array([[1]]), np.array([1])), ((1,),), (1,))
    >>> settings = RunSettings(rho=net.rho, rate=net.rate, batch=1, seed=0, source="one point", adversary="nearest")
    >>> run = Showing(net, settings, machine).of([step], title="one step")
    >>> run.rounds[0].queries, run.exact, len(run.steps[0].entries) > 0
    (('1', 'x1'), True, True)
    """

    def __init__(self, net: Trainable, settings: RunSettings, machine: QueryMachine | None) -> None:
        self.net, self.settings = net, settings
        self._retracing = Retracing(net, settings)
        self._beside: MethodBeside | None = None
        if machine is not None:
            self._beside = MethodBeside(machine, net, self._retracing.engine)
        self.groups = groups_of(net)

    def of(
        self, traced: Sequence[TracedStep], *, title: str, watch: Callable[[int], object] = lambda number: None
    ) -> ShownRun:
        """All that a page with this ``title`` shows of a trace.

        Parameters
        ----------
        traced : the steps that were recorded, from the first on. watch : is called with the number of each step.

        Raises
        ------
        ConstructionError
            For a step that is none of this network's.
        """
        steps, rounds = [], []
        for step in self._retracing.steps(traced):
            steps.append(step)
            rounds += self._round(step)
            watch(step.traced.step.number)
        return ShownRun(
            net=self.net,
            settings=self.settings,
            steps=steps,
            groups=self.groups,
            rounds=rounds,
            after=self._beside.state if self._beside else {},
            after_in_words=self._in_words(self._beside.state) if self._beside else (),
            predictor=self._predictor(len(rounds)),
            title=title,
        )

    def _round(self, step: RetracedStep) -> list[ShownRound]:
        beside, number = self._beside, step.traced.step.number
        if beside is None or number > beside.machine.rounds or step.traced.step.kink is not None:
            return []
        points = points_for(beside.machine.inputs, beside.machine.parallel)
        values = beside.asked(np.array(points, np.int64)) if points else []
        told = beside.after_step(np.array(step.traced.x, np.int64), np.array(step.traced.y, np.int64))
        queries = tuple(in_words(points, row) for row in values) or (UNNAMED,) * beside.machine.parallel
        return [ShownRound(told=told, queries=queries, state_in_words=self._in_words(told.state))]

    def _in_words(self, state: Mapping[str, int]) -> tuple[str, ...]:
        if self._beside is None:
            return ()
        machine = self._beside.machine
        return state_in_words(state, widths_of(machine.machine.state), machine.inputs)

    def _predictor(self, rounds: int) -> str:
        beside = self._beside
        if beside is None:
            return "All recorded steps are taken."
        if rounds < beside.machine.rounds:
            return f"{rounds} of the method's {beside.machine.rounds} rounds are over."
        points = points_for(beside.machine.inputs, 1)
        said = in_words(points, beside.predicted(np.array(points, np.int64))) if points else UNNAMED
        return f"The method has ended; it predicts {said}."
