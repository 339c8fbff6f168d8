"""The engine's theorem: every engine takes the steps of gradient descent, whatever it leaves out.

Composed of Equation (1) for integers over a scale (``engine.descends``), of exact sums in each number system
(``engine.exact``, ``lanes.sums``, ``words.need``) and of what the incremental engine keeps, follows and exchanges
(``engine.entries``, ``engine.exchanged``). Proved here: ``engine.trains``.
"""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, negation, select
from constructions.foundations.rounding import clip
from constructions.training.output_bounds import is_settled
from verify.claims.training.engine.exact import SYSTEMS
from verify.claims.training.engine.followed import BOUNDS, DOWN, UP, FollowedVertices, constant_alone, rules_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.use import Used
from verify.provers.branches import with_names

PARTS = {
    "engine.descends": ("its weights are those of gradient descent", "over the scale", "what is picked is valid"),
    **{f"engine.exact.{name}": ("each partial sum is exact",) for name in SYSTEMS},
    "lanes.sums": ("a lane holds the sum",),
    "words.need": ("both reach it or neither",),
    "engine.exchanged": ("what is kept is the sum",),
}
"""What is restated: the facts of each claim."""


def restated(used: Used, case: Case) -> None:
    """State the facts of a used claim once more, under what it presupposes."""
    for name, fact in used.facts.items():
        case.show(f"{used.id}: {name}", fact.conclusion, given=fact.under)


def batch_sums_are_the_same(rules: FollowedVertices, case: Case) -> None:
    """State that over a batch of any size an edge's clipped entries sum to the same in both engines, so that the same
    multiples of rho may be picked."""
    used = case.use("engine.entries", "the same entry")
    values = used.values
    moving = {name: value for name, value in values.items() if "reached:" in name}
    fixed = {name: value for name, value in values.items() if name not in moving}
    state = {name: case.real(name) for name in ("plain sum", "kept sum")}
    inputs = {f"sample's {name}": like(name, case) for name in moving}
    inputs["times"] = case.integer("times")

    def of_sample(s: State) -> State:
        return {name: s[f"sample's {name}"] for name in moving}

    def advance(s: State) -> State:
        row = of_sample(s)
        tail, head = (
            {name: row[f"{claim}: {way} reached: {name}"] for name in ("needed", *BOUNDS, *more)}
            for claim, way, more in (("engine.upwards", UP, ("plain", "kept")), ("engine.downwards", DOWN, ("along",)))
        )
        goes = every(rules.follows(head), negation(rules.is_blank(tail)))
        kept = select(goes, clip(head["along"] * tail["kept"]), Fraction(0))
        plain = clip(head["along"] * tail["plain"])
        times = s["times"]
        return {"plain sum": s["plain sum"] + times * plain, "kept sum": s["kept sum"] + times * kept}

    run = case.induction(
        "over the batch",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs=inputs,
        fixed=(used.label,),  # nothing reads what is the same for all samples
        given=lambda s: case.use("engine.entries", "the same entry", **fixed, **of_sample(s)).premises,
        advance=advance,
        holds=lambda s: s["plain sum"] == s["kept sum"],
    )
    at = case.reached(run)
    case.show("an edge has the same batch sum in both engines", at["plain sum"] == at["kept sum"])


def like(name: str, case: Case) -> Number:
    """A variable of the kind of another one of this name."""
    whole = name.rpartition(": ")[2] in ("made", "edges", "needed", *BOUNDS)
    return case.integer(f"sample's {name}") if whole else case.real(f"sample's {name}")


@obligation(
    "engine.trains",
    paper="the engine",
    kind="induction",
    of=rules_of(with_names(is_settled)),
    twin=rules_of(constant_alone),
)
def engines_take_the_steps_of_gradient_descent(rules: FollowedVertices, case: Case) -> None:
    """For any network, any weights, rho, step size and batches, and any number of steps. The plain engine's integers
    over the scale are weights to which gradient descent of Equation (1) comes, and what may be picked are valid
    roundings of the mean of the clipped gradients. A number system that returns integers of 53 bits (float64), or 61,
    over one unit as they are computes each sum exactly where the pass over bounds lets it in; a lane of 32 bits holds
    the sum itself where the bounds fit it; a gate in words reaches its mark if and only if its count reaches what is
    needed. The incremental engine has the same entry on each edge for each sample, so the same batch sum over a batch
    of any size, hence the same comparisons and picks; a sum in which it exchanges terms is the sum that is formed
    anew."""
    parts = [case.use(id, *facts) for id, facts in PARTS.items()]
    case.assume(parts[0].values["rho"] > 0, parts[0].values["rate"] > 0, label="a precision and a step size")
    for part in parts:
        restated(part, case)
    restated(case.use("engine.entries", "the same entry"), case)
    batch_sums_are_the_same(rules, case)
