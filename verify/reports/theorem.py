"""What ``querygrad theorem`` prints: stages, budgets beside the paper's, and what was measured.

``pipeline`` is the theorem with its numbers, ``tally`` the sums of the runs, ``lines`` what was measured, ``exact`` the
exact rounds of a sample on average, if they could be computed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from constructions.foundations.spelling import in_digits
from constructions.learning.binomial import Strays
from constructions.learning.models import PAC, Budget
from constructions.theorems.measure import EXCESS, LATE, LEARNER, RISK, ROUNDS, SIMULATED, Interval, Tally, interval
from constructions.theorems.pipeline import Pipeline, Stage, Variant
from verify.screen.printing import TableStyle, plain_table, stacked

Number = Fraction | int
FIELDS = {"m": "samples m'", "k": "rounds k'", "p": "queries p'", "tau": "tau'", "r": "random bits r'"}
OF_DESCENT = {"steps": "steps T'", "p": "parameters p'", "rho": "rho", "r": "random bits r'"}
"""What the numbers of a budget are called: of samples and queries, and of gradient descent."""
WORDS = {
    "certain rounds": "Certain rounds are those that are taken in any case, whatever is drawn.",
    "empty rounds": "A round is empty if no point of its batch begins with the prefix that has been drawn so far.",
    "idle rounds": "A round is idle if it only goes on tossing a biased coin that the random bits have not decided.",
    "further rounds": "Further rounds are all others, that is, the empty and the idle ones: at most so many are "
    "expected, and so many the budget allows.",
    "prefix": "prefix: Algorithm 1 of the paper, which draws one bit of a sample a round.",
    "look": "look: the same, but each round counts the points for one bit more (LOOK; not in the paper).",
    "full": "full: each round reads all points of the batch off its answers (FULL; not in the paper).",
    "alternating": "alternating: each round asks about the points of one label only, the two labels taking turns.",
    "*": "* marks the budget with which the method below runs.",
    "q": "q: how often each query is repeated.",
}
"""What the paper does not say, or says with a letter; each is explained where it occurs."""
MEASURED = {
    "rounds a sample": "rounds a sample: the rounds of a run, divided by the number of samples.",
    "out of rounds": "out of rounds: the share of runs whose budget ended before all samples were drawn.",
    "error of A'": "error: the loss of what was learned, which is half of (prediction - label)^2 on average.",
    "error, A' - A": "exact: the mean over all possible runs, where it can be computed; bound: what is proved of it.",
}
"""What each measured quantity is."""
BUDGET = {
    "m": "drawn in all",
    "k": "in all",
    "p": "asked in each round",
    "tau": "the tolerance of the answers",
    "r": "used in all",
}
"""What the numbers of a budget count."""
BUDGET_OF_DESCENT = {
    "steps": "in all",
    "p": "in all",
    "rho": "the precision of the gradients",
    "r": "used in all",
}
"""The same for gradient descent."""
LARGE = 10**15
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Line:
    """A measured quantity: its name, its interval (``found``), its exact value where that is known, and its bound."""

    name: str
    found: Interval
    exact: Fraction | None = None
    bound: Fraction | None = None


def short_number(value: Number | None) -> str:
    """A number in few characters.

    >>> [short_number(value) for value in (36000, Fraction(1, 20), Fraction(1, 12345), None, 10**20)]
    ['36,000', '1/20', '8.1004e-05', '', '1.0000e+20']
    """
    if value is None:
        return ""
    number = Fraction(value)
    large = abs(number) >= LARGE
    if number.denominator == 1 and not large:
        return f"{int(number):,}"
    if number.denominator < 1000 and abs(number.numerator) < 1000:
        return str(number)
    return in_digits(number, ".4e" if large else ".5g")


def decimal(value: Number | float) -> str:
    """A number with five digits.

    >>> decimal(Fraction(1, 3)), decimal(0), decimal(Fraction(1, 10**400))
    ('0.33333', '0', '1e-400')
    """
    return in_digits(value, ".5g")


def stage_table(stages: Sequence[Stage]) -> Table:
    """The stages by name."""
    found = plain_table("stage", "rests on", "what it does", "numbers", style=TableStyle(collapse_padding=True))
    found.columns[0].no_wrap = True
    for stage in stages:
        numbers = stacked([f"{name}: {short_number(value)}" for name, value in stage.numbers])
        found.add_row(stage.name, stage.rests, stage.does, numbers)
    return found


def budget_table(variants: Sequence[Variant], chosen: Budget) -> Table:
    """The budgets of all variants; what was chosen is marked by a star."""
    fields = OF_DESCENT if hasattr(chosen, "steps") else FIELDS
    names = [name for name in fields if any(_has(row.budget, name) for row in variants)]
    per_sample = any(row.rounds is not None for row in variants)
    right = (*(fields[name] for name in names), *(["rounds a sample"] if per_sample else []), "delta")
    found = plain_table("budget", *right, right=right, style=TableStyle(collapse_padding=True))
    found.columns[0].no_wrap = True
    for row in variants:
        star = "*" if row.budget == chosen and not row.name.startswith("the paper") else ""
        cells = [short_number(getattr(row.budget, name)) if _has(row.budget, name) else "" for name in names]
        cells = cells if row.budget else ["none" if name == names[0] else "" for name in names]
        bound = [f"<= {short_number(row.rounds)}" if row.rounds is not None else ""] if per_sample else []
        found.add_row(
            row.name + star,
            *cells,
            *bound,
            short_number(row.delta),
            style="dim" if row.name.startswith("the paper") else "",
        )
    return found


def _has(budget: Budget | None, name: str) -> bool:
    return hasattr(budget, name) and (name != "m" or isinstance(budget, PAC))


def notes(variants: Sequence[Variant]) -> list[str]:
    """Why some variants cannot be had.

    >>> notes([])
    []
    """
    return [f"{row.name}: none; {row.note}" for row in variants if row.note]


def measured(pipeline: Pipeline, tally: Tally, exact: Fraction | None) -> list[Line]:
    """What was measured, in the order in which it is printed.

    >>> from constructions.theorems.task import THEOREMS, TheoremOptions, prepare
    >>> pipeline = prepare("theorem 2b", THEOREMS["theorem 2b"], TheoremOptions(runs=0)).pipeline
    >>> tally = Tally().plus_all([{SIMULATED: Fraction(1, 8), LEARNER: Fraction(1, 8), EXCESS: Fraction(0)}])
    >>> lines = measured(pipeline, tally, None)
    >>> [(line.name, str(line.found.mean)) for line in lines]
    [("error of A'", '1/8'), ('error of A', '1/8'), ("error, A' - A", '0')]
    """
    if not tally.runs:
        return []
    lines, m, bound = [], pipeline.samples, None if pipeline.replaces else pipeline.simulation.delta
    if m:
        most = Fraction(pipeline.made.budget.k, m)  # type: ignore[union-attr]
        whole_run = interval(tally, ROUNDS, low=Fraction(0), high=most * m)
        error = None if whole_run.error is None else whole_run.error / m
        a_sample = Interval(whole_run.mean / m, whole_run.low / m, whole_run.high / m, error)
        lines.append(Line("rounds a sample", a_sample, exact, pipeline.bound))
        lines.append(
            Line("out of rounds", interval(tally, LATE, low=Fraction(0), high=Fraction(1)), None, pipeline.late)
        )
    lines.append(Line("error of A'", interval(tally, SIMULATED, low=Fraction(0), high=HALF)))
    lines.append(Line("error of A", interval(tally, LEARNER, low=Fraction(0), high=HALF)))
    lines.append(Line("error, A' - A", interval(tally, EXCESS, low=-HALF, high=HALF), None, bound))
    return lines


def outside(lines: Sequence[Line]) -> list[str]:
    """The bounds that the intervals contradict.

    >>> lines = [Line("out of rounds", Interval(Fraction(1, 10), 0.08, 0.13), None, bound=Fraction(1, 20))]
    >>> outside(lines), measures_explained(lines)
    (['out of rounds'], ['out of rounds: the share of runs whose budget ended before all samples were drawn.'])
    """
    return [line.name for line in lines if line.bound is not None and line.found.low > line.bound]


def measured_table(lines: Sequence[Line]) -> Table:
    """The measured quantities with their intervals.

    >>> from verify.screen.printing import console
    >>> lines = [Line("out of rounds", Interval(Fraction(0), 0.0, 0.158), None, bound=Fraction(1, 20))]
    >>> console().print(measured_table(lines))  # doctest: +NORMALIZE_WHITESPACE
    measured      mean std. error 99% interval exact   bound
    out of rounds    0              0 to 0.158       <= 1/20
    """
    right = ("mean", "std. error", f"{1 - RISK:.0%} interval", "exact", "bound")
    found = plain_table("measured", *right, right=right, style=TableStyle(collapse_padding=True))
    for line in lines:
        between = f"{decimal(line.found.low)} to {decimal(line.found.high)}"
        exact = "" if line.exact is None else decimal(line.exact)
        error = "" if line.found.error is None else decimal(line.found.error)
        found.add_row(
            line.name,
            decimal(line.found.mean),
            error,
            between,
            exact,
            "" if line.bound is None else f"<= {short_number(line.bound)}",
        )
    return found


def print_stages(out: Console, pipeline: Pipeline) -> None:
    """Stages and budgets of a pipeline, on a console.

    >>> from constructions.theorems.task import THEOREMS, TheoremOptions, prepare
    >>> from verify.screen.printing import console
    >>> pipeline = prepare("lemma 5b", THEOREMS["lemma 5b"], TheoremOptions(runs=0)).pipeline
    >>> print_stages(console(), pipeline)  # doctest: +NORMALIZE_WHITESPACE
    stage  rests on     what it does                                            numbers
    draw   Lemma 5b     the sample is the batch of every round                  m': 20
    answer equation (8) the exact means over a batch are valid for any tau >= 0 tau: 1/80
    return Definition 1 A's predictor                                           delta: 0
    <BLANKLINE>
    budget    samples m' random bits r' delta
    Lemma 5b*         20              0     0
    the paper         20              0     0
    * marks the budget with which the method below runs.
    The budget of A': samples m' (drawn in all), random bits r' (used in all); its error may be larger than that of A \
by delta.
    """
    out.print(stage_table(pipeline.stages))
    for stage in pipeline.stages:
        if stage.because:
            out.print(f"{stage.name}: {stage.because}", markup=False)
    out.print()
    out.print(budget_table(pipeline.variants, pipeline.made.budget))
    for line in notes(pipeline.variants):
        out.print(line, style="dim")
    for line in explained(pipeline):
        out.print(line, style="dim")
    if pipeline.assumes:
        out.print(f"cited, not proved here: {', '.join(pipeline.assumes)}")


def strays_lines(found: Strays | None) -> list[str]:
    """How likely it is, exactly and by Hoeffding's bound, that some batch mean strays.

    >>> half = Fraction(1, 2)
    >>> strays_lines(Strays(queries=3, exactly=2, chance=(half / 5, half / 5), bound=half))
    ["some of 3 batch means strays, for the queries asked after exact answers here: with a chance of at most 0.1 \
(exact tails of 2 queries of two values, Hoeffding's bound for the others), by Hoeffding's bound alone 0.5"]
    """
    if found is None:
        return []
    others = "" if found.exactly == found.queries else ", Hoeffding's bound for the others"
    return [
        f"some of {found.queries} batch means strays, for the queries asked after exact answers here: with a chance of "
        f"at most {decimal(found.chance[1])} (exact tails of {found.exactly} queries of two values{others}), by "
        f"Hoeffding's bound alone {decimal(found.bound)}"
    ]


def explained(pipeline: Pipeline) -> list[str]:
    """The words and letters that occur in the stages and budgets, each with what it means.

    >>> from constructions.theorems.task import THEOREMS, TheoremOptions, prepare
    >>> explained(prepare("lemma 5b", THEOREMS["lemma 5b"], TheoremOptions(runs=0)).pipeline)[0]
    '* marks the budget with which the method below runs.'
    """
    numbers = [name for stage in pipeline.stages for name, _ in stage.numbers]
    fields, said = (OF_DESCENT, BUDGET_OF_DESCENT) if hasattr(pipeline.made.budget, "steps") else (FIELDS, BUDGET)
    budget = ", ".join(f"{fields[name]} ({said[name]})" for name in fields if _has(pipeline.made.budget, name))
    names = " ; ".join([*numbers, *(variant.name for variant in pipeline.variants), "*"])
    found = [said for word, said in WORDS.items() if re.search(rf"(^| ){re.escape(word)}(,? |$)", names)]
    return [*found, f"The budget of A': {budget}; its error may be larger than that of A by delta."]


def measures_explained(lines: Sequence[Line]) -> list[str]:
    """What the measured quantities are."""
    return [said for name, said in MEASURED.items() if any(line.name == name for line in lines)]
