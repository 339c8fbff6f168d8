"""Lemmas 4 and 13 on small problems: the exact errors of gradient descent and of the method by queries."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.activation import Activation
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from constructions.foundations.vectors import entrywise
from constructions.learning.descent_methods import DescentMethod, descent_error, network_method
from constructions.learning.error import error
from constructions.reductions.descent_by_queries import lemma_4, lemma_13
from verify.claims.reductions.bsq.exact_means import SOURCES, methods_on_sources
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
LINE = Activation(kinks=(), slopes=(F(1),), value=F(0))
"""The activation of a linear model."""


LINEAR: dict[tuple[str, str], Fraction] = {("x1", "f"): F(1, 8), ("one", "f"): F(0)}
LAYERED: dict[tuple[str, str], Fraction] = {("x1", "h"): F(1, 2), ("one", "h"): F(1, 4), ("h", "f"): F(3, 4)}
"""The edges of w1 x1 + w0, and of w2 (w1 x1 + w0)."""


def descending(
    edges: dict[tuple[str, str], Fraction], steps: int, b: int, rho: Fraction, slack: Fraction, same: bool
) -> DescentMethod:
    """Gradient descent on a model of these edges, with step size 1/2; a program finds every derivative too large by the
    slack."""
    net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=LINE)
    made = network_method(net, steps=steps, rho=rho, b=b, rate=F(1, 2), same=same)
    return replace(made, computed=too_large_by(slack), slack=slack)


def too_large_by(slack: Fraction) -> Any:
    """A derivative, each entry of which is too large by the slack."""
    return lambda now, one: entrywise(lambda value: value + slack, loss_gradient(now, one))


def found(build: Callable[..., Any]) -> Callable[[DescentMethod], Any]:
    """Lemma 4 or 13 for the slack of each method."""
    return lambda method: build(slack=method.slack)(method)


SIZES = tuple(product((1, 2), (1, 2), (F(1, 4), F(3, 5)), (F(0), F(1, 20))))
DEEP = tuple(product((1, 2), (1, 2), (F(3, 5),), (F(0), F(1, 20))))


def several(same: bool) -> tuple[DescentMethod, ...]:
    """Methods of both models; all steps about the same batch, or about fresh ones."""
    flat = tuple(descending(LINEAR, *sizes, same) for sizes in SIZES)
    return flat + tuple(descending(LAYERED, *sizes, same) for sizes in DEEP)


FRESH, FIXED = several(False), several(True)


def less_exact(method: DescentMethod) -> Any:
    """The method by queries, asked to twice the tolerance (the twins')."""
    made = found(lemma_13 if hasattr(method.budget, "m") else lemma_4)(method)
    return replace(made, budget=replace(made.budget, tau=2 * made.budget.tau))


def costs_nothing(made: Any, methods: tuple[DescentMethod, ...], case: Case) -> None:
    """State that the method by queries has at most the error of gradient descent on a source."""
    method, source = methods[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.show("no more error", error(made(method), source) <= descent_error(method, source))


LISTED = (
    "a linear model of two weights (rho = 1/4 and 3/5) and one of two layers (rho = 3/5), T <= 2, batches up to 2, "
    "slack 0 and 1/20, three sources, nested error; "
)


TWICE = "the twin asks to twice the tolerance"


def checked(
    id: str, paper: str, build: Callable[..., Any], *, twin: Callable[[Any], Any], broken: str
) -> Callable[[Any], Any]:
    """An obligation about the exact errors of what a theorem makes of the small methods.

    Parameters
    ----------
    id, paper : its id and item. build : the theorem. twin : the broken one, and ``broken`` how it is broken, in words.
    """
    return obligation(
        id,
        paper=paper,
        kind="enumeration",
        domain=methods_on_sources(len(FRESH)),
        expect=Verdict.CHECKED,
        finite=LISTED + broken,
        of=lambda case: found(build),
        twin=lambda case: twin,
    )


@checked("lemma4.error", "Lemma 4", lemma_4, twin=less_exact, broken=TWICE)
def queries_cost_no_error(made: Any, case: Case) -> None:
    """For each bSGD method and source of the finite case, the method by queries has, against the worst valid answers,
    at most the error that gradient descent has against the worst valid estimates."""
    costs_nothing(made, FRESH, case)


@checked("lemma13.error", "Lemma 13", lemma_13, twin=less_exact, broken=TWICE)
def queries_about_one_sample_cost_no_error(made: Any, case: Case) -> None:
    """For each fbGD method and source of the finite case, the method by queries has, against the worst valid answers,
    at most the error that gradient descent has against the worst valid estimates."""
    costs_nothing(made, FIXED, case)
