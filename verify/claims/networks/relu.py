"""Section 3's remark: ReLU networks with fixed weights have the outputs and the trained gradients of the network
they stand for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, between, every, implies, negation, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.rounding import is_valid
from constructions.networks.controls import activator, control
from constructions.networks.flat import FlatNetwork, flat_network
from constructions.networks.gates import code, conjunction
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting, query_graph
from constructions.networks.relu import Gadget, ReluTerm, ReluVersion, with_relus
from constructions.networks.trainable import Trainable
from verify.obligations.case import Case, State
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

TILTED = Activation(
    kinks=(Fraction(-1, 2), Fraction(1)),
    slopes=(Fraction(-1, 3), Fraction(2), Fraction(1, 2)),
    value=Fraction(1),
    name="tilted",
)
SIGMAS = {"ramp": RAMP, "hard-tanh": HARD_TANH, "tilted": TILTED, "identity": IDENTITY}
Pair = tuple[Activation, Gadget]


def _pair(sigma: Activation, *, lost: bool = False) -> Callable[[Case], Pair]:
    gadget = Gadget.of(sigma)
    return lambda case: (sigma, replace(gadget, terms=gadget.terms[:-1]) if lost else gadget)


def off_kinks(sigma: Activation, z: Number) -> Formula:
    """z is on no kink of sigma."""
    return negation(sigma.on_kink(z))


def gadget_is_sigma(subject: Pair, case: Case) -> None:
    """For every z the ReLUs add up to sigma(z); where no ReLU is on its kink, their slopes add up to its slope."""
    sigma, gadget = subject
    z = case.real("z")
    case.equal("the value", gadget(z), sigma(z))
    case.show(
        "the slope",
        gadget.slope(z) == sigma.slope(z),
        given=negation(some(*(RELU.on_kink(term.into(z)) for term in gadget.terms))),
    )


for _name, _sigma in SIGMAS.items():
    registry().add(
        Obligation(
            id=f"relu.gadget.{_name}",
            paper="Section 3",
            claim=gadget_is_sigma,
            of=_pair(_sigma),
            twin=_pair(_sigma, lost=True),
        )
    )


def _moved(sigma: Activation) -> Callable[[Case], Pair]:
    gadget = Gadget.of(sigma)
    first, *rest = gadget.terms
    moved = ReluTerm(first.coefficient, first.sign, first.kink + Fraction(1, 2))
    return lambda case: (sigma, replace(gadget, terms=(moved, *rest)))


@obligation("relu.kinks", paper="Section 3", of=_pair(RAMP), twin=_moved(RAMP))
def relus_have_the_kinks_of_sigma(subject: Pair, case: Case) -> None:
    """Some ReLU of a vertex is on its kink exactly where the two-stage ramp is on one; so where the vertex is
    strictly flat, none is."""
    sigma, gadget = subject
    z = case.real("z")
    hit = some(*(RELU.on_kink(term.into(z)) for term in gadget.terms))
    case.show("no other kink", implies(hit, sigma.on_kink(z)))
    case.show("no kink less", implies(sigma.on_kink(z), hit))
    case.show("strictly flat is off all of them", implies(sigma.strictly_flat(z), negation(hit)))


@obligation(
    "relu.forward",
    paper="Section 3",
    kind="induction",
    of=_pair(RAMP),
    twin=_pair(RAMP, lost=True),
    needs=("relu.gadget.ramp",),
)
def pre_activations_agree_for_any_fan_in(subject: Pair, case: Case) -> None:
    """If every tail's ReLUs take its pre-activation, the ReLUs of a vertex take its own, whatever the number of edges:
    each edge of weight w becomes one of weight w times a coefficient from each ReLU of its tail, and w times the
    constant part from the constant."""
    sigma, gadget = subject
    state: State = {"pre": case.real("pre"), **{f"relu {j}": case.real(f"relu {j}") for j in range(len(gadget.terms))}}
    start: State = {"pre": Fraction(0), **{f"relu {j}": term.into(Fraction(0)) for j, term in enumerate(gadget.terms)}}
    weight, tail = case.real("weight"), case.real("pre-activation of the next tail")

    def advance(now: State) -> State:
        w, z = now["weight"], now["tail"]
        carried: Number = gadget.constant + sum(
            (term.coefficient * RELU(term.into(z)) for term in gadget.terms), Fraction(0)
        )
        after: State = {"pre": now["pre"] + w * sigma(z)}
        return after | {f"relu {j}": now[f"relu {j}"] + term.sign * w * carried for j, term in enumerate(gadget.terms)}

    case.induction(
        "one more edge",
        state=state,
        start=start,
        advance=advance,
        inputs={"weight": weight, "tail": tail},
        holds=lambda now: every(*(now[f"relu {j}"] == term.into(now["pre"]) for j, term in enumerate(gadget.terms))),
    )


@obligation(
    "relu.backward",
    paper="Section 3",
    kind="induction",
    of=_pair(RAMP),
    twin=_pair(RAMP, lost=True),
    needs=("relu.kinks",),
)
def adjoints_agree_for_any_fan_out(subject: Pair, case: Case) -> None:
    """If the ReLUs of every head have its adjoint times their coefficients, and no head is on a kink, then the ReLUs of
    a vertex have its adjoint times theirs, whatever the number of edges that leave it."""
    sigma, gadget = subject
    state: State = {
        "adjoint": case.real("adjoint"),
        **{f"relu {j}": case.real(f"relu {j}") for j in range(len(gadget.terms))},
    }
    weight, head, above = case.real("weight"), case.real("pre-activation of the next head"), case.real("its adjoint")
    case.assume(off_kinks(sigma, head))

    def advance(now: State) -> State:
        w, z, a = now["weight"], now["head"], now["above"]
        entering = sum(
            (term.sign * RELU.slope(term.into(z)) * term.coefficient * a for term in gadget.terms), Fraction(0)
        )
        after: State = {"adjoint": now["adjoint"] + w * sigma.slope(z) * a}
        return after | {
            f"relu {j}": now[f"relu {j}"] + w * term.coefficient * entering for j, term in enumerate(gadget.terms)
        }

    case.induction(
        "one more edge",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        advance=advance,
        inputs={"weight": weight, "head": head, "above": above},
        holds=lambda now: every(
            *(now[f"relu {j}"] == term.coefficient * now["adjoint"] for j, term in enumerate(gadget.terms))
        ),
    )


@dataclass(frozen=True)
class Shape:
    """A fragment with one output on the two-stage ramp, and its ReLU version; the weight of ``trained`` edges is a
    variable."""

    given: Trainable
    made: ReluVersion

    @classmethod
    def of(cls, fragment: Fragment) -> "Shape":
        """Both networks, in arrays."""
        net = Trainable(network=flat_network(fragment), rho=Fraction(1, 16))
        return cls(net, with_relus(net))

    def broken(self) -> "Shape":
        """One weight of the ReLU version moved (the first that a frozen edge into its last ReLU has)."""
        flat = self.made.net.network
        weights = flat.weights.copy()
        weights[int(flat.offsets[self.made.net.output - 1])] += 1
        return replace(
            self, made=replace(self.made, net=replace(self.made.net, network=replace(flat, weights=weights)))
        )


def head_of(net: FlatNetwork, edge: int) -> tuple[str, str]:
    """The ends of an edge by name."""
    return net.name(int(net.sources[edge])), net.name(int(net.heads[edge]))


def outputs_and_gradients_agree(subject: Shape, case: Case) -> None:
    """For all inputs and all values in (0, 2) of the trained weights: both networks return the same, and where no
    vertex of the given one is on a kink, the ReLU version has no kink either and the same derivative by every trained
    weight."""
    given, made = subject.given, subject.made
    flat, relu = given.network, made.net.network
    inputs = {name: case.real(name) for name in flat.inputs}
    values = [case.real(f"weight {i}") for i in range(len(made.edges))]
    case.assume(*(between(0, value, 2) for value in values))
    ours = [head_of(flat, edge) for edge in made.trained.tolist()]
    theirs = [head_of(relu, edge) for edge in made.edges.tolist()]
    whole = flat.fragment().with_weights(dict(zip(ours, values, strict=True)))
    reads = relu.into(made.net.output)
    hidden = relu.part(range(relu.first, made.net.output), [v for v, _ in reads if v])
    hidden = hidden.with_weights(dict(zip(theirs, values, strict=True)))
    first = case.run(whole, inputs, label="given")
    second = case.run(hidden, {name: inputs[name] for name in hidden.inputs}, label="ReLU")
    out = flat.name(given.output)
    case.equal(
        "the output", sum((w * (second.out[relu.name(v)] if v else 1) for v, w in reads), Fraction(0)), first.out[out]
    )
    case.assume(*(off_kinks(flat.sigma, pre) for pre in first.pre.values()))
    adjoint = case.real("adjoint of the output")
    one = case.gradient(first, {out: adjoint}, label="given")
    seeds: Mapping[str, Number] = {relu.name(v): w * adjoint for v, w in reads if v}
    two = case.gradient(second, seeds, label="ReLU")
    for a, b in zip(ours, theirs, strict=True):
        case.equal(f"the derivative by {a[0]} -> {a[1]}", two.edges[b], one.edges[a])


def copy(setting: Setting, *, prime: bool, bits: int = 0) -> Fragment:
    """Q or Q' with the rest of the network as one more input of v4; digits, if any, are read by v4 too."""
    graph = query_graph(setting, rho=Fraction(1, 16), bits=bits, prime=prime)
    read = {(f"vr{i}", "v4"): Fraction(1, 8) for i in range(bits)}
    return Fragment(
        inputs=("vc", "rest"),
        outputs=("v4",),
        edges={**graph.edges, ("rest", "v4"): 1, **read},
        constant="v0",
        sigma=graph.sigma,
    )


SHAPES = {
    "gate": conjunction(),
    "gate.hard-tanh": conjunction(sigma=HARD_TANH),
    "control": control(),
    "vc": activator(DYADIC),
    "copy.minimal": copy(MINIMAL, prime=False),
    "copy.strong": copy(STRONG, prime=True),
    "copy.dyadic": copy(DYADIC, prime=False),
    "digit": copy(DYADIC, prime=True, bits=1),
}


def _shape(fragment: Fragment, *, broken: bool = False) -> Callable[[Case], Shape]:
    return lambda case: Shape.of(fragment).broken() if broken else Shape.of(fragment)


for _name, _fragment in SHAPES.items():
    registry().add(
        Obligation(
            id=f"relu.shape.{_name}",
            paper="Section 3",
            claim=outputs_and_gradients_agree,
            needs=("relu.forward", "relu.backward"),
            of=_shape(_fragment),
            twin=_shape(_fragment, broken=True),
        )
    )


def _bit(size: Fraction, drive: Fraction) -> Callable[[Case], tuple[Gadget, Fraction]]:
    return lambda case: (Gadget.chord(RAMP, size), drive)


DRIVE = Fraction(4)


@obligation("relu.random", paper="Section 3", of=_bit(DRIVE, DRIVE), twin=_bit(DRIVE, 2 * DRIVE))
def random_bit_is_one_relu(subject: tuple[Gadget, Fraction], case: Case) -> None:
    """A random bit, sigma of plus or minus the drive, is a constant and one ReLU of the same pre-activation, off its
    kink: its one edge is sampled as before."""
    gadget, drive = subject
    bit = case.bit("bit")
    z = select(bit, drive, -drive)
    case.equal("the bit", gadget(z), code(RAMP).encode(bit))
    case.show(
        "one ReLU, off its kink",
        every(len(gadget.terms) == 1, *(negation(RELU.on_kink(t.into(z))) for t in gadget.terms)),
    )


Output = tuple[Setting, Activation, Callable[[Number], Number]]


def _output(setting: Setting, last: Activation, reads: Callable[[Number], Number]) -> Callable[[Case], Output]:
    return lambda case: (setting, last, reads)


def output_is_held(subject: Output, case: Case) -> None:
    """In a round of either label the output vertex returns the declared value, -offset rho or 1 + offset rho, with
    derivative 1."""
    setting, last, reads = subject
    rho = case.real("rho")
    case.assume(rho > 0, rho < setting.rho_below)
    for prime in (False, True):
        pre = reads(setting.pre_activation(rho, prime=prime))
        case.equal(f"label {0 if prime else 1}", last(pre), setting.output(rho, prime=prime))
        case.equal(f"label {0 if prime else 1}: slope", last.slope(pre), Fraction(1))


RAMP_GADGET = Gadget.of(RAMP)
registry().add(
    Obligation(
        id="relu.output",
        paper="Section 3",
        claim=output_is_held,
        of=_output(STRONG, IDENTITY, RAMP_GADGET),
        twin=_output(STRONG, IDENTITY, lambda z: z),
        erratum="E70",
    )
)
registry().add(
    Obligation(
        id="relu.output.printed",
        paper="Section 3",
        claim=output_is_held,
        of=_output(STRONG, RELU, RAMP_GADGET),
        expect=Verdict.REFUTED,
        erratum="E70",
    )
)


def _spread(gadget: Gadget) -> Callable[[Case], Gadget]:
    return lambda case: gadget


def step_moves_by_a_valid_rounding(gadget: Gadget, case: Case) -> None:
    """If every ReLU of a trained edge's head has an edge of its own and each moves by a valid rounding of its gradient,
    the head moves by a valid rounding of its gradient."""
    a, adjoint, rho = case.real("a"), case.real("adjoint"), case.real("rho")
    case.assume(rho > 0, between(0, a, 1), between(-1, adjoint, 1))
    after: Number = gadget.constant
    for j, term in enumerate(gadget.terms):
        m = case.integer(f"rounding {j}")
        case.assume(
            is_valid(m, term.coefficient * term.sign * RELU.slope(term.into(a)) * adjoint, rho),
            between(-1, 4 * rho * m, 1),
        )
        after = after + term.coefficient * RELU(term.into(a) - term.sign * rho * m)
    case.assume(after > 0)
    change = gadget(a) - after
    case.show("within 3/4 rho of its gradient", every(change - adjoint <= 3 * rho / 4, adjoint - change <= 3 * rho / 4))


LINE = Gadget.line(RAMP, Fraction(1, 16))
registry().add(
    Obligation(
        id="relu.memory",
        paper="Section 3",
        claim=step_moves_by_a_valid_rounding,
        of=_spread(LINE),
        twin=_spread(RAMP_GADGET),
        erratum="E71",
    )
)
registry().add(
    Obligation(
        id="relu.split.printed",
        paper="Section 3",
        claim=step_moves_by_a_valid_rounding,
        of=_spread(RAMP_GADGET),
        expect=Verdict.REFUTED,
        erratum="E71",
    )
)


@obligation("relu.drift", paper="Section 3", of=_pair(RAMP), twin=lambda case: (RAMP, Gadget(Fraction(0), ())))
def gadgets_drift_unless_frozen(subject: Pair, case: Case) -> None:
    """Where a vertex is strictly flat above 2, the edge into it has no gradient in the given network, but its ReLUs'
    edges have: the tail's value times the adjoint of the vertex, up to sign. Only their sum is 0, and each is clipped
    and rounded on its own."""
    sigma, gadget = subject
    z, tail, adjoint = case.real("z"), case.real("tail"), case.real("adjoint")
    case.assume(z > 2, tail != 0, adjoint != 0)
    entries = [term.coefficient * term.sign * RELU.slope(term.into(z)) * adjoint * tail for term in gadget.terms]
    case.equal("no gradient on the edge", sigma.slope(z) * adjoint * tail, Fraction(0))
    case.equal("they add up to none", sum(entries, Fraction(0)), Fraction(0))
    case.show("four ReLUs", len(entries) == 4)
    case.show(
        "every ReLU has one", every(*(some(entry == tail * adjoint, entry == -tail * adjoint) for entry in entries))
    )
    case.show("it is not 0", every(*(entry != 0 for entry in entries)))
