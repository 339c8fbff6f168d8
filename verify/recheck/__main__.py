"""``python -m verify.recheck CERT NET``: check a certificate.

Exit codes: 0 certified; 1 refused; 2 a file that cannot be read, or one that is not of its grammar; 3 NOT COMPLETE,
something is left open; 4 an error of the checker itself.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from verify.recheck.check import Check
from verify.recheck.reading import MalformedError, RefusedError, read_once
from verify.recheck.words import described

CERTIFIED, REFUSED, BAD, OPEN, INTERNAL = range(5)
SHOWN = 20
REST = (
    "equalities need a solver: they are neither shown nor refuted, so nothing is certified. 'querygrad certify' looks "
    "for proofs of them, with python-sat, and puts those that it finds into the certificate. Open are:"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Check a certificate and say what is certified."""
    parser = argparse.ArgumentParser(
        prog="recheck", description="Check a certificate of a network; this program alone says 'certified'."
    )
    parser.add_argument("cert", type=Path, metavar="CERT")
    parser.add_argument("net", type=Path, metavar="NET")
    given = parser.parse_args(argv)
    return checked(given.cert, given.net)


def checked(cert: Path, net: Path) -> int:
    """The exit code of a check, with what is to be said printed."""
    try:
        text = read_once(cert)
        if not net.is_file():
            raise MalformedError(
                f"a file that can be read, got {'something else' if net.exists() else 'none'}, at {net}"
            )
        with net.open("rb") as stream:
            verdict = Check(text, stream).verdict()
    except RefusedError as error:
        bad = isinstance(error, MalformedError)
        print(f"{'' if bad else 'refused: '}need {ascii(str(error))[1:-1][:300]}", file=sys.stderr)
        return BAD if bad else REFUSED
    except OSError as error:
        print(f"need files that can be read, got {type(error).__name__}: {ascii(str(error))[:200]}", file=sys.stderr)
        return BAD
    except Exception as error:
        print(f"an error of the checker: {type(error).__name__}: {ascii(str(error))[:200]}", file=sys.stderr)
        return INTERNAL
    print(*described(verdict), sep="\n")
    if verdict.certified:
        return CERTIFIED
    print(f"NOT COMPLETE: {len(verdict.open)} {REST}", file=sys.stderr)
    print(*[f"  {what}" for what in verdict.open[:SHOWN]], sep="\n", file=sys.stderr)
    return OPEN


if __name__ == "__main__":
    sys.exit(main())
