"""Mutants put in place in a process: the function that is loaded is another, and nothing else is."""

import pytest

from constructions.foundations import rounding
from constructions.foundations.files import ROOT
from constructions.learning import models
from verify.mutation.facts import in_a_child
from verify.mutation.swapping import LANGUAGE, called_in, loaded_function, swaps_of

ROUNDING = "constructions/foundations/rounding.py"


def test_a_swap_is_seen_by_whoever_has_imported_the_function() -> None:
    """In a child process, as a mutant stays in place until it ends."""
    swap = next(each for each in swaps_of(ROUNDING)["clip"] if each.mutant.after == "value >= 1")
    assert swap.name == f"{ROUNDING} clip: boundary: value > 1 -> value >= 1"
    moved = [each for each in swaps_of(ROUNDING)["clip"] if (each.mutant.before, each.mutant.after) == ("1", "2")][1]

    def clipped() -> list[str]:
        clip = rounding.clip
        before = clip(3)
        return [str(before), str(moved.put()), str(clip(3))]

    assert in_a_child(clipped, 60) == ["1", "True", "2"] and rounding.clip(3) == 1


def test_what_is_called_is_known_by_file_and_name() -> None:
    assert called_in(lambda: rounding.clip(2)) == {ROUNDING: {"clip"}}
    assert called_in(lambda: None) == {}


@pytest.mark.parametrize("name", ["clip", "choose"])
def test_functions_are_found_by_their_names(name: str) -> None:
    assert loaded_function(ROUNDING, name) is getattr(rounding, name)


def test_what_is_no_function_is_not_found() -> None:
    assert loaded_function(ROUNDING, "no function") is None
    assert loaded_function("constructions/no_file.py", "clip") is None
    assert loaded_function("constructions/learning/models.py", models.BSQ.__name__) is None


def test_the_language_of_claims_is_not_changed() -> None:
    assert all((ROOT / file).is_file() for file in LANGUAGE) and ROUNDING not in LANGUAGE
