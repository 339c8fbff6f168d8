"""What ``querygrad train`` prints."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.networks.trainable import Trainable
from constructions.training.by_fractions import any_engine
from constructions.training.run import TrainingRun
from verify.arguments.data import Data, DataOptions
from verify.arguments.training import TrainingOptions


def about_run(
    path: Path,
    start: Trainable,
    data: Data,
    done: TrainingRun,
    given: DataOptions,
    options: TrainingOptions,
    settings: dict[str, Any],
    steps: int,
    seconds: float,
) -> dict[str, str]:
    """What is reported of a run."""
    flat, now = start.network, done.steps - done.resumed
    string = "given" if options.bits is not None else f"from seed {given.seed}"
    systems = ", ".join(f"{count} in {name}" for name, count in done.systems.items()) or "no step"
    before = f", of which an earlier run took the first {done.resumed}" if done.resumed else ""
    found = {
        "network": f"{path}: {flat.size:,} vertices, {len(flat.sources):,} edges ({len(start.frozen):,} frozen), "
        f"{start.random_bits:,} random bits ({string})",
        "training": f"{'fbGD' if given.full else 'bSGD'} on {data.name}: batch {settings['batch']}, "
        f"rho {settings['rho']}, rate {settings['rate']}, adversary {options.adversary}",
        "steps": f"{done.steps} of {steps}{before}",
        "edges moved": f"{done.edges:,} of {len(flat.sources):,}, {done.moves:,} changes of a weight in all",
        "seconds": f"{seconds:.2f}" + (f" ({now / seconds:.1f} steps/s)" if now and seconds else ""),
        "numbers": f"{systems}: {done.reason}",
    }
    if done.kink is not None:
        return found | {
            "stopped": f"the loss has no derivative in step {done.steps + 1}: vertex {done.kink} is on a kink"
        }
    loss, how = data.loss(any_engine(done.net, **settings).outputs)
    return found | {"loss": f"{shown(loss)} ({how})"}


def shown(loss: Fraction) -> str:
    """A rational, with its decimal beside it.

    >>> shown(Fraction(1, 8)), shown(Fraction(0))
    ('1/8 = 0.125', '0')
    """
    return str(loss) if loss.denominator == 1 else f"{loss} = {float(loss):.6g}"
