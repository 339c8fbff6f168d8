"""The task of one run of ``querygrad theorem``: what the user left open is filled in with what suits the theorem, and
the pipeline and its measurement are built from plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from constructions.computation.built_in_learners import LEARNERS
from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.foundations.naming import named
from constructions.learning.binomial import Strays
from constructions.learning.data_files import DataFile, read_data
from constructions.learning.problems import Point, Source, empirical
from constructions.strip.simulations import tolerance_of
from constructions.theorems.choices import ORACLES, problem
from constructions.theorems.kept_runs import Parameters
from constructions.theorems.learners import Learned
from constructions.theorems.measure import MOST_ASKED, MOST_POINTS, Experiment, Losses
from constructions.theorems.on_training_sets import on_a_training_set
from constructions.theorems.options import FORMS, NETWORK, TheoremOptions
from constructions.theorems.pipeline import NOISY, STEP, Pipeline, TheoremSetting
from constructions.theorems.registry import THEOREMS, Theorem

Option = TypeVar("Option", int, str)
BITS, DELTA = 8, "1/20"
MOST_ROUNDS = 10**8
"""So many rounds of a run are gone through one by one; it takes hours."""
FOR_DATA = ("decision-list", "literal")
"""The learners that suit rows of which nothing is known: one from samples, one by queries."""
OF_ONE_BATCH = frozenset(
    {"theorem 3a", "theorem 3b", "theorem 3c", "theorem 3d", "lemma 5a", "lemma 5b", "lemma 5c", "lemma 5d"}
    | {"lemma 6", "lemma 7", "lemma 12a", "lemma 13"}
)
"""The theorems about one batch of m samples, not about batches of b."""
LOSSLESS = frozenset(
    {"theorem 1b", "theorem 2b", "theorem 3a", "theorem 3b", "lemma 3a", "lemma 4", "lemma 5a", "lemma 5b", "lemma 6"}
    | {"lemma 12a", "lemma 13"}
)
"""The theorems in which the error of A' is at most that of A, so that no delta is given up."""
ON_SETS = ("theorem 1a", "theorem 1c", "theorem 1d", "theorem 2a", "lemma 1")
"""The theorems in which batches can be drawn from a training set."""


@dataclass(frozen=True, slots=True)
class TheoremTask:
    """What is to be done.

    Parameters
    ----------
    parameters : every parameter with its value, as a file of runs keeps them.
    title : the theorem's statement in words.
    pipeline : the methods A and A', with their stages and budgets.
    experiment : one run of both by its number.
    runs : how many runs are asked for.
    columns : in words, which columns of a data file were read as what; empty without a file.
    """

    parameters: Parameters
    title: str
    pipeline: Pipeline
    experiment: Experiment
    runs: int
    columns: str = ""

    def strays(self) -> Strays | None:
        """How likely it is that some batch mean strays, on this source; None if nothing can stray, or where there are
        too many points to go through.

        >>> task = prepare("theorem 2a", THEOREMS["theorem 2a"], TheoremOptions(bits=2, samples=3))
        >>> print(task.strays())
        None
        """
        if self.pipeline.strays is None or not self.experiment.losses.exact:
            return None
        return self.pipeline.strays(self.experiment.source)


def prepare(
    name: str, theorem: Theorem, options: TheoremOptions, learner: Learned | None = None, *, digest: str | None = None
) -> TheoremTask:
    """The task that the options ask for.

    Parameters
    ----------
    name : the theorem's name, as the file of runs keeps it. theorem : the theorem.
    learner : what the learner's name stands for, if it is the user's own. digest : of the file that it comes from.

    Raises
    ------
    ConstructionError
        For a data file that cannot be read, for two sources at once, for an unknown name, and for a number of bits that
        the data do not have.
    PremiseError
        If the theorem's premises do not hold for the parameters.

    >>> task = prepare("theorem 2a", THEOREMS["theorem 2a"], TheoremOptions(runs=0))
    >>> task.parameters["learner"], task.parameters["tau"], task.pipeline.bound
    ('parity', '1/16', Fraction(22, 1))
    """
    if options.data and (options.problem or options.noise not in (None, "0")):
        raise ConstructionError("need either --data or --problem and --noise, got both")
    if not options.data:
        parameters = parameters_of(name, theorem, options)
        target, n = str(parameters["problem"]), int(str(parameters["bits"]))
        given = Given(problem(target, n, Fraction(str(parameters["noise"]))), learner, digest)
        return _task(theorem, parameters, given)
    file = read_data(options.data, label=options.label, delimiter=options.delimiter)
    parameters = parameters_of(name, theorem, options, file)
    return _task(theorem, parameters, Given(empirical(file.points), learner, digest, file.said))


@dataclass(frozen=True, slots=True)
class Given:
    """What a task is built from beside its parameters: the source, the user's own learner with the digest of its file,
    and the columns of a data file in words."""

    source: Source
    learner: Learned | None = None
    digest: str | None = None
    columns: str = ""


def parameters_of(name: str, theorem: Theorem, options: TheoremOptions, file: DataFile | None = None) -> Parameters:
    """Every parameter of a task by its name: those that were given, and for the others what suits the theorem.

    Raises
    ------
    ConstructionError
        For another number of bits than the data file has.

    >>> options = TheoremOptions(problem="majority", batch=2)
    >>> parameters = parameters_of("theorem 2a", THEOREMS["theorem 2a"], options)
    >>> parameters["learner"], parameters["tau"], parameters["rows"]
    ('memoriser', '1/8', None)
    """
    target = None if file else problem_of(theorem, options)
    b, m = options.batch or theorem.batch, _given(options.samples, theorem.size) if theorem.samples else 0
    columns = {"label": options.label, "delimiter": options.delimiter}
    return {
        "item": name,
        "bits": _bits(options.bits, len(file.points[0][0]) if file else None),
        "batch": b,
        "samples": m,
        "delta": _given(options.delta, DELTA),
        "tau": options.tau or str(_width(theorem, b, m, options)),
        **{
            name: value
            for name, value in (("rho", options.rho), ("form", options.form), ("adversary", options.adversary))
            if value is not None
        },
        "extract": options.extract or "prefix",
        "alternating": bool(options.alternating) or (bool(theorem.alternating) and options.alternating is not False),
        "problem": target,
        "noise": None if file else options.noise or "0",
        "data": options.data,
        "rows": _digest(file.points) if file else None,
        **{option: value for option, value in columns.items() if value is not None},
        **({} if options.training_set is None else {"training_set": options.training_set}),
        "learner": options.learner or learner_for(theorem, target),
        "oracle": options.oracle or "exact",
        "seed": options.seed or 0,
        "runs": _given(options.runs, theorem.runs),
    }


def _width(theorem: Theorem, b: int, m: int, options: TheoremOptions) -> Fraction:
    """The tolerance that suits the theorem, and the precision if one is given."""
    if options.rho and options.extract in (STEP, NOISY):
        return Fraction(tolerance_of(Fraction(options.rho)))
    for_rho = (theorem.on_network if options.form == NETWORK and theorem.on_network else theorem).width_for_rho
    if options.rho and for_rho:
        return for_rho(b, m, Fraction(options.rho))
    return theorem.width(b, m)


def problem_of(theorem: Theorem, options: TheoremOptions) -> str:
    """The built-in problem that is meant: the one that was given, else that which the learner is made for, else the
    theorem's.

    >>> problem_of(THEOREMS["theorem 2a"], TheoremOptions(learner="memoriser"))
    'majority'
    """
    learner = LEARNERS.get(options.learner or "")
    return options.problem or (learner.problem if learner else theorem.problem)


def learner_for(theorem: Theorem, target: str | None) -> str:
    """The learner that suits a problem, or (None) the rows of a data file, among those that the theorem takes.

    >>> learner_for(THEOREMS["theorem 2a"], "majority"), learner_for(THEOREMS["theorem 2b"], None)
    ('memoriser', 'literal')
    """
    wanted = FOR_DATA if target is None else [name for name, known in LEARNERS.items() if known.problem == target]
    return next((name for name in wanted if name in theorem.learners), theorem.learners[0])


def check_options(name: str, theorem: Theorem, options: TheoremOptions) -> None:
    """Refuse an option that would do nothing with the theorem; it is called as ``querygrad theorem`` spells it.

    Parameters
    ----------
    name : how the command calls the theorem. theorem, options : what it takes, and what was given.

    Raises
    ------
    ConstructionError
        For samples, a batch, a delta, an extraction, a precision, a form or plain labels that the theorem does not
        know.

    >>> check_options("theorem 2b", THEOREMS["theorem 2b"], TheoremOptions(samples=9))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need no --samples with theorem 2b, whose given method has none, got 9
    """
    extracts = theorem in (THEOREMS["theorem 2a"], THEOREMS["lemma 1"], THEOREMS["theorem 1a"])
    for option, value in (("--rho", options.rho), ("--as", options.form)):
        if value is not None and not theorem.on_models:
            models = "1a, 1d, 3a, 3d, lemma 3a, 12a"
            raise ConstructionError(f"need {option} with a theorem about models ({models}), got it with {name}")
    if options.form not in (None, *FORMS):
        raise ConstructionError(f"need --as among {', '.join(FORMS)}, got {options.form!r}, at {name}")
    if options.form == NETWORK and theorem.on_network is None:
        raise ConstructionError(
            f"need --as model, got network, at {name}: 'querygrad compile' and 'querygrad train' are for networks"
        )
    if options.adversary is not None and options.form != NETWORK:
        raise ConstructionError(f"need --as network for --adversary, got it without, at {name}")
    if options.extract not in (None, "prefix") and not extracts:
        raise ConstructionError(f"need --extract with theorem 1a, theorem 2a or lemma 1, got it with {name}")
    _check_numbers(name, theorem, options)
    if options.training_set is not None:
        _check_training_set(name, theorem, options)
    if options.alternating is False and theorem.alternating and theorem.on_both is None:
        raise ConstructionError(f"need no --plain with {name}, which is about one label at a time, got it")


def _check_numbers(name: str, theorem: Theorem, options: TheoremOptions) -> None:
    """Refuse samples, a batch or a delta that would do nothing."""
    if options.samples is not None and not theorem.samples:
        raise ConstructionError(f"need no --samples with {name}, whose given method has none, got {options.samples}")
    if options.batch is not None and name in OF_ONE_BATCH:
        raise ConstructionError(f"need no --batch with {name}, whose one batch has m samples, got {options.batch}")
    if options.delta is not None and name in LOSSLESS:
        raise ConstructionError(f"need no --delta with {name}, which gives up nothing in error, got {options.delta}")


def _check_training_set(name: str, theorem: Theorem, options: TheoremOptions) -> None:
    """Refuse a training set where there is no such form of the theorem."""
    if name not in ON_SETS:
        hint = "; gradient descent on batches of b from M samples is that of theorem 1c" * (name == "theorem 3c")
        raise ConstructionError(f"need --training-set with {', '.join(ON_SETS)}, got it with {name}{hint}")
    if theorem.on_both is not None and options.form == NETWORK:
        raise ConstructionError(f"need --as model for --training-set with {name}, got network")
    if theorem.on_both is not None and options.alternating is False:
        raise ConstructionError(f"need no --plain for --training-set with {name}, got it")


def check_length(task: TheoremTask) -> None:
    """Refuse runs that would not end, if they are taken one by one.

    Raises
    ------
    ConstructionError
        For more rounds, or steps, than are gone through; budgets alone can still be had.

    >>> check_length(prepare("theorem 2d", THEOREMS["theorem 2d"], TheoremOptions(tau="1/100000")))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need at most 100000000 rounds in a run, got 313910501504, at tau = \
1/100000; --runs 0 shows the budgets alone
    """
    budget = task.pipeline.made.budget
    rounds = getattr(budget, "k", getattr(budget, "steps", 0))
    if rounds > MOST_ROUNDS:
        raise ConstructionError(
            f"need at most {MOST_ROUNDS} rounds in a run, got {rounds}, at tau = {task.parameters['tau']}; --runs 0 "
            "shows the budgets alone"
        )


def _task(theorem: Theorem, parameters: Parameters, given: Given) -> TheoremTask:
    n, b, m, seed, runs = (int(str(parameters[name])) for name in ("bits", "batch", "samples", "seed", "runs"))
    delta, tau = (Fraction(str(parameters[name])) for name in ("delta", "tau"))
    extract, alternating = str(parameters["extract"]), bool(parameters["alternating"])
    rho = Fraction(str(parameters["rho"])) if "rho" in parameters else None
    setting = TheoremSetting(n=n, b=b, m=m, tau=tau, delta=delta, extract=extract, alternating=alternating, rho=rho)
    learner, network = given.learner or str(parameters["learner"]), parameters.get("form") == NETWORK
    both = bool(theorem.alternating) and not alternating
    pipeline = theorem.pipeline(setting, learner, network=network, both=both)
    oracle = named(ORACLES, str(parameters["oracle"]), "oracle")
    size = int(str(parameters["training_set"])) if "training_set" in parameters else None
    pipeline = pipeline if size is None else on_a_training_set(pipeline, setting, size)
    picks = parameters.get("adversary")
    losses = Losses.of(given.source, MOST_ASKED if pipeline.repeated else MOST_POINTS)
    return TheoremTask(
        parameters=parameters if given.digest is None else {**parameters, "learner file": given.digest},
        title=theorem.on_network.title if network and theorem.on_network else theorem.title,
        pipeline=pipeline,
        experiment=Experiment(
            pipeline, given.source, losses, oracle, seed, None if picks is None else str(picks), size
        ),
        runs=runs,
        columns=given.columns,
    )


def _given(value: Option | None, otherwise: Option) -> Option:
    return otherwise if value is None else value


def _bits(given: int | None, found: int | None) -> int:
    """How many bits x has: as many as the data have (``found``), else as many as were asked for."""
    if found is not None and given not in (None, found):
        raise ConstructionError(
            f"need --bits {found}, one less than the columns of the data, or no --bits, got {given}"
        )
    return found if found is not None else _given(given, BITS)


def _digest(points: Sequence[Point]) -> str:
    return f"{len(points)} rows, sha256 {sha256_of(repr(list(points)).encode())}"
