"""Section 3's remark: what has to be held for ReLU versions to train like the networks they stand for.

Proved here: the output vertex (``relu.output``), a trained edge whose head is several ReLUs (``relu.memory``,
``relu.split.printed``), and edges that drift unless they are frozen (``relu.drift``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.activation import IDENTITY, RAMP, RELU, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import between, every, some
from constructions.foundations.rounding import is_valid
from constructions.networks.queries import STRONG, Setting
from constructions.networks.relu import Gadget
from verify.claims.networks.relu.gadget import Pair, activation_and_gadget
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

Output = tuple[Setting, Activation, Callable[[Number], Number]]


def _output(setting: Setting, last: Activation, reads: Callable[[Number], Number]) -> Callable[[Case], Output]:
    return lambda case: (setting, last, reads)


def output_is_held(subject: Output, case: Case) -> None:
    """For every rho below the setting's bound and for rounds of either label, the output vertex of the ReLU version
    returns the declared value, -offset rho or 1 + offset rho, with derivative 1."""
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
    """Let every ReLU of a trained edge's head have an edge of its own, and let each of these move by a valid rounding
    of its gradient. Then the output of the head moves by a valid rounding of the head's own gradient, for every
    precision rho and every start in (0, 1), as long as the output stays positive and no edge moves by 1/4 or more."""
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


@obligation(
    "relu.drift", paper="Section 3", of=activation_and_gadget(RAMP), twin=lambda case: (RAMP, Gadget(Fraction(0), ()))
)
def gadgets_drift_unless_frozen(subject: Pair, case: Case) -> None:
    """Where a vertex is strictly flat above 2, an edge into it has no gradient in the given network, but each of the
    four edges to its ReLUs has one in the ReLU version: plus or minus the tail's value times the vertex's adjoint. Only
    their sum is 0, and each of them is clipped and rounded on its own."""
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
