"""What ``querygrad theorem`` says first: what is looked at, with which numbers, and who answers and rounds."""

from constructions.theorems.choices import ADVERSARIES
from constructions.theorems.task import LOSSLESS, TheoremTask


def header(task: TheoremTask) -> list[str]:
    """What is looked at, in two lines, and the columns of a data file where they are to be said.

    >>> from constructions.theorems.options import TheoremOptions
    >>> from constructions.theorems.registry import THEOREMS
    >>> from constructions.theorems.task import prepare
    >>> task = prepare("theorem 1b", THEOREMS["theorem 1b"], TheoremOptions(bits=2, runs=0))
    >>> print(header(task)[2])
    n = 2, b = 8, tau = 1/64; roundings: nearest; seed 0
    """
    given = task.parameters
    learner = f"The learner A is {given['learner']}"
    source = f"{given['problem']}, noise {given['noise']}"
    if given["data"]:
        source = f"the rows of {given['data']} ({str(given['rows']).split(',')[0]})"
    if given.get("training_set"):
        whose = "batches of A" if task.experiment.learner_on_a_set else "batches"
        source += f"; {whose} are drawn from a training set of {given['training_set']} points of it"
    samples = f" on {given['samples']} samples" if task.pipeline.samples else ""
    return [
        f"{task.pipeline.item}: {task.title}",
        f"{learner}{samples}; A' is what the item makes of it. The distribution is {source}.",
        f"{_sizes(task)}; {'; '.join(_answered(task))}; seed {given['seed']}",
        *([task.columns] if task.columns else []),
    ]


def _sizes(task: TheoremTask) -> str:
    """The numbers of which the budgets of A and A' speak: b only where batches are drawn, m where there are samples,
    delta where something is given up."""
    given, numbers = task.parameters, ["n = {bits}"]
    budgets = (task.pipeline.given.budget, task.pipeline.made.budget)
    numbers += ["b = {batch}"] * any(hasattr(budget, "b") for budget in budgets)
    numbers += ["m = {samples}"] * bool(given["samples"] or hasattr(budgets[0], "m"))
    numbers += ["tau = {tau}"] + ["delta = {delta}"] * (given["item"] not in LOSSLESS)
    return ", ".join(numbers).format(**given)


def _answered(task: TheoremTask) -> list[str]:
    """Who answers the queries of A or A', and who rounds gradients, as far as there are any."""
    oracle, adversary = str(task.parameters["oracle"]), task.parameters.get("adversary")
    budgets = (task.pipeline.given.budget, task.pipeline.made.budget)
    found = [f"answers of the oracle: {oracle}"] * any(hasattr(budget, "tau") for budget in budgets)
    return found + [f"roundings: {adversary or ADVERSARIES[oracle]}"] * any(
        hasattr(budget, "rho") for budget in budgets
    )
