"""A recorded training run, checked by code that shares nothing with the engine that made it.

    querygrad train NET.qgn --problem parity --bits 2 --trace run.trace -o trained.qgn
    python examples/check_trace.py NET.qgn run.trace trained.qgn

Every step is gone through in rationals: the outputs on its batch, and whether each move of a weight is a valid rounding
(equation 3) of the mean of the clipped gradients. The trained network, if it is given, must have the weights that the
moves lead to. Exits 0 if nothing is wrong, 1 if something is. For networks of some thousand edges.
"""

import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.networks.network_file import read_network
from constructions.training.record import read_header, read_trace, replayed
from constructions.training.retracing import as_initialized
from verify.replay.trace import faults_of


def faults_in(net: Path, trace: Path, trained: Path | None = None) -> list[str]:
    """Everything that is wrong with a trace, and with the network that the run left; nothing if all is right."""
    header = read_header(trace)
    start = as_initialized(read_network(net), int(header["seed"]))
    steps = list(read_trace(trace))
    rho, rate = Fraction(header["rho"]), Fraction(header["rate"])
    found = list(faults_of(start, steps, rho=rho, rate=rate, batch=int(header["batch"])))
    if trained is not None and not found:
        end = read_network(trained).network
        moved = replayed(iter(steps), start.network.weights, start.network.scale)
        if moved != [Fraction(weight, end.scale) for weight in end.weights.tolist()]:
            found.append("the moves do not lead to the weights of the trained network")
    return found


def main(arguments: Sequence[str]) -> int:
    """Say what is wrong."""
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    try:
        found = faults_in(*map(Path, arguments))
    except (ConstructionError, KeyError) as error:
        print(error)
        return 2
    print("\n".join(found) if found else f"{arguments[1]}: every step is one of rounded gradient descent")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
