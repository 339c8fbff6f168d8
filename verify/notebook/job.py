"""A user's whole job in a few lines of Python: build, claim, prove, draw, compile, train, trace, certify.

Everything that these functions return shows itself in a notebook. A claim that is stated in a notebook is proved in its
own process, for no other process can read it; nothing of it is kept from run to run. Claims of the paper and of files
are proved as ``querygrad prove`` does it.
"""

import tempfile
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.files import sha256_of
from constructions.foundations.network import Fragment
from constructions.foundations.shown import HTML, SHOWS, Shown
from constructions.foundations.walks import ForwardRun, forward
from constructions.networks.network_file import write_network
from constructions.networks.queries import DYADIC, Setting
from constructions.networks.trainable import Trainable
from constructions.training.run import TrainingRun
from verify.arguments import obligations
from verify.arguments.data_options import DataOptions
from verify.arguments.learner import read_learner
from verify.arguments.learner_options import LearnerOptions
from verify.arguments.training import TrainingOptions
from verify.certifier.certificate import entries, handing_over
from verify.certifier.certify import certify_network
from verify.commands.certify import machine_for, machine_text
from verify.commands.compile import plan_for
from verify.commands.proving import Proving, prove_with_progress
from verify.commands.train import carried_out, training_of
from verify.discharge.many import counts
from verify.discharge.one import discharge
from verify.discharge.resting import resting
from verify.discharge.result import Result
from verify.notebook.showing import table_of, verdicts_of
from verify.notebook.traces import trace as trace  # job.trace
from verify.obligations.obligation import Claim, Obligation
from verify.obligations.user_file import Papers
from verify.provers.outcome import SECONDS
from verify.reports import training as reports
from verify.screen.bar import progress_bar

CLAIMS: dict[str, Obligation] = {}
"""The claims that were stated so far, by id; one that is stated again takes the place of the one before."""


@dataclass(frozen=True)
class Verdicts(Sequence[Result], Shown):
    """What was found of some claims."""

    results: tuple[Result, ...]

    def __getitem__(self, place: Any) -> Any:
        return self.results[place]

    def __len__(self) -> int:
        return len(self.results)

    @property
    def as_expected(self) -> bool:
        """Whether every verdict is the one that is right."""
        return all(each.error is None and each.verdict is each.due for each in self.results)


def claim(id: str, *, of: Any, twin: Any = None, paper: str = "mine", **rest: Any) -> Callable[[Claim], Obligation]:
    """State a claim: a decorator that makes an obligation of a function.

    Parameters
    ----------
    id : dotted. of, twin : what it is about, and the broken one; values, or functions from a case to them.
    paper, rest : as for :class:`~verify.obligations.obligation.Obligation`.

    Raises
    ------
    ConstructionError
        When the function is decorated: as :class:`~verify.obligations.obligation.Obligation`.

    >>> @claim("mine.square", of=0, twin=1)
    ... def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> found = prove(is_no_less)
    >>> found[0].word, found.as_expected
    ('PROVED', True)
    """

    def made(function: Claim) -> Obligation:
        known: Mapping[str, Obligation] = ChainMap(CLAIMS, Papers())  # type: ignore[arg-type]
        broken = {} if twin is None else {"twin": _builder(twin)}
        fields: dict[str, Any] = {**rest, **broken}
        CLAIMS[id] = Obligation(id=id, paper=paper, claim=function, of=_builder(of), known=known, **fields)
        return CLAIMS[id]

    return made


def _builder(subject: Any) -> Callable[[Any], Any]:
    return subject if callable(subject) and not isinstance(subject, Fragment) else lambda case: subject


def prove(*things: Obligation | str, seconds: int = SECONDS, quiet: bool = False) -> Verdicts:
    """Prove or refute claims: those of :func:`claim`, and by their ids, items or files those of the paper and of files.

    Parameters
    ----------
    things : obligations, or what ``querygrad prove`` takes. seconds : for each question to the solver.
    quiet : show no progress.

    Raises
    ------
    ConstructionError
        For a name that names nothing, and for a claim that cannot be stated.
    """
    own = [each for each in things if isinstance(each, Obligation)]
    names = [each for each in things if isinstance(each, str)]
    found: dict[str, Result] = {}
    with progress_bar("proving", len(own), quiet=quiet) as bar:
        for each in _with_needs(own, found, seconds):
            bar.advance(each)
    how = Proving(seconds=seconds, quiet=quiet)
    results = prove_with_progress(obligations.choose(names), how) if names else []
    return Verdicts((*resting(list(found.values())), *results))


def _with_needs(wanted: Sequence[Obligation], found: dict[str, Result], seconds: int) -> Iterator[str]:
    """Discharge obligations, and after them what they need and use; yield the id of each."""
    waiting = list(wanted)
    while waiting:
        one = waiting.pop(0)
        if one.id not in found:
            found[one.id] = discharge(one, seconds)
            yield one.id
            waiting += [one.known[id] for id in (*one.needs, *found[one.id].uses) if counts(id, one)]


def draw(fragment: Fragment, **inputs: Number) -> Fragment | ForwardRun:
    """A fragment, or, with a value for every input, its run there: both show themselves as pictures.

    Raises
    ------
    ConstructionError
        Unless exactly the inputs have values, if any has.

    >>> half = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): "1/2"})
    >>> str(draw(half, x=1).out["y"]), "<svg" in draw(half, x=1)._repr_svg_()
    ('1/2', True)
    """
    return forward(fragment, inputs) if inputs else fragment


def compile(
    learner: str,
    *,
    bits: int | None = None,
    batch: int | None = None,
    rho: Fraction | None = None,
    tolerance: Fraction | None = None,
    setting: Setting = DYADIC,
    **rest: Any,
) -> Trainable:
    """The network that runs a learner when gradient descent trains it.

    Parameters
    ----------
    learner : a built-in one, ``FILE.py[:NAME]``, or an AIGER file with latches. bits : of a point x.
    batch, rho, tolerance : b, the gradient precision, and how far an answer may be from its mean.
    setting : which Q and Q'. rest : further options of ``querygrad compile``, as
        :class:`~verify.arguments.learner_options.LearnerOptions` names them.

    Raises
    ------
    ConstructionError
        For a learner that there is not, or options that do not fit it.

    >>> compile("literal", bits=1, rho=Fraction(1, 16)).network.size
    752
    """
    return plan_for(learner, LearnerOptions(n=bits, b=batch, **rest), setting, rho, tolerance).trainable


@dataclass(frozen=True)
class FinishedRun(Shown):
    """A network that was trained: the run, and what is told of it, the loss among it.

    Parameters
    ----------
    run : what came of it. told : by the name of a line, the line that ``querygrad train`` prints.
    """

    run: TrainingRun
    told: Mapping[str, str]

    @property
    def net(self) -> Trainable:
        """The trained network."""
        return self.run.net


def train(net: Trainable, *, quiet: bool = False, seed: int = 0, **options: Any) -> FinishedRun:
    """Train a network by gradient descent in exact arithmetic.

    Parameters
    ----------
    net : the network. quiet : show no progress. seed : of batches and random strings.
    options : of the data and of the run, as :class:`~verify.arguments.data_options.DataOptions` and
        :class:`~verify.arguments.training.TrainingOptions` name them (``problem``, ``noise``, ``adversary``, ...).

    Raises
    ------
    ConstructionError
        For options that there are not, data or an adversary that there are not, and numbers that no number system
        holds.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.foundations.network import Network
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> done = train(Trainable(network=flat_network(graph), rho=Fraction(1, 4), steps=2), problem="parity")
    >>> done.run.steps, done.told["steps"]
    (2, '2 of 2')
    """
    of_data = {name: value for name, value in options.items() if name in DataOptions.__dataclass_fields__}
    of_run = {name: value for name, value in options.items() if name not in of_data}
    odd = next((name for name in of_run if name not in TrainingOptions.__dataclass_fields__), None)
    if odd is not None:
        raise ConstructionError(f"need an option of 'querygrad train', got {odd!r}")
    data, how = DataOptions(seed=seed, **of_data), TrainingOptions(**of_run)
    how.check_oracle(full=data.full)
    found, run = training_of(net, data, how)
    done, seconds = carried_out(run, quiet=quiet)
    told = reports.RunToTell(
        path=Path("the network"),
        start=net,
        data=found,
        done=done,
        given=data,
        options=how,
        settings=run.settings,
        steps=run.steps,
        seconds=seconds,
    )
    return FinishedRun(done, reports.about_run(told))


@dataclass(frozen=True)
class Certified(Shown):
    """What became of a network that was to be certified.

    Parameters
    ----------
    certified : whether the checker said so. said : what the checker said, or why the network is refused.
    certificate : the certificate's bytes, for a file that ``querygrad recheck`` reads; empty if there is none.
    """

    certified: bool
    said: str
    certificate: bytes = b""


def certify(
    net: Trainable,
    learner: str,
    *,
    setting: Setting = DYADIC,
    tolerance: Fraction | None = None,
    seconds: int = SECONDS,
    **rest: Any,
) -> Certified:
    """Certify that training a network runs a learner, whatever the data and the roundings are.

    Parameters
    ----------
    net : the network. learner, setting, rest : as for :func:`compile`; bits and batch are the network's unless they are
        given (``n``, ``b``). tolerance : within which answers have to be (4 rho if not given).
    seconds : for each question to the solver.

    Raises
    ------
    ConstructionError
        For a learner that there is not, or options that do not fit it.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> found = certify(Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), steps=2), "literal")
    >>> found.certified, found.said.startswith("(")
    (False, True)
    """
    found = read_learner(learner, LearnerOptions(**rest))
    machine = machine_for(found, LearnerOptions(**rest), net, setting=setting, tolerance=tolerance)
    text, rewritten = machine_text(found, machine)
    outcome = certify_network(net, machine, seconds=seconds, tolerance=tolerance)
    if outcome.refusal is not None:
        return Certified(False, str(outcome.refusal))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "network.qgn")
        write_network(path, net)
        sha256 = sha256_of(path.read_bytes())
        cert = entries.certificate(net, machine, outcome, network=sha256, text=text, rewritten=rewritten)
        decision = handing_over.decided(cert, path, prove=outcome.tally.calls > 0)
    certificate = decision.certificate if decision.certified else b""
    return Certified(decision.certified, decision.said, certificate)


SHOWS |= {
    (Verdicts, HTML): lambda found: verdicts_of(found.results),
    (FinishedRun, HTML): lambda trained: table_of(trained.told, "a training"),
    (Certified, HTML): lambda found: table_of({"certified" if found.certified else "refused": found.said}),
}
