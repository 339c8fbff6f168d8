"""Section 3's remark: the parts of our networks and their ReLU versions, as they are built.

Proved here: both have the same outputs and the same derivatives by the trained weights (``relu.shape``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.foundations.activation import HARD_TANH
from constructions.foundations.exact import Number
from constructions.foundations.logic import between
from constructions.foundations.network import Fragment
from constructions.networks.controls import activator, control
from constructions.networks.flat import FlatNetwork, flat_network
from constructions.networks.gates import conjunction
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting, query_graph
from constructions.networks.relu import ReluVersion, with_relus
from constructions.networks.trainable import Trainable
from verify.claims.networks.relu.gadget import off_kinks
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry


@dataclass(frozen=True)
class FragmentAndReluVersion:
    """A fragment with one output on the two-stage ramp, and its ReLU version; the weight of ``trained`` edges is a
    variable."""

    given: Trainable
    made: ReluVersion

    @classmethod
    def of(cls, fragment: Fragment) -> "FragmentAndReluVersion":
        """Both networks, in arrays."""
        net = Trainable(network=flat_network(fragment), rho=Fraction(1, 16))
        return cls(net, with_relus(net))

    def broken(self) -> "FragmentAndReluVersion":
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


def outputs_and_gradients_agree(subject: FragmentAndReluVersion, case: Case) -> None:
    """For all inputs and all values in (0, 2) of the trained weights, the given network and its ReLU version return the
    same; and where no vertex of the given network is on a kink, no ReLU is on its kink either, and both have the same
    derivative by every trained weight."""
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


def copy_with_rest(setting: Setting, *, prime: bool, bits: int = 0) -> Fragment:
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
    "copy.minimal": copy_with_rest(MINIMAL, prime=False),
    "copy.strong": copy_with_rest(STRONG, prime=True),
    "copy.dyadic": copy_with_rest(DYADIC, prime=False),
    "digit": copy_with_rest(DYADIC, prime=True, bits=1),
}


def _shape(fragment: Fragment, *, broken: bool = False) -> Callable[[Case], FragmentAndReluVersion]:
    return lambda case: FragmentAndReluVersion.of(fragment).broken() if broken else FragmentAndReluVersion.of(fragment)


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
