"""A job in a process apart: what it tells, returns and raises comes back."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from verify.arguments.apart import CLOCK, TooLongError, apart

Job = Callable[[Callable[[Any], None]], Any]
MINE = Path("mine.py")


def done(job: Job, seconds: int = 60) -> tuple[Any, list[Any]]:
    told: list[Any] = []
    return apart(job, MINE, seconds=seconds, tell=told.append), told


def test_what_is_told_and_returned_comes_back_in_order() -> None:
    def job(tell: Callable[[Any], None]) -> int:
        for i in range(300):
            tell(i)
        return 7

    assert done(job) == (7, list(range(300)))


@pytest.mark.parametrize("error", [PremiseError("need b, got c"), KeyboardInterrupt(), ValueError("odd")])
def test_what_is_raised_is_raised_here(error: BaseException) -> None:
    def job(tell: Callable[[Any], None]) -> None:
        raise error

    with pytest.raises(type(error)) as found:
        done(job)
    assert str(found.value) == str(error)


def test_what_cannot_be_sent_is_said() -> None:
    with pytest.raises(RuntimeError, match=r"PicklingError|AttributeError"):
        done(lambda tell: lambda: 1)


def test_what_is_printed_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    done(lambda tell: print("my own words"))
    assert capsys.readouterr() == ("", "my own words\n")


def test_the_end_of_the_process_is_an_error() -> None:
    with pytest.raises(ConstructionError, match=r"need a method whose functions return, got the end .* at mine.py"):
        done(lambda tell: sys.modules["os"]._exit(3))


def test_only_a_call_is_timed() -> None:
    """With no second at all a job may go on, as long as no call runs."""
    assert done(lambda tell: sum(range(10**6)), seconds=0)[0] > 0

    def calls(tell: Callable[[Any], None]) -> None:
        tell("before")
        with CLOCK.running():
            sys.modules["time"].sleep(30)

    told: list[Any] = []
    with pytest.raises(TooLongError, match=r"need a function that ends within 0 s"):
        apart(calls, MINE, seconds=0, tell=told.append)
    assert told == ["before"]
