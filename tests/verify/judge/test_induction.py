"""Inductions in the judge: forms that are refused, whatever the solver says."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.verify.judge.test_check import Data, data, theorem
from verify.judge.check import Checking
from verify.judge.reading import RefusedError
from verify.judge.solver import Solver
from verify.judge.terms import Node
from verify.judge.theorems import ProofFile

YES = Solver(("sh", "-c", "echo unsat"), "says unsat to everything", 5)


class _Any(Checking):
    """A checker whose solver refutes everything, whatever the question is."""

    def refute(self, formula: Node, text: str | None, where: str) -> None:
        pass


def row(of: Data, *entry: Any) -> int:
    """A new term of a file."""
    of["terms"].append(list(entry))
    return len(of["terms"]) - 1


def refusal(of: Data, id: str = "sum.grows") -> str:
    """Why a theorem is refused that no solver would refuse."""
    with pytest.raises(RefusedError) as caught:
        _Any(ProofFile(json.dumps(of).encode()), YES, {"markov": None}).establish(id)
    return str(caught.value)


def with_keys(of: Data) -> None:
    """Make the keys of a file fit what it says."""
    checking = _Any(ProofFile(json.dumps(of).encode()), YES, {})
    for each in of["theorems"]:
        each["key"] = checking.statement(each["id"]).key


def record(of: Data, id: str = "sum.grows") -> Data:
    """The induction of a theorem."""
    found: Data = theorem(of, id)["proof"]["inductions"][0]
    return found


def halves(of: Data) -> None:
    """n becomes n/2."""
    two = row(of, "constant", "2", [])
    record(of)["after"]["n"] = row(of, "/", None, [record(of)["state"]["n"], two])


def moving_start(of: Data) -> None:
    record(of)["start"]["sum"] = record(of)["state"]["sum"]


def property_of_an_input(of: Data) -> None:
    record(of)["holds"] = row(of, ">=", None, [record(of)["inputs"]["x"], record(of)["state"]["n"]])


def one_variable_twice(of: Data) -> None:
    record(of)["inputs"]["x"] = record(of)["state"]["sum"]


def a_parameter_that_is_left_out(of: Data) -> None:
    other = row(of, "variable", ["least", "real"], [])
    record(of)["start"]["sum"] = other


def a_function_that_is_left_out(of: Data) -> None:
    zero = row(of, "constant", "0", [])
    record(of)["start"]["sum"] = row(of, "apply", ["f", ["real"], "real"], [zero])


def another_name(of: Data) -> None:
    record(of)["reached"] = "reached: somebody else's, over the numbers"


def a_premise_about_the_state(of: Data) -> None:
    ground = theorem(of, "sum.grows")["proof"]["grounds"][0]
    ground["term"] = row(of, ">=", None, [record(of)["state"]["sum"], record(of)["inputs"]["x"]])


def a_property_before_its_base(of: Data) -> None:
    record(of)["conditions"] = [0, 2]


FORMS: dict[str, tuple[Callable[[Data], None], str]] = {
    "an integer that becomes none": (halves, "integers by their form for 'n'"),
    "a start that moves": (moving_start, "a start without the state"),
    "a property of an input": (property_of_an_input, "a property that reads no input"),
    "one variable twice": (one_variable_twice, "different variables as state and inputs"),
    "a parameter that is left out": (a_parameter_that_is_left_out, "all that stays the same in what is reached"),
    "a function that is left out": (a_function_that_is_left_out, "all functions in the name of what is reached"),
    "another name": (another_name, "a predicate called 'reached: sum.grows, over the numbers'"),
    "a premise about the state": (a_premise_about_the_state, "premises without the state"),
    "a property before its base": (a_property_before_its_base, "a base and a step that were stated before"),
}


@pytest.mark.parametrize("what", FORMS)
def test_a_form_that_proves_nothing_is_refused(what: str) -> None:
    change, reason = FORMS[what]
    found = data()
    change(found)
    with_keys(found)
    assert reason in refusal(found)


def test_blocks_that_keep_an_input_are_refused() -> None:
    found = data()
    record(found)["blocks"] = {"k": 2, "renewed": [], "base": ["", ""], "step": ""}
    assert "all inputs new in each step" in refusal(found)


def test_a_rule_for_another_state_is_refused() -> None:
    found = data()
    step = next(each for each in theorem(found, "sum.two")["proof"]["grounds"] if each["kind"] == "step")
    step["state"] = {}
    assert "need a state" in refusal(found, "sum.two")
    found = data()
    start = next(each for each in theorem(found, "sum.two")["proof"]["grounds"] if each["kind"] == "start")
    start["inputs"] = {"x": row(found, "true", None, [])}
    assert "a term of kind real for 'x'" in refusal(found, "sum.two")


def test_a_rule_of_an_induction_that_is_none_is_refused() -> None:
    found = data()
    step = next(each for each in theorem(found, "sum.two")["proof"]["grounds"] if each["kind"] == "step")
    step["induction"] = "over nothing"
    assert "need an induction of 'sum.grows'" in refusal(found, "sum.two")


def other_step(of: Data) -> None:
    two = row(of, "constant", "2", [])
    record(of)["after"]["n"] = row(of, "*", None, [record(of)["state"]["n"], two])


def never_taken(of: Data) -> None:
    record(of)["taken"] = row(of, "false", None, [])


def fewer_premises(of: Data) -> None:
    record(of)["conditions"] = []


def another_input(of: Data) -> None:
    record(of)["inputs"] = {}


@pytest.mark.parametrize("change", [other_step, never_taken, fewer_premises, another_input])
@pytest.mark.parametrize("id", ["sum.grows", "sum.far"])
def test_what_reached_means_is_in_the_key(change: Callable[[Data], None], id: str) -> None:
    found = data()
    before = Checking(ProofFile(json.dumps(found).encode()), YES, {}).statement(id).key
    change(found)
    assert Checking(ProofFile(json.dumps(found).encode()), YES, {}).statement(id).key != before
    assert "the key of the statement" in refusal(found, id)


def test_an_induction_that_speaks_of_itself_is_refused() -> None:
    found = data()
    name = record(found)["reached"]
    of = [record(found)["state"][each] for each in ("n", "sum")]
    record(found)["taken"] = row(found, "apply", [name, ["real", "real"], "truth"], of)
    assert "an induction that does not speak of itself" in refusal(found)


def test_what_reached_means_can_be_read() -> None:
    checking = Checking(ProofFile(json.dumps(data()).encode()), YES, {})
    names = [name for name, _ in checking.statement("sum.far").runs]
    assert checking.runs.words(names) == [
        "reached: sum.grows, over the numbers:",
        "  start n = 0, sum = 0; step n <- n + 1, sum <- sum + x; new in each step: x",
        "  while x >= 1 and true",
    ]
