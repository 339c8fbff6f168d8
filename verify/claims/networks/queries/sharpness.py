"""Where Lemma 11's range of rho ends, and premises and signs of its printed text that do not hold (E36 to E39)."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Unpack

from constructions.errors import ClippingError
from constructions.foundations.descent import Descent
from constructions.foundations.logic import negation, within
from constructions.foundations.rounding import clip_or_fail, is_valid
from constructions.networks.queries import MINIMAL, PRINTED, STRONG, Setting
from constructions.networks.skeleton import Skeleton
from verify.claims.networks.queries.copies import (
    IDLE,
    CopyOfSetting,
    active,
    after,
    broken,
    general_copy,
    held,
    idle,
    names,
    record,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry
from verify.obligations.verdict import Verdict

TWELFTH = Fraction(1, 12)
UNCLIPPED = {MINIMAL.name: Fraction(1, 2), STRONG.name: Fraction(8, 27)}  # below it no gradient of v0 -> v1 is clipped


def _state(
    id: str, claim: Callable[..., None], *, of: Subject, paper: str = "Lemma 11", **rest: Unpack[ObligationFields]
) -> None:
    registry().add(Obligation(id=id, paper=paper, claim=claim, of=of, **rest))


def _end(setting: Setting, prime: bool, *, resting_factor: int) -> Callable[[Case], tuple[CopyOfSetting, int]]:
    """rho at or beyond the end, the output still on its piece."""

    def build(case: Case) -> tuple[CopyOfSetting, int]:
        made = general_copy(setting, prime, bound=1 / setting.offset)(case)
        case.assume(made.rho >= setting.rho_below)
        return made, resting_factor

    return build


def flatness_can_fail(subject: tuple[CopyOfSetting, int], case: Case) -> None:
    """Let rho be at least the setting's bound. If the gradient of v2 -> v3 can reach rho/4, then some batch and some
    valid roundings put v3 off its flat piece when the copy is idle afterwards: a fraction f = rho / (4 a g (1 + offset
    rho)) of the batch is wrong, where a is the resting weight and g the gain, v2 -> v3 is rounded to 0, and v2' -> v3
    to the next multiple of rho."""
    made, factor = subject
    setting, rho, graph = made.setting, made.rho, made.graph
    f = case.real("f")
    reach = setting.resting * setting.gain * (1 + setting.offset * rho)
    case.assume(f * reach * factor == rho / 4, f <= 1)
    _, gradients = held(made, case, trust=True)
    entry = gradients[made.wrong].edges["v2", "v3"] * f
    case.show("0 is a valid rounding", is_valid(Fraction(0), entry, rho))
    case.show("so is the next multiple", is_valid(Fraction(-1), gradients[made.wrong].edges["v2'", "v3"] * f, rho))
    written = graph.with_weight("v2'", "v3", graph.weight("v2'", "v3") + setting.rate * rho)
    run = case.run(
        written,
        {"vc": Fraction(2)},
        label="after",
        outside={"v4": case.real("z2")},
        on={v: IDLE[v] for v in ("v2", "v2'")},
    )
    case.show("v3 is not strictly between -1 and 0", negation(run.on("v3", IDLE["v3"])))


for _setting in (MINIMAL, STRONG):
    for _prime in (False, True):
        _id = names(_setting, _prime)
        _unclipped = general_copy(_setting, _prime, bound=UNCLIPPED[_setting.name], resting=TWELFTH)
        _state(
            f"lemma11.after.sharp.{_id}",
            flatness_can_fail,
            of=_end(_setting, _prime, resting_factor=1),
            twin=_end(_setting, _prime, resting_factor=2),
            erratum="E37",
        )
        _state(
            f"lemma11.active.twelfth.{_id}",
            active,
            of=_unclipped,
            twin=broken(_unclipped, ("v3", "v4", Fraction(1, 3))),
            erratum="E37",
        )
        _state(
            f"lemma11.after.twelfth.{_id}",
            after,
            needs=(f"lemma11.active.twelfth.{_id}", "descent.batch"),
            of=_unclipped,
            twin=general_copy(_setting, _prime, bound=1 / _setting.offset, resting=Fraction(1, 2)),
            erratum="E37",
        )


def _inner_edge(weight: Fraction | None) -> Callable[[Case], CopyOfSetting]:
    """Q as printed, with an extra edge v1 -> v3 inside it if a weight is given."""

    def build(case: Case) -> CopyOfSetting:
        made = general_copy(PRINTED, False)(case)
        return made if weight is None else replace(made, graph=made.graph.with_edge("v1", "v3", weight))

    return build


_state("lemma11.induced.printed", idle, of=_inner_edge(Fraction(6)), expect=Verdict.REFUTED, erratum="E36")
_state("lemma11.induced.repaired", idle, of=_inner_edge(None), twin=_inner_edge(Fraction(6)), erratum="E36")


def _sign(sign: int) -> Callable[[Case], tuple[CopyOfSetting, int]]:
    return lambda case: (general_copy(PRINTED, False)(case), sign)


def derivative_of_the_record(subject: tuple[CopyOfSetting, int], case: Case) -> None:
    """On every active sample of Q, the derivative of the loss with respect to v0 -> v1 is the given sign times tau if
    the label agrees with the held output, and the sign times (1 + 2 tau)/2 if it does not (the paper's proof has the
    sign +)."""
    made, sign = subject
    _, gradients = held(made, case)
    for y, size in ((made.agreeing, made.rho), (made.wrong, (1 + 2 * made.rho) / 2)):
        case.equal(f"label {y}", gradients[y].edges["v0", "v1"], sign * size)


_state("lemma11.sign.printed", derivative_of_the_record, of=_sign(1), expect=Verdict.REFUTED, erratum="E38")
_state("lemma11.sign.repaired", derivative_of_the_record, of=_sign(-1), twin=_sign(1), erratum="E38")


def record_is_near(subject: tuple[CopyOfSetting, int], case: Case) -> None:
    """Whatever the batch and the valid roundings are, the record m rho of Q as printed is within 3 rho/2 of fm + factor
    * rho * ft, where fm is the fraction of the batch that is active and wrong and ft the fraction that is active (the
    paper's statement has the factor 2, its proof 1)."""
    made, factor = subject
    m, fm, ft = record(made, case)
    case.show("within 3 rho/2", within(m * made.rho - fm - factor * made.rho * ft, 3 * made.rho / 2))


_state("lemma11.fraction.printed", record_is_near, of=_sign(1), expect=Verdict.REFUTED, erratum="E38")
_state(
    "lemma11.fraction.repaired",
    record_is_near,
    of=_sign(2),
    twin=_sign(1),
    erratum="E38",
    needs=("lemma11.active.printed.q",),
)


def unclipped_is_fine(skeleton: Skeleton, case: Case) -> None:
    """On the sample x = 00 with either label, no gradient entry of the skeleton network exceeds 1, so that the network
    also works if a larger entry makes the method fail, as Section 2 allows."""
    net = skeleton.network()
    descent = Descent(rho=skeleton.rho, rate=skeleton.setting.rate, clipping=lambda value: value)
    for y in (0, 1):
        gradient = descent.sample_gradient(net, ((0, 0), y))
        worst = max(gradient, key=lambda edge: abs(gradient[edge]))
        case.show(f"label {y}: the largest is on {worst[0]} -> {worst[1]}", not _fails(gradient[worst]))


def _fails(entry: Fraction) -> bool:
    """Whether the method fails on a gradient entry, under the convention that replaces clipping."""
    try:
        clip_or_fail(entry)
    except ClippingError:
        return True
    return False


_state(
    "section2.fails.printed",
    unclipped_is_fine,
    paper="Section 2",
    kind="enumeration",
    finite="the walking skeleton, x = 00",
    of=lambda case: Skeleton(setting=STRONG, rho=Fraction(1, 16), coin=0),
    expect=Verdict.REFUTED,
    erratum="E39",
)


def idle_anywhere(subject: tuple[CopyOfSetting, bool], case: Case) -> None:
    """An idle copy of Q leaves the loss differentiable and has no gradient on v3 -> v4, whatever the output vertex does
    (as printed; the repair asks that the output vertex is not on a kink)."""
    made, off_kinks = subject
    run = case.run(made.graph, {"vc": Fraction(2)}, label="idle", outside={"v4": case.real("z")})
    if off_kinks:
        case.assume(negation(made.graph.sigma.on_kink(run.pre["v4"])))
    gradient = case.gradient(run, {"v4": case.real("adjoint")}, label="idle")
    case.equal("no gradient on v3 -> v4", gradient.edges["v3", "v4"], Fraction(0))


def _off_kinks(off: bool) -> Callable[[Case], tuple[CopyOfSetting, bool]]:
    return lambda case: (general_copy(PRINTED, False)(case), off)


_state("lemma11.kink.printed", idle_anywhere, of=_off_kinks(False), expect=Verdict.REFUTED, erratum="E40")
_state("lemma11.kink.repaired", idle_anywhere, of=_off_kinks(True), twin=_off_kinks(False), erratum="E40")
