"""A user's whole job from Python: claims that use others, options, refusals; and how values show themselves."""

from fractions import Fraction
from typing import Any

import pytest

from constructions.computation.formats.files import read_data
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH
from constructions.foundations.network import Fragment
from constructions.foundations.shown import HTML, SHOWS, SVG
from constructions.networks.flat import flat_network
from constructions.networks.gates import conjunction
from constructions.networks.trainable import Trainable
from verify.notebook import job, showing
from verify.screen.bar import progress_bar

GATE = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 3}, sigma=HARD_TANH)


def stated(least: int, id: str = "mine.square", **more: Any) -> Any:
    """A claim that holds for 0 and fails for 1."""

    @job.claim(id, of=least, twin=lambda case: 1 - least, **more)
    def is_no_less(least: Any, case: Any) -> None:
        """A square is at least a number, 1 < 2 & so on."""
        case.show("square", case.real("x") ** 2 >= least)

    return is_no_less


def test_a_claim_that_fails_says_where_and_is_escaped() -> None:
    found = job.prove(stated(1))
    assert found[0].word == "REFUTED" and not found.as_expected
    text = found._repr_html_()
    assert text and "1 &lt; 2 &amp; so on" in text and "fails at x=" in text and "<p>" in text


def test_a_claim_is_worth_no_more_than_what_it_needs_and_a_new_one_takes_its_place() -> None:
    stated(1, "mine.lemma")
    found = job.prove(stated(0, needs=("mine.lemma",)))
    assert [(each.id, each.word) for each in found] == [("mine.square", "REFUTED"), ("mine.lemma", "REFUTED")]
    stated(0, "mine.lemma")
    assert job.prove(stated(0, needs=("mine.lemma",))).as_expected


def test_options_that_there_are_not_are_refused() -> None:
    net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    with pytest.raises(ConstructionError, match="need an option of 'querygrad train', got 'speed'"):
        job.train(net, speed=3)
    with pytest.raises(ConstructionError, match=r"need .*learner"):
        job.compile("no-such-learner")


def test_a_network_that_runs_no_learner_is_refused() -> None:
    net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), steps=2)
    found = job.certify(net, "literal")
    assert not found.certified and not found.certificate and "refused" in str(found._repr_html_())


def test_small_things_are_pictures_and_large_ones_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit = read_data(b"INPUT(a)\nOUTPUT(y)\ny = NOT(a)\n", "no.bench").machine.circuit
    for value in (GATE, circuit):
        assert "<svg" in str(value._repr_svg_()) and value._repr_html_() is None
    run = job.draw(GATE, x=Fraction(1, 8))
    assert "<svg" in str(run._repr_svg_()) and job.draw(GATE) is GATE
    monkeypatch.setattr(showing, "MOST_DRAWN", 0)
    assert all(value._repr_svg_() is None and "<table>" in str(value._repr_html_()) for value in (GATE, circuit))


def test_every_class_is_shown_in_one_way_at_least() -> None:
    kinds = {kind.__name__ for kind, _ in SHOWS}
    assert kinds >= {
        "Fragment",
        "FlatNetwork",
        "Trainable",
        "FlatCircuit",
        "Machine",
        "Result",
        "TrainingRun",
        "RecordedRun",
        "StepOfTrace",
        "Verdicts",
    }
    assert {form for _, form in SHOWS} == {SVG, HTML}
    assert "weights over" in str(flat_network(conjunction())._repr_html_())


def test_a_bar_in_a_notebook_is_shown_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("verify.screen.bar.notebook_display", lambda: shown.append)
    with pytest.raises(KeyboardInterrupt), progress_bar("proving", 2, unit="claims") as bar:
        assert bar.is_shown
        bar.advance("one")
        bar.reach(2)
        raise KeyboardInterrupt
    assert shown[0].endswith("0/2 proving") and " 2/2 one" in shown[-2] and shown[-1] == ""
    with progress_bar("proving", 2, quiet=True) as bar:
        assert not bar.is_shown
