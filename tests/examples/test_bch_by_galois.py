"""The layer of the decoder that PinSketch has, too, against the library galois (skipped where it is not installed)."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest

from constructions.strip.binary_field import BinaryField
from constructions.strip.locating import located
from verify.obligations.user_file import load_file

SCRIPT = Path(__file__).parents[2] / "examples" / "neighbours" / "bch_by_galois.py"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(find_spec("galois") is None, reason="needs galois")]


def test_sets_are_found_alike(capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--sets", "4", "--seed", "7"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 5 and all(line.endswith("4 sets: 0 differ") for line in said)


def test_the_errors_of_a_code_of_galois_are_located_by_their_syndromes() -> None:
    galois: Any = import_module("galois")
    code, random = galois.BCH(15, 5), Random(3)  # three errors in 15 places, over GF(2^4) with x^4 + x + 1
    field, unit = BinaryField(4), int(galois.GF(2**4).primitive_element)
    assert field.modulus == 0b10011 and unit == 2
    powers = [1]
    for _ in range(14):
        powers.append(field.times(powers[-1], unit))
    word = code.encode([1, 0, 1, 1, 0])
    for many in (1, 2, 3):
        places = sorted(random.sample(range(15), many))
        wrong = word.copy()
        for place in places:
            wrong[14 - place] += galois.GF2(1)
        assert (code.decode(wrong) == galois.GF2([1, 0, 1, 1, 0])).all()
        theirs = galois.GF(2**4)([powers[place] for place in places])
        odd = [int(sum((x**e for x in theirs), theirs[:1][0] * 0)) for e in (1, 3, 5)]
        assert located(field, odd) == tuple(sorted(powers[place] for place in places))
