"""``python -m verify.referee TRANSCRIPT``: check a transcript of a game against an SQ method.

Exit codes: 0 all of it is true; 1 refused; 2 a file that cannot be read, or that is no transcript; 4 an error of the
referee itself.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from verify.referee.check import MalformedError, RefusedError, Ruling, check

TRUE, REFUSED, BAD, INTERNAL = 0, 1, 2, 4


def main(argv: Sequence[str] | None = None) -> int:
    """Check a transcript and say what is true."""
    parser = argparse.ArgumentParser(prog="referee", description="Check a transcript of a game against an SQ method.")
    parser.add_argument("transcript", type=Path, metavar="TRANSCRIPT")
    return checked(parser.parse_args(argv).transcript)


def checked(transcript: Path) -> int:
    """The exit code of a check of the file at a path, with what is to be said printed."""
    where = ascii(str(transcript))[1:-1]
    try:
        found = check(transcript.read_bytes())
    except RefusedError as error:
        bad = isinstance(error, MalformedError)
        print(f"{'' if bad else 'refused: '}need {ascii(str(error))[1:-1][:300]}, at {where}", file=sys.stderr)
        return BAD if bad else REFUSED
    except OSError as error:
        got = error.strerror or type(error).__name__
        print(f"need a file that can be read, got {got}, at {where}", file=sys.stderr)
        return BAD
    except Exception as error:
        print(f"an error of the referee: {type(error).__name__}: {ascii(str(error))[:200]}", file=sys.stderr)
        return INTERNAL
    print(*described(found), sep="\n")
    return TRUE


def described(found: Ruling) -> list[str]:
    """What is true, in words.

    >>> from fractions import Fraction
    >>> print(*described(Ruling(2, 1, Fraction(1, 8), 2, 2, Fraction(1, 8), Fraction(1, 16))), sep="\\n")
    TRUE: 1 queries about 2 bits, tolerance 1/8; 2 of 4 parities agree with all answers, within the tolerance
    the transcript names number 2 of them, and the loss on it is 1/8
    bound: whatever is predicted, the loss on some parity left is at least 1/16
    """
    said = [
        f"TRUE: {found.queries} queries about {found.bits} bits, tolerance {found.tolerance}; {found.left} of "
        f"{2**found.bits} parities agree with all answers, within the tolerance"
    ]
    if found.target is not None:
        said.append(f"the transcript names number {found.target} of them, and the loss on it is {found.loss}")
    if found.bound is None:
        return [*said, "no bound: fewer than two parities are left"]
    return [*said, f"bound: whatever is predicted, the loss on some parity left is at least {found.bound}"]


if __name__ == "__main__":
    sys.exit(main())
