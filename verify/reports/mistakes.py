"""What ``querygrad mistakes`` says: the budget of Result G, and a run of it."""

from dataclasses import dataclass
from fractions import Fraction

from constructions.strip.mistakes import MajorityStage, MistakeBudget, MistakeLearner


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakesTold:
    """A run from mistakes.

    Parameters
    ----------
    learner, budget : both; the windows of the learner may be others than those of the budget. error, delta : what the
        budget is for. rounding : who rounded, by name. stage : at the end. wrong : the share of wrong labels.
    """

    learner: MistakeLearner
    budget: MistakeBudget
    error: Fraction
    delta: Fraction
    rounding: str
    stage: MajorityStage
    wrong: Fraction


def about_mistakes(told: MistakesTold) -> dict[str, str]:
    """The lines, by what each is about.

    Parameters
    ----------
    told : the run.

    >>> from constructions.strip.mistakes import mistake_budget
    >>> from constructions.strip.sign_queries import all_queries
    >>> learner = MistakeLearner(
    ...     hypotheses=[lambda x: x[0], lambda x: 1], queries=all_queries(1, 2), rho=Fraction(1, 8), window=3)
    >>> half = Fraction(1, 2)
    >>> budget = mistake_budget(1, b=2, rho=Fraction(1, 8), hypotheses=2, error=half, delta=half)
    >>> lines = about_mistakes(MistakesTold(learner=learner, budget=budget, error=half, delta=half, rounding="up",
    ...     stage=MajorityStage(left=(0,), updates=1, steps=6, kept=(0,)), wrong=Fraction(0)))
    >>> lines["updates"], lines["error"]
    ('1 (proved: fewer than U = 2)', '0 of the labels are wrong, those of the target 0')
    >>> lines["proved"]
    'nothing of this run: its windows have 3 steps, fewer than Q = 22'
    """
    learner, budget, stage = told.learner, told.budget, told.stage
    b, rho, many = learner.queries.b, learner.rho, len(learner.hypotheses)
    most = learner.window * (learner.most_updates + 1)
    short = learner.window < budget.window
    return {
        "class": f"{many} hypotheses on {learner.queries.n} bits; b = {b}, rho = {rho}, b rho = {b * rho}",
        "budget": f"kappa = {budget.kappa}, U = {budget.updates} and Q = {budget.window}: "
        f"(U + 1) Q = {budget.steps:,} steps with {budget.block:,} parameters each",
        "proved": f"nothing of this run: its windows have {learner.window} steps, fewer than Q = {budget.window}"
        if short
        else f"on average at most {told.error} + {told.delta} of the labels are wrong, whoever rounds "
        "(strip.mistakes.learns)",
        "run": f"{stage.steps} of {most:,} steps, {learner.block} parameters each (all queries there are), rounded "
        f"by {told.rounding!r}",
        "settled": "by the first window without an update, as one of U + 1 is; in it "
        f"{len(stage.kept or stage.left)} of {many} hypotheses are left",
        "updates": f"{stage.updates} (proved: fewer than U = {learner.most_updates})",
        "error": f"{told.wrong} of the labels are wrong, those of the target 0",
    }
