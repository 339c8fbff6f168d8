"""A batch is read from any valid answers of one round: each point is found as often as it is there."""

from collections.abc import Callable
from dataclasses import dataclass

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.reader import ones_from
from constructions.strip.reading import points_of_each_label
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

SET = ("sum", "at v", "at w", "v", "w")
DIGITS = "over the digits reached: "


@dataclass(frozen=True, slots=True)
class Determined:
    """A function that has the same products with all queries as another one, and so is the same at a point.

    Parameters
    ----------
    case : the claim. name : what the function is called. b : the points of a batch.
    """

    case: Case
    name: str
    b: Number

    def agrees(self, found: Number, there: Number) -> None:
        """State that what is found at a point is what is there, for functions with a norm of at most b each."""
        case = self.case
        gap = case.integer(f"{self.name} gap")
        case.assume(gap == found - there, label=f"{self.name}: the difference at a point")
        names = ("norm of g", "half", "rest", "odd entries")
        own = {name: case.integer(f"{self.name} {name}") for name in names}
        own |= {f"set {name}": case.real(f"{self.name} set {name}") for name in SET}
        own |= {f"set {name}": case.bit(f"{self.name} set {name}") for name in ("met", "v met")}
        own |= {f"{DIGITS}{name}": case.integer(f"{self.name} {name}") for name in ("power", "entry")}
        used = case.use("strip.family.unique", b=self.b, **{"entry of g": gap}, **own)
        case.assume(used.premises, label=f"{self.name}: its products with all queries are 0, and |g|_1 <= 2b")
        case.assume(own[f"{DIGITS}power"] > 2 * self.b, label=f"{self.name}: halved so often")
        case.lemma(f"{self.name}: nothing is left", gap == 0)
        case.lemma(f"{self.name}: the same", found == there)


def swapped(balance: Number, ones: Number | None) -> tuple[Number, Number]:
    """Labels the other way round (the twin's)."""
    zeros, found = points_of_each_label(balance, ones)
    return found, zeros


@obligation("strip.batch.read", paper="the strip", of=lambda case: points_of_each_label, twin=lambda case: swapped)
def a_batch_is_read(labels: Callable[..., tuple[Number, Number]], case: Case) -> None:
    """For every n, b >= 1, tau with b tau < 1, every batch of b points, every c that fits and any answers within tau of
    the means of the queries: the integers that are nearest are the products of the balance, and of N_1, with the
    queries; functions with these products are the balance and N_1; and so each point is read with each label as often
    as it is in the batch. If the labels are a function of the point the balance alone will do."""
    b, tau, held = case.integer("b"), case.real("tau"), case.real("c")
    zeros, ones = case.integer("points with label 0"), case.integer("points with label 1")
    case.assume(b >= 1, tau >= 0, b * tau < 1, zeros >= 0, ones >= 0, zeros + ones <= b)
    counts_are_exact(case, b, tau, held)
    balance, found = case.integer("balance that is read"), case.integer("N_1 that is read")
    Determined(case, "balance", b).agrees(balance, zeros - ones)
    Determined(case, "N_1", b).agrees(found, ones)
    read = labels(balance, found)
    case.show("each label", every(read[0] == zeros, read[1] == ones))
    alone = labels(balance, None)
    function = implies(zeros > 0, ones == 0)
    case.show("from the balance alone", every(alone[0] == zeros, alone[1] == ones), given=function)


def counts_are_exact(case: Case, b: Number, tau: Number, held: Number) -> None:
    """That functions which the decoder compared with the counts have the products of the balance and of N_1 with any
    query."""
    half, mean, answer = case.integer("half"), case.real("mean"), case.real("answer")
    first = case.use("strip.counts.exact", b=b, tau=tau, half=half, mean=mean, answer=answer)
    case.assume(first.premises, label="an answer to a query on the balance")
    many, more = case.integer("all with label 1"), case.integer("half of N_1")
    second = case.use(
        "strip.counts.ones",
        **{"points with label 1": many, "half": more, "balance": b + 2 * half, "c": held},
        b=b,
        tau=tau,
        mean=case.real("mean of N_1"),
        answer=case.real("answer on N_1"),
    )
    case.assume(second.premises, label="an answer to a query on N_1")
    products = {name: case.integer(f"product of the {name} that is read") for name in ("balance", "N_1")}
    case.assume(
        first.premises,
        products["balance"] == nearest_of_parity(b * answer, b),
        label="the decoder compared the balance",
    )
    near = ones_from(b + 2 * half, b * case.real("answer on N_1"), held)
    case.assume(products["N_1"] == nearest_of_parity(near, many), label="the decoder compared N_1")
    case.lemma("the same product", products["balance"] - (b + 2 * half) == 0)
    case.lemma("the same product of N_1", products["N_1"] - (many + 2 * more) == 0)
