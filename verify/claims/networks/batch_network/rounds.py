"""The network that reads a whole batch in one step, for any number of rounds, copies, digits and steps: what T steps
have written, and what it returns then.

Composed of how all parts go along together (``signed.network.together``), of how digits read a record
(``signed.reads``), of the sum that it tells (``signed.memory``), of what a written copy does (``signed.after``), and of
the vertices that drive copies and output (``lemma3b.flat``). Here is the top statement ``signed.network.rounds``.
"""

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every
from constructions.networks.signed_memory import HELD, SIGNED_MOVING
from verify.claims.networks.batch_network.making import COPY, KEPT, SUM
from verify.claims.networks.batch_network.samples import BUILT, move_name
from verify.claims.networks.batch_network.together import OVER
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.use import Used

STANDS = (
    "as built up to its step",
    "as its step left it from then on",
    "its record stays",
    "an edge from a control is as built up to its step",
    "and as this step left it",
    "a round has ticked if its step is over",
)
"""What is said of a moment as it is said there."""
DOWN = "half of b less the sum"
STILL = ("after: p3 adds nothing", "after: n3 adds nothing", "after: no gradient on any edge")


def moment_of(used: Used) -> dict[str, Number]:
    """The arbitrary moment of which ``signed.network.together`` speaks."""
    head = f"{OVER} reached: "
    return {name.removeprefix(head): value for name, value in used.values.items() if name.startswith(head)}


@obligation("signed.network.rounds", paper="Result B0 for networks", of=lambda case: HELD, twin=lambda case: HELD / 2)
def steps_take_batches(held: Number, case: Case) -> None:
    """Let b >= 1, rho > 0 and b rho < 4/3, and let a learner mind no order. Take a network of any number T of rounds
    with any number of copies each and digits enough for every record, whose parts are the templates' and are wired as
    they are, trained at the rate 1/8 on batches of b points whose labels are a function of the point, with any valid
    roundings. In each step the output is 1/2 on each sample. After t steps, the copies of the rounds behind t are as
    built, those of other rounds as their step left them; their digits read the middle less a record of which the
    nearest sum is that of the batch of this step, and no gradient moves them any more. After T steps the last round
    hands on the learner's state after the T batches, and what the network returns is what the learner predicts from
    there, whose value is below 2."""
    used = case.use("signed.network.together")
    case.assume(used.premises, label="a moment of the training of the network")
    at, values = moment_of(used), used.values
    copy, a_sum, kept = (at["made"] == what for what in (COPY, SUM, KEPT))
    for label in STANDS:
        case.show(label, used[label])
    a_written_copy(used, every(copy, at["t"] >= at["r"]), case)
    rounds, total = values["rounds"], at["sum"]
    whole = every(a_sum, at["r"] > rounds)
    case.show("the output is 1/2 in each step", total == held, given=every(whole, at["t"] < rounds))
    done, predicted = at["t"] == rounds, values["predicted"](at["sample"], at["c"])
    below = every(predicted >= 0, predicted < 2)
    case.show("the network returns the prediction", RAMP(total) == predicted, given=every(whole, done, below))
    state = at["state"] == values["method"](rounds)
    case.show("the learner has taken T batches", state, given=every(kept, done, at["r"] == rounds))
    for vertex in ("vc", "control"):
        flat = case.use(f"lemma3b.flat.{vertex}", "its weights are as built", "strictly flat")
        for label, fact in flat.facts.items():
            case.show(f"{vertex}: {label}", fact.conclusion, given=flat.premises)


def a_written_copy(used: Used, written: Formula, case: Case) -> None:
    """State what the digits of a copy read from its round on, which sum they tell, and that it is still."""
    at, values = moment_of(used), used.values
    rho, middle, record = values["rho"], values["middle"], at["record"]
    shared = {"b": values["points"], "rho": rho, "mean": at["mean"], "k": record}
    down = values["of sign -1"](at["r"], at["c"], values["points"])
    told = case.use("signed.memory", "the sum is read", middle=middle, read=middle - record, **shared, **{DOWN: down})
    reads = case.use("signed.reads", "v1", "it has digits", rho=rho, middle=middle, k=record)
    moves = {move_name(edge): at[move_name(edge)] for edge in SIGNED_MOVING}
    weights = {f"w[{a}{b}]": weight for (a, b), weight in BUILT.items()}
    still = case.use("signed.after", *STILL, rho=rho, z=HELD, **weights, **moves)
    for lemma in (told, reads, still):
        case.show(f"{lemma.id} may be used", lemma.premises, given=written)
        for label, fact in lemma.facts.items():
            case.show(f"{lemma.id}: {label}", fact.conclusion, given=written)
