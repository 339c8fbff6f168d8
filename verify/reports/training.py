"""What ``querygrad train`` prints."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from constructions.networks.trainable import Trainable
from constructions.reductions.descent_by_queries import tolerance
from constructions.training.by_fractions import EngineSettings, any_engine
from constructions.training.run import TrainingRun
from verify.arguments.data import Data
from verify.arguments.data_options import DataOptions
from verify.arguments.training import TrainingOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class RunToTell:
    """A run of training that is over, and what was asked of it.

    Parameters
    ----------
    path, start : the network's file, and the network as it was read. data : what it was trained on.
    done : what came of it. given, options : what the command line says of the data and of the run.
    settings : batch size, precision and rate, as they were used. steps : how many were asked for.
    seconds : the time that the run took.
    """

    path: Path
    start: Trainable
    data: Data
    done: TrainingRun
    given: DataOptions
    options: TrainingOptions
    settings: EngineSettings
    steps: int
    seconds: float


def about_run(run: RunToTell) -> dict[str, str]:
    """What is reported of a run: by the name of a line, the line; the loss is computed here.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), steps=3)
    >>> data = Data(name="my rows", batch=2, batches=None, loss=lambda outputs: (Fraction(1, 8), "exact, over 8 rows"))
    >>> done = TrainingRun(net=net, steps=3, edges=1, moves=2, systems={"int64": 3}, reason="all numbers are small")
    >>> options = TrainingOptions()
    >>> run = RunToTell(
    ...     path=Path("and.qgn"), start=net, data=data, done=done, given=DataOptions(), options=options,
    ...     settings=options.settings(net, data.batch), steps=3, seconds=0.5)
    >>> for name, line in about_run(run).items():
    ...     print(f"{name:<12} {line}")
    network      and.qgn: 4 vertices, 3 edges (0 frozen), 0 random bits (from seed 0)
    training     bSGD on my rows: batch 2, rho 1/16, rate 1, adversary nearest
    steps        3 of 3
    edges moved  1 of 3, 2 changes of a weight in all
    seconds      0.50 (6.0 steps/s)
    numbers      steps taken: 3 in int64: all numbers are small
    loss         1/8 = 0.125 (exact, over 8 rows)
    """
    flat, done, settings = run.start.network, run.done, run.settings
    now = done.steps - done.resumed
    string = "given" if run.options.bits is not None else f"from seed {run.given.seed}"
    taken = ", ".join(f"{count} in {name}" for name, count in done.systems.items())
    systems = f"steps taken: {taken}" if taken else "no step"
    before = f", of which an earlier run took the first {done.resumed}" if done.resumed else ""
    found = {
        "network": f"{run.path}: {flat.size:,} vertices, {len(flat.sources):,} edges ({len(run.start.frozen):,} "
        f"frozen), {run.start.random_bits:,} random bits ({string})",
        "training": f"{'fbGD' if run.given.full else 'bSGD'} on {run.data.name}: batch {settings.batch}, "
        f"rho {settings.rho}, rate {settings.rate}, {rounded_by(run)}",
        "steps": f"{done.steps} of {run.steps}{before}",
        "edges moved": f"{done.edges:,} of {len(flat.sources):,}, {done.moves:,} changes of a weight in all",
        "seconds": f"{run.seconds:.2f}" + (f" ({now / run.seconds:.1f} steps/s)" if now and run.seconds else ""),
        "numbers": f"{systems}: {done.reason}",
    }
    if done.ways:
        found["passes"] = ", ".join(f"{count} {way}" for way, count in done.ways.items())
    if done.kink is not None:
        return found | {
            "stopped": f"the loss has no derivative in step {done.steps + 1}: vertex {done.kink} is on a kink"
        }
    loss, how = run.data.loss(any_engine(done.net, settings).outputs)
    return found | {"loss": f"{shown(loss)} ({how})"}


def rounded_by(run: RunToTell) -> str:
    """Who rounded the gradients of a run: the adversary, or the answers of an oracle, with its budget."""
    options, rho = run.options, run.settings.rho or run.start.rho
    if options.oracle is None:
        return f"adversary {options.adversary}"
    queries, tau = len(run.start.network.sources) - len(run.start.frozen), tolerance(rho)
    asked = f"{run.steps:,} rounds of {queries:,} queries to tolerance {tau}"
    return f"{options.oracle} oracle ({options.answers or 'exact'} answers): {asked}"


def shown(loss: Fraction) -> str:
    """A rational, with its decimal beside it.

    >>> shown(Fraction(1, 8)), shown(Fraction(0))
    ('1/8 = 0.125', '0')
    """
    return str(loss) if loss.denominator == 1 else f"{loss} = {float(loss):.6g}"
