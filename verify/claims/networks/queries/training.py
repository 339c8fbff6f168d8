"""Lemma 11's first half: through any number of steps on any batches, a copy is written once and is still before and
after.

A batch is collected sample by sample; the gradient of each sample is that of the chain rule's walk over the copy at its
present weights (``lemma11.batch``). Then a step of gradient descent is taken (``lemma11.training``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import backward, forward
from constructions.networks.memory import DRIVING, MOVING
from constructions.networks.queries import MINIMAL, STRONG, Setting, path_edges
from verify.claims.networks.queries.copies import IDLE, CopyOfSetting, broken, names
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State

EDGES: tuple[Edge, ...] = (*MOVING, *DRIVING)


def moved(edge: Edge) -> str:
    """By how many multiples of rho times the step size an edge was moved down."""
    return f"moved {edge[0]}{edge[1]}"


def written(edge: Edge) -> str:
    """By how many multiples the active step moved it down."""
    return f"written {edge[0]}{edge[1]}"


def total(edge: Edge) -> str:
    """The sum of the clipped gradients of an edge over the samples of the batch so far."""
    return f"sum {edge[0]}{edge[1]}"


def multiple(edge: Edge) -> str:
    """The multiple of rho to which the batch's entry of an edge is rounded."""
    return f"k[{edge[0]}{edge[1]}]"


def at_weights(copy: CopyOfSetting, down: dict[Edge, Number]) -> Fragment:
    """A copy each of whose edges was moved down by so many multiples of rho times the step size."""
    return copy.graph.with_weights(
        {edge: copy.graph.weight(*edge) - copy.setting.rate * copy.rho * by for edge, by in down.items()}
    )


def flat_while_idle(graph: Fragment) -> Formula:
    """Whether an idle copy is strictly flat at v2, v2' and v3."""
    run = forward(graph, {"vc": Fraction(2)}, outside={"v4": Fraction(0)})
    return every(*(run.on(v, piece) for v, piece in IDLE.items()))


def flat_but_for_v3(graph: Fragment) -> Formula:
    """Whether it is flat at v2 and v2' (the twins')."""
    run = forward(graph, {"vc": Fraction(2)}, outside={"v4": Fraction(0)})
    return every(*(run.on(v, IDLE[v]) for v in ("v2", "v2'")))


@dataclass(frozen=True, slots=True)
class CopySample:
    """A sample: what drives vc, what the rest of the network adds to the output, and the label."""

    vc: Number
    z: Number
    y: Number

    def gradient(self, graph: Fragment) -> dict[Edge, Number]:
        """The clipped derivatives of the loss at the copy's weights, by the chain rule's walk."""
        run = forward(graph, {"vc": self.vc}, outside={"v4": self.z})
        found = backward(run, {"v4": run.out["v4"] - self.y}, report_kinks=True)
        return {edge: clip(found.edges[edge]) for edge in EDGES}

    def is_smooth(self, graph: Fragment) -> Formula:
        """Whether the loss is differentiable by the copy's weights."""
        run = forward(graph, {"vc": self.vc}, outside={"v4": self.z})
        return backward(run, {"v4": run.out["v4"] - self.y}, report_kinks=True).smooth

    def is_idle(self, graph: Fragment) -> Formula:
        """Whether the copy is idle on it, and the output off its kinks."""
        run = forward(graph, {"vc": self.vc}, outside={"v4": self.z})
        return every(self.vc == 2, negation(graph.sigma.on_kink(run.pre["v4"])))

    def is_active(self, graph: Fragment, copy: CopyOfSetting) -> Formula:
        """Whether the copy is active on it, and the output held."""
        run = forward(graph, {"vc": self.vc}, outside={"v4": self.z})
        return every(self.vc == 0, run.out["v4"] == copy.setting.output(copy.rho, prime=copy.prime))


def any_path(setting: Setting, prime: bool) -> Callable[[Case], CopyOfSetting]:
    """A copy without its digits, through which nothing passes back, at every precision below the setting's bound and
    every resting weight up to 1/2."""

    def build(case: Case) -> CopyOfSetting:
        rho, a = case.real("rho"), case.real("a")
        case.assume(rho > 0, rho < setting.rho_below, a > 0, a <= Fraction(1, 2))
        chosen = setting.with_resting(a)
        edges = path_edges(chosen, prime=prime)
        graph = Fragment(inputs=("vc",), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)
        return CopyOfSetting(graph, chosen, rho, prime)

    return build


def rest_of(copy: CopyOfSetting) -> Number:
    """What the rest of the network has to add to the output for it to be held, on an active sample."""
    share = -copy.setting.share if copy.prime else copy.setting.share
    return copy.setting.pre_activation(copy.rho, prime=copy.prime) - share


def active_entries(copy: CopyOfSetting) -> dict[Edge, tuple[Number, Number]]:
    """For each edge, the clipped gradients of a wrong and of an agreeing active sample while the output is held."""
    run = forward(copy.graph, {"vc": Fraction(0)}, outside={"v4": rest_of(copy)}, pieces=copy.active)
    found = [backward(run, {"v4": run.out["v4"] - y}, pieces=copy.active).edges for y in (copy.wrong, copy.agreeing)]
    return {edge: (clip(found[0][edge]), clip(found[1][edge])) for edge in EDGES}


@dataclass(frozen=True, slots=True)
class CopyPhase:
    """A copy while it is as built, or (still) at any weights at which it is flat when idle.

    Parameters
    ----------
    copy : the copy as built. built : whether it still is. flat : says of a graph that it is flat when idle.
    """

    copy: CopyOfSetting
    built: bool
    flat: Callable[[Fragment], Formula] = flat_while_idle

    def down(self, case: Case) -> dict[Edge, Number]:
        """How far each edge has moved."""
        return {edge: Fraction(0) if self.built else case.integer(moved(edge)) for edge in EDGES}

    def name(self, claim: str) -> str:
        """The id of a claim about this copy in this phase."""
        return f"lemma11.{claim}.{'built' if self.built else 'still'}.{names(self.copy.setting, self.copy.prime)}"


def one_sample(phase: CopyPhase, case: Case) -> None:
    """On an idle sample the loss is differentiable and no edge of a copy has a gradient, while it is as built, and at
    any weights at which it is flat when idle. On an active sample, while it is as built and the output is held, each
    edge has the gradient of a wrong sample, or of an agreeing one, as the label says; these do not depend on anything
    else."""
    copy, down = phase.copy, phase.down(case)
    sample = CopySample(case.real("vc"), case.real("z"), case.real("y"))
    graph = at_weights(copy, down)
    case.assume(some(sample.y == 0, sample.y == 1), label="the labels are 0 and 1")
    if not phase.built:
        case.assume(phase.flat(graph), label="the copy is flat when idle")
    idle, active = sample.is_idle(graph), sample.is_active(graph, copy)
    case.show("differentiable while idle", sample.is_smooth(graph), given=idle)
    gradient, entries = sample.gradient(graph), active_entries(copy)
    case.show("no edge has a gradient while idle", every(*(gradient[edge] == 0 for edge in EDGES)), given=idle)
    if not phase.built:
        return
    case.show("differentiable while active", sample.is_smooth(graph), given=active)
    for place, label in enumerate((copy.wrong, copy.agreeing)):
        wanted = every(*(gradient[edge] == entries[edge][place] for edge in EDGES))
        case.show(f"each edge while active, label {label}", wanted, given=every(active, sample.y == label))


def settings_of(copy: CopyOfSetting) -> dict[str, Number]:
    """What every claim about a copy of one setting has as variables."""
    return {"rho": copy.rho, "a": copy.setting.resting}


def sums(copy: CopyOfSetting, s: State) -> Formula:
    """The sums of clipped gradients are those of so many wrong and agreeing samples."""
    wrong, agreeing = s["wrong"], s["active"] - s["wrong"]
    entries = active_entries(copy)
    return every(*(s[total(edge)] == entries[edge][0] * wrong + entries[edge][1] * agreeing for edge in EDGES))


def counts(s: State) -> Formula:
    """There are no more wrong samples than active ones, and no more of these than samples."""
    return every(s["wrong"] >= 0, s["wrong"] <= s["active"], s["active"] <= s["b"])


def one_batch(phase: CopyPhase, case: Case) -> None:
    """On a batch of any size, all samples of which are idle or, while the copy is as built, active with the output
    held, the clipped gradients of each edge sum to those of so many wrong samples and so many agreeing ones."""
    copy, down = phase.copy, phase.down(case)
    may_act = case.bit("may act") if phase.built else False
    graph = at_weights(copy, down)
    sample: State = {name: case.real(name) for name in ("vc", "z", "y")}
    if not phase.built:
        case.assume(phase.flat(graph), label="the copy is flat when idle")
    weights = {} if phase.built else {moved(edge): by for edge, by in down.items()}
    case.use(phase.name("sample"), **weights, **sample, **settings_of(copy))

    def given(s: State) -> Formula:
        here = CopySample(s["vc"], s["z"], s["y"])
        kind = some(here.is_idle(graph), every(may_act, here.is_active(graph, copy)))
        return every(kind, some(s["y"] == 0, s["y"] == 1))

    def advance(s: State) -> State:
        gradient = CopySample(s["vc"], s["z"], s["y"]).gradient(graph)
        active, wrong = s["vc"] == 0, every(s["vc"] == 0, s["y"] == copy.wrong)
        found = {"b": s["b"] + 1, "active": s["active"] + select(active, 1, 0)}
        found["wrong"] = s["wrong"] + select(wrong, 1, 0)
        return found | {total(edge): s[total(edge)] + gradient[edge] for edge in EDGES}

    state = {name: case.integer(name) for name in ("b", "wrong", "active")}
    state |= {total(edge): case.real(total(edge)) for edge in EDGES}
    at = case.reached(
        case.induction(
            "over the batch",
            state=state,
            start=dict.fromkeys(state, Fraction(0)),
            inputs=sample,
            given=given,
            advance=advance,
            holds=lambda s: every(sums(copy, s), counts(s), implies(negation(may_act), s["active"] == 0)),
        )
    )
    case.show("the sums", sums(copy, at))
    case.show("the counts", counts(at))
    case.show("none is active that may not", at["active"] == 0, given=negation(may_act))


def left_by_a_step(copy: CopyOfSetting, down: dict[Edge, Number], fm: Number, ft: Number) -> Formula:
    """How an active step leaves a copy: flat when idle, nothing but six edges moved, and the record near.

    Parameters
    ----------
    copy, down : the copy as built, and how far each edge has moved. fm, ft : which fractions of the batch were wrong
        and active.
    """
    setting, rho = copy.setting, copy.rho
    m, slack = -setting.rate * down[MOVING[0]], Fraction(3, 8) / setting.gain
    near = within(m * rho / setting.record_gain - fm - setting.offset * ft * rho, slack * rho)
    value = setting.resting - setting.rate * rho * down[MOVING[0]]
    order, fixed = every(fm >= 0, fm <= ft, ft <= 1), (down[edge] == 0 for edge in DRIVING)
    ticks = implies(ft == 1, m >= 1)
    return every(flat_while_idle(at_weights(copy, down)), near, order, m >= 0, ticks, value < 2, *fixed)


def one_step(copy: CopyOfSetting, case: Case) -> None:
    """Take a copy as built, and a step on a batch of any number of wrong and of agreeing active samples. Whatever the
    valid roundings are, after the step the copy is flat when it is idle, no edges but six have moved, and its record is
    near fm + offset rho ft, where fm is the fraction of the batch that is active and wrong and ft the fraction that is
    active. The record is at least 1 if the copy was active on the whole batch."""
    end, shared = names(copy.setting, copy.prime), settings_of(copy)
    down: dict[Edge, Number] = {edge: case.integer(moved(edge)) for edge in EDGES}
    batch: State = {name: case.integer(name) for name in ("b", "wrong", "active")}
    batch |= {total(edge): case.real(total(edge)) for edge in EDGES}
    size = select(batch["b"] >= 1, batch["b"], 1)
    case.assume(batch["b"] >= 1, counts(batch), label="a batch, with so many wrong and so many active samples")
    case.assume(sums(copy, batch), label="its clipped gradients sum to those of these samples")
    rounded = (is_valid(down[edge], batch[total(edge)] / size, copy.rho) for edge in EDGES)
    case.assume(*rounded, label="the averages are rounded validly")
    fm, ft = batch["wrong"] / size, batch["active"] / size
    of_step = {"fm": fm, "ft": ft, "z": rest_of(copy), **shared, **{multiple(edge): down[edge] for edge in MOVING}}
    record = {name: value for name, value in of_step.items() if not name.startswith("k") or name == "k[v0v1]"}
    case.use(f"lemma11.after.{end}", *(f"after: {v} stays strictly inside {IDLE[v]}" for v in IDLE), **of_step)
    case.use(f"lemma11.moves.{end}", "v0 -> v1 never falls", "v0 -> v1 stays below 2, so v1 returns it", **of_step)
    case.use(f"lemma11.record.{end}", **record)
    case.use(f"lemma11.clock.{end}", **record)
    case.show("as an active step leaves it", left_by_a_step(copy, down, fm, ft))


@dataclass(frozen=True, slots=True)
class CopyTraining:
    """Steps of gradient descent for one copy; ``s`` is the one step in which it may be active."""

    copy: CopyOfSetting
    s: Number

    def graph(self, s: State) -> Fragment:
        """The copy at its present weights."""
        return at_weights(self.copy, {edge: s[moved(edge)] for edge in EDGES})

    def given(self, s: State, case: Case) -> Formula:
        """The batch was collected sample by sample, and its averages are rounded validly."""
        batch = {f"over the batch reached: {name}": s[name] for name in ("b", "wrong", "active", *map(total, EDGES))}
        end, shared = names(self.copy.setting, self.copy.prime), settings_of(self.copy)
        first = {**batch, **shared, "may act": s["t"] == self.s}
        built = case.use(f"lemma11.batch.built.{end}", "the sums", "the counts", NONE_ACTS, **first)
        later = {**batch, **shared, **{moved(edge): s[moved(edge)] for edge in EDGES}}
        still = case.use(f"lemma11.batch.still.{end}", "the sums", "the counts", NONE_ACTS, **later)
        of_step = {name: s[name] for name in ("b", "wrong", "active", *map(total, EDGES))}
        of_step |= {moved(edge): s[moved(edge)] + s[multiple(edge)] for edge in EDGES}
        case.use(f"lemma11.step.{end}", **of_step, **shared)
        size = select(s["b"] >= 1, s["b"], 1)
        rounded = (is_valid(s[multiple(edge)], s[total(edge)] / size, self.copy.rho) for edge in EDGES)
        collected = every(implies(s["t"] <= self.s, built.premises), implies(s["t"] > self.s, still.premises))
        return every(collected, s["b"] >= 1, *rounded)

    def advance(self, s: State) -> State:
        """The weights after a step, and in the active step the fractions of its batch."""
        size, writes = select(s["b"] >= 1, s["b"], 1), s["t"] == self.s
        fractions = {
            "fm": select(writes, s["wrong"] / size, s["fm"]),
            "ft": select(writes, s["active"] / size, s["ft"]),
        }
        after = {moved(edge): s[moved(edge)] + s[multiple(edge)] for edge in EDGES}
        after |= {written(edge): select(writes, s[multiple(edge)], s[written(edge)]) for edge in EDGES}
        return {"t": s["t"] + 1, **fractions, **after}

    def holds(self, s: State) -> Formula:
        """Up to its step the copy is as built; after it, it is flat when idle and has its record."""
        nothing = every(*(s[moved(edge)] == 0 for edge in EDGES))
        return every(s["t"] >= 0, implies(s["t"] <= self.s, nothing), implies(s["t"] > self.s, self.is_written(s)))

    def is_written(self, s: State) -> Formula:
        """As an active step leaves it, and where this one left it."""
        down = {edge: s[moved(edge)] for edge in EDGES}
        once = (s[moved(edge)] == s[written(edge)] for edge in EDGES)
        return every(left_by_a_step(self.copy, down, s["fm"], s["ft"]), *once)

    def record(self, s: State) -> Number:
        """The multiple m of rho by which v0 -> v1 has risen."""
        return -self.copy.setting.rate * s[moved(MOVING[0])]


NONE_ACTS = "none is active that may not"


def any_training(copy: CopyOfSetting, case: Case) -> None:
    """A copy of Q, or Q', trained for any number of steps on batches of any size, at most one of which has active
    samples, with any valid roundings."""
    case.assume(case.integer("s") >= 0)
    training = CopyTraining(copy, case.integer("s"))
    state = {name: case.integer(name) for name in ("t", *map(moved, EDGES), *map(written, EDGES))}
    state |= {name: case.real(name) for name in ("fm", "ft")}
    inputs = {name: case.integer(name) for name in ("b", "wrong", "active", *map(multiple, EDGES))}
    inputs |= {total(edge): case.real(total(edge)) for edge in EDGES}
    at = case.reached(
        case.induction(
            "over the steps",
            state=state,
            start=dict.fromkeys(state, Fraction(0)),
            inputs=inputs,
            given=lambda s: training.given(s, case),
            advance=training.advance,
            holds=training.holds,
        )
    )
    before = at["t"] <= training.s
    case.show("each edge is as built before", every(*(at[moved(edge)] == 0 for edge in EDGES)), given=before)
    case.show("after it the copy is written", training.is_written(at), given=negation(before))


def _in_phase(
    build: Callable[[Case], CopyOfSetting], built: bool, flat: Callable[[Fragment], Formula] = flat_while_idle
) -> Callable[[Case], CopyPhase]:
    return lambda case: CopyPhase(build(case), built, flat)


OF_PHASES = (("sample", one_sample, "solver"), ("batch", one_batch, "induction"))
OF_COPIES = (("step", one_step, "solver"), ("training", any_training, "induction"))
for _setting, _prime in product((MINIMAL, STRONG), (False, True)):
    _copy = any_path(_setting, _prime)
    _wrong = broken(_copy, ("vc", "v3", Fraction(1, 4)))
    _end = names(_setting, _prime)
    _twins = (("built", True, _in_phase(_wrong, True)), ("still", False, _in_phase(_copy, False, flat_but_for_v3)))
    for _when, _built, _twin in _twins:
        for _name, _claim, _kind in OF_PHASES:
            registry().add(
                Obligation(
                    id=f"lemma11.{_name}.{_when}.{_end}",
                    paper="Lemma 11",
                    claim=_claim,
                    kind=_kind,
                    of=_in_phase(_copy, _built),
                    twin=_twin,
                )
            )
    for _name, _whole, _kind in OF_COPIES:
        registry().add(
            Obligation(
                id=f"lemma11.{_name}.{_end}",
                paper="Lemma 11",
                claim=_whole,
                kind=_kind,
                of=_copy,
                twin=_wrong,
            )
        )
