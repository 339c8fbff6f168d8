"""Lemma 3b: the vertices vc and the output controls stay strictly flat, and a canceller, the control that takes off the
output what an active copy adds to it, does so exactly."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import between, every, select, some
from constructions.foundations.network import Fragment
from constructions.networks.controls import activator, control, primary_weight, secondary_weight
from constructions.networks.gates import code
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, Setting, query_graph
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

LOW, SLOPE_LOW, MIDDLE, SLOPE_HIGH, HIGH = RAMP.pieces


def vc_is_flat(graph: Fragment, case: Case) -> None:
    """The vertex vc of a copy returns 0 if its bit says that the copy is active, and 2 if it says that the copy is
    idle. It is strictly flat both times, so no edge into it ever gets a gradient."""
    for name, bit, out, piece in (("active", -2, 0, MIDDLE), ("idle", 2, 2, HIGH)):
        run = case.run(graph, {"bit": Fraction(bit)}, label=name, expect={"vc": piece})
        case.equal(f"{name}: the output", run.out["vc"], Fraction(out))
        gradient = case.gradient(run, {"vc": case.real("adjoint")}, label=name)
        case.show(f"{name}: no gradient on any edge", every(*(gradient.edges[edge] == 0 for edge in graph.edges)))


def _vc(setting: Setting, **changed: Fraction) -> Callable[[Case], Fragment]:
    graph = activator(setting)
    return lambda case: graph.with_weights({(u, "vc"): weight for u, weight in changed.items()})


registry().add(
    Obligation(
        id="lemma3b.vc.printed",
        paper="Lemma 3b",
        claim=vc_is_flat,
        of=_vc(PRINTED),
        expect=Verdict.REFUTED,
        erratum="E04",
    )
)
for _setting in (MINIMAL, STRONG):
    registry().add(
        Obligation(
            id=f"lemma3b.vc.{_setting.name.split()[0]}",
            paper="Lemma 3b",
            claim=vc_is_flat,
            of=_vc(_setting),
            erratum="E04",
            twin=_vc(_setting, bit=Fraction(1, 2)),
        )
    )


def _vc_region(*, closed: bool) -> Callable[[Case], Fragment]:
    """vc with any weights of the region, or also with those on one of its ends (the twin's)."""

    def build(case: Case) -> Fragment:
        w, u = case.real("w"), case.real("u")
        case.assume(-2 * w + u >= -1 if closed else -2 * w + u > -1, -2 * w + u < 0, 2 * w + u > 2)
        return activator(PRINTED).with_weights({("bit", "vc"): w, ("one", "vc"): u})

    return build


registry().add(
    Obligation(
        id="lemma3b.vc.region",
        paper="Lemma 3b",
        claim=vc_is_flat,
        of=_vc_region(closed=False),
        twin=_vc_region(closed=True),
        erratum="E04",
    )
)


def _touching(low: int) -> Callable[[Case], tuple[Fragment, int]]:
    return lambda case: (activator(PRINTED), low)


@obligation("lemma3b.vc.sharp", paper="Lemma 3b", of=_touching(-1), twin=_touching(0), erratum="E04")
def vc_region_is_sharp(subject: tuple[Fragment, int], case: Case) -> None:
    """If vc is strictly flat both where it returns 0 and where it returns 2, then its weights w (from the bit) and u
    (from the constant) satisfy -1 < -2w + u < 0 and 2w + u > 2."""
    graph, low = subject
    w, u = case.real("w"), case.real("u")
    changed = graph.with_weights({("bit", "vc"): w, ("one", "vc"): u})
    for bit, out in ((-2, 0), (2, 2)):
        run = case.run(changed, {"bit": Fraction(bit)}, label=f"bit {bit}")
        case.assume(run.flat("vc"), run.out["vc"] == out)
    case.show("the region", every(between(low, -2 * w + u, 0), 2 * w + u > 2))


@obligation(
    "lemma3b.control",
    paper="Lemma 3b",
    of=lambda case: control(),
    twin=lambda case: control().with_weight("one", "control", 0),
)
def controls_are_flat(graph: Fragment, case: Case) -> None:
    """For all values of the two bits that it reads (-2 or 2), an output control returns half of their sum (-2, 0 or 2)
    and is strictly flat, so no edge into it ever gets a gradient."""
    plus, minus = case.real("plus"), case.real("minus")
    case.assume(code(RAMP).is_bit(plus), code(RAMP).is_bit(minus))
    run = case.run(graph, {"plus": plus, "minus": minus}, label="control")
    case.show("strictly flat", run.flat("control"))
    case.equal("the output", run.out["control"], (plus + minus) / 2)
    gradient = case.gradient(run, {"control": case.real("adjoint")}, label="control")
    case.show("no gradient on any edge", every(*(gradient.edges[edge] == 0 for edge in graph.edges)))


Held = tuple[Fragment, Setting, Number, bool]


def _cancelling(setting: Setting, prime: bool, *, share: Fraction = Fraction(1)) -> Callable[[Case], Held]:
    """An active copy at every rho of its setting, and a setting whose canceller takes off ``share`` times the copy's
    share."""

    def build(case: Case) -> Held:
        rho = case.real("rho")
        case.assume(rho > 0, rho < setting.rho_below)
        chosen = replace(setting, share=setting.share * share)
        return query_graph(setting, rho=rho, bits=0, prime=prime), chosen, rho, prime

    return build


def output_is_held(subject: Held, case: Case) -> None:
    """For every rho below the setting's bound and every number n of active copies, the primary control, the n copies
    and one canceller for each of them (the control that takes off what the copy adds) give the output vertex its
    declared value, with the pre-activation strictly inside a piece of slope 1."""
    graph, setting, rho, prime = subject
    run = case.run(graph, {"vc": Fraction(0)}, label="active", outside={"v4": case.real("z")})
    n = case.integer("n")
    case.assume(n >= 0)
    sign = 1 if prime else -1
    total = sign * 2 * primary_weight(setting, rho)
    total = total + n * (graph.weight("v3", "v4") * run.out["v3"]) + sign * 2 * n * secondary_weight(setting)
    case.equal("the pre-activation", total, setting.pre_activation(rho, prime=prime))
    case.equal("the output", RAMP(total), setting.output(rho, prime=prime))
    case.show("strictly inside its piece", (SLOPE_HIGH if prime else SLOPE_LOW).inside(total))


for _setting in (MINIMAL, STRONG, DYADIC):
    for _prime, _name in ((False, "q"), (True, "q'")):
        registry().add(
            Obligation(
                id=f"lemma3b.held.{_setting.name.split()[0]}.{_name}",
                paper="Lemma 3b",
                claim=output_is_held,
                of=_cancelling(_setting, _prime),
                twin=_cancelling(_setting, _prime, share=Fraction(2)),
                needs=("lemma3b.control",),
            )
        )
registry().add(
    Obligation(
        id="lemma3b.held.printed.q'",
        paper="Lemma 3b",
        claim=output_is_held,
        of=_cancelling(PRINTED, True),
        expect=Verdict.REFUTED,
        erratum="E03",
    )
)


def _clipping(limit: int) -> Callable[[Case], tuple[Setting, int]]:
    return lambda case: (PRINTED, limit)


def gradients_are_at_most(subject: tuple[Setting, int], case: Case) -> None:
    """For every rho of the printed setting and both labels, while the output is held, the gradient of each edge from a
    primary control to the output is at most the given limit in size (as printed: 1)."""
    setting, limit = subject
    rho, value, label = case.real("rho"), case.real("value"), case.real("label")
    case.assume(rho > 0, rho < setting.rho_below, some(value == -2, value == 2), some(label == 0, label == 1))
    prime = value == 2
    output = select(prime, setting.output(rho, prime=True), setting.output(rho, prime=False))
    graph = Fragment(inputs=("control",), outputs=("f",), edges={("control", "f"): primary_weight(setting, rho)})
    run = case.run(graph, {"control": value}, label="control")
    case.equal("the held output", run.out["f"], output)
    gradient = case.gradient(run, {"f": run.out["f"] - label}, label="control").edges["control", "f"]
    case.show("at most the limit", every(-limit <= gradient, gradient <= limit))


obligation("section2.gradients.printed", paper="Section 2", of=_clipping(1), expect=Verdict.REFUTED, erratum="E08")(
    gradients_are_at_most
)
obligation("section2.gradients.repaired", paper="Section 2", of=_clipping(3), twin=_clipping(2), erratum="E08")(
    gradients_are_at_most
)


@obligation(
    "lemma3b.clipping.harmless",
    paper="Lemma 3b",
    of=lambda case: Fraction(0),
    twin=lambda case: Fraction(2),
    erratum="E08",
    needs=("lemma3b.control",),
)
def clipped_controls_are_harmless(later: Fraction, case: Case) -> None:
    """Whatever the weight of a control's edge to the output has become in its step, in a later step the control returns
    0, so it adds nothing to the output and its edge has no gradient."""
    weight = case.real("weight")
    graph = Fragment(inputs=("control",), outputs=("f",), edges={("control", "f"): weight})
    z = case.real("z")
    run = case.run(graph, {"control": later}, label="later step", outside={"f": z})
    case.assume(SLOPE_HIGH.inside(z), SLOPE_HIGH.inside(run.pre["f"]))
    case.equal("it adds nothing", run.pre["f"], z)
    case.equal(
        "no gradient",
        case.gradient(run, {"f": case.real("adjoint")}, label="later step").edges["control", "f"],
        Fraction(0),
    )
