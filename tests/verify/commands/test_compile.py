"""``querygrad compile``, as a user runs it."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.computation.formats.files import read_file
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.query_machine import query_machine
from constructions.errors import PremiseError
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes, read_network
from constructions.networks.queries import DYADIC, MINIMAL
from verify.arguments.learner import plan_of_learner
from verify.arguments.learner_options import LearnerOptions
from verify.commands.main import main

ROOT = Path(__file__).parents[3]


def rows(out: str) -> dict[str, list[str]]:
    """The sizes that the command prints: by formula and as built."""
    found = {}
    for line in out.splitlines():
        *name, formula, built = line.split() if len(line.split()) > 2 else ["", "", ""]
        found[" ".join(name)] = [formula, built]
    return found


def test_a_built_in_learner_is_compiled_and_its_sizes_are_those_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "net.qgn"
    assert main(["compile", "literal", "--bits", "3", "--batch", "2", "-o", str(target)]) == 0
    out, net = capsys.readouterr().out, read_network(target)
    shown = rows(out)
    assert (net.rho, net.batch, net.steps, net.rate) == (Fraction(1, 32), 2, 2, Fraction(1))
    for name, built in (
        ("vertices", net.network.size),
        ("edges", len(net.network.sources)),
        ("rounds", 2),
        ("random bits", 0),
    ):
        assert shown[name] == [f"{built:,}"] * 2
    assert (
        "4 rho = 1/8" in out
        and "b rho           1/16" in out
        and "every count over a batch is read without error" in out
    )


def test_the_file_is_the_network_of_the_plan(tmp_path: Path) -> None:
    target = tmp_path / "net.qgn"
    assert (
        main(
            [
                "compile",
                "literal",
                "--bits",
                "2",
                "--rho",
                "1/64",
                "--fraction",
                "9",
                "--setting",
                "minimal",
                "-o",
                str(target),
            ]
        )
        == 0
    )
    plan = Plan(machine=best_literal_machine(2, fraction=9), rho=Fraction(1, 64), setting=MINIMAL)
    assert target.read_bytes() == network_bytes(plan.trainable)


@pytest.mark.parametrize(
    ("setting", "said"), [("printed", "in step 1 (E04)"), ("vc", "in step 2 (E03)"), ("strong", "")]
)
def test_a_setting_that_fails_is_compiled_with_a_warning(
    setting: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", "literal", "--bits", "1", "--setting", setting, "-o", str(tmp_path / "net.qgn")]) == 0
    warned = capsys.readouterr().err
    assert said in warned and bool(warned) == bool(said)


def test_a_machine_is_written_and_can_be_compiled_from_its_file(tmp_path: Path) -> None:
    first, again, written = tmp_path / "a.qgn", tmp_path / "b.qgn", tmp_path / "m.aig"
    assert main(["compile", "query-conjunction", "--bits", "2", "-o", str(first), "--machine-out", str(written)]) == 0
    assert main(["compile", str(written), "-o", str(again)]) == 0
    machine = query_machine(read_file(written))
    assert (machine.rounds, read_network(again).steps) == (8, 8)
    assert again.read_bytes() == network_bytes(Plan(machine=machine, rho=Fraction(1, 16)).trainable)


def test_a_users_file_is_compiled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "own.qgn"
    assert main(["compile", str(ROOT / "examples" / "own_learner.py"), "-o", str(target)]) == 0
    assert rows(capsys.readouterr().out)["random bits"] == ["2", "2"]
    assert main(["compile", f"{ROOT / 'examples' / 'own_learner.py'}:machine", "--rounds", "1", "-o", str(target)]) == 0
    assert read_network(target).steps == 1


def test_centring_makes_room_for_a_rho_that_counts_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "net.qgn"
    options = [
        "compile",
        "literal",
        "--bits",
        "2",
        "--batch",
        "10",
        "--rho",
        "3/100",
        "--fraction",
        "12",
        "-o",
        str(target),
    ]
    assert main(options) == 0
    assert "counts over a batch may be misread" in capsys.readouterr().out
    assert main([*options, "--centred", "--tolerance", "1/20"]) == 0
    out = capsys.readouterr().out
    assert (
        "every count over a batch is read without error" in out
        and read_network(target).hints["decoder"]["centred"] is True
    )
    assert main([*options, "--tolerance", "1/20"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["literal"], "need --bits for the learner 'literal'"),
        (["literl", "--bits", "3"], "need a learner among best-of-literals, conjunction"),
        (
            ["literal", "--bits", "3", "--samples", "4"],
            "need options that the learner takes (--bits, --fraction), got --samples",
        ),
        (["literal", "--bits", "3", "--rho", "a"], "need a rational p/q such as 1/20 or 0.05, got 'a', at --rho"),
        (["literal", "--bits", "3", "--rho", "0"], "need --rho > 0"),
        (["literal", "--bits", "3", "--rho", "1/3"], "need 0 < rho < 1/4 (dyadic), got rho=1/3"),
        (["literal", "--bits", "3", "--setting", "loud"], "need a setting among"),
        (["correlations", "--bits", "3", "--setting", "minimal"], "need answers within 1/4, got"),
        (["literal", "--bits", "3", "--tolerance", "1/100"], "need answers within 1/100"),
        (["nothing.py"], "need a Python file, got nothing, at nothing.py"),
        (["nothing.aag"], "need a file that can be read"),
        (["literal", "--bits", "3", "--machine-out", "m.bench"], "need a file that ends in .aag or .aig"),
    ],
)
def test_what_cannot_be_compiled_is_refused_in_one_line_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compile", *arguments, "-o", "net.qgn"]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_output_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "literal", "--bits", "2", "-o", str(tmp_path / "net.json")]) == 2
    assert "need a file that ends in .qgn" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "need a name defined in the file, got 'machine'"),
        ("machine = 3", "need a QueryMachine, got a int"),
        ("def machine():\n    return 1 / 0", "ZeroDivisionError: division by zero, at"),
    ],
)
def test_a_users_file_without_a_machine_is_refused(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    assert main(["compile", str(path), "-o", str(tmp_path / "net.qgn")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("d", range(3, 12))
@pytest.mark.parametrize("learner", ["literal", "correlations"])
def test_answers_have_the_fewest_places_that_serve(learner: str, d: int) -> None:
    rho = Fraction(1, 2**d)

    def plan(fraction: int | None = None) -> Plan:
        return plan_of_learner(
            learner, LearnerOptions(n=1, fraction=fraction), setting=DYADIC, rho=rho, b=1, tolerance=4 * rho
        )

    fraction = plan().machine.answer_fraction
    assert plan().decoder.tolerance <= 4 * rho
    with pytest.raises(PremiseError, match="need answers within"):
        plan(fraction=fraction - 1)


def test_a_learner_that_draws_samples_is_compiled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "net.qgn"
    options = [
        "compile",
        "parity",
        "--bits",
        "2",
        "--samples",
        "3",
        "--delta",
        "1/32",
        "--batch",
        "2",
        "-o",
        str(target),
    ]
    assert main([*options, "--extract", "look"]) == 0
    look = rows(capsys.readouterr().out)
    assert look["rounds"] == ["50", "50"] and look["random bits"] == ["50", "50"]
    assert main([*options, "--extract", "prefix", "--rounds", "12"]) == 0
    assert rows(capsys.readouterr().out)["rounds"] == ["12", "12"]
    assert main([*options, "--tolerance", "1/4"]) == 2
    assert "need tau >= 0 and b tau < 1/2" in capsys.readouterr().err


def test_b_rho_may_come_close_to_the_bound_of_the_centred_decoder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "net.qgn"
    options = [
        "compile",
        "parity",
        "--bits",
        "1",
        "--samples",
        "1",
        "--delta",
        "1/2",
        "--batch",
        "200",
        "--centred",
        "--fraction",
        "20",
    ]
    options += ["--rounds", "2", "--tolerance", "4999/2000000", "-o", str(target)]
    assert main([*options, "--rho", "1/626"]) == 0
    assert "every count over a batch is read without error" in capsys.readouterr().out
    assert main([*options, "--rho", "1/625"]) == 2
    assert "need answers within 4999/2000000" in capsys.readouterr().err


def test_as_printed_the_first_step_of_training_has_no_derivative(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, data = tmp_path / "net.qgn", tmp_path / "data.csv"
    data.write_text("1,0,1\n0,1,0\n", encoding="utf-8")
    for setting, code in (("printed", 1), ("minimal", 0)):
        assert main(["compile", "literal", "--bits", "2", "--setting", setting, "-o", str(target)]) == 0
        assert main(["train", str(target), "--data", str(data)]) == code
        assert ("the loss has no derivative in step 1" in capsys.readouterr().out) is (code == 1)


def test_weights_that_do_not_fit_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "literal", "--bits", "1", "--rho", "1/1073741824", "-o", str(tmp_path / "n.qgn")]) == 2
    error = capsys.readouterr().err
    assert "need weights times their common scale within 2^60, got 6" in error and error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_model_of_lemma_3a_is_compiled_with_frozen_subnetworks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "frozen.qgn"
    assert main(["compile", "literal", "--bits", "1", "--rho", "1/8", "--frozen", "-o", str(target)]) == 0
    out, net = capsys.readouterr().out, read_network(target)
    assert len(net.network.sources) - len(net.frozen) == 6 and "only the 6 parameters of Lemma 3a's model train" in out
    assert main(["compile", "correlations", "--bits", "1", "--frozen", "-o", str(target)]) == 2
    assert "need a machine whose queries are 0 and 1" in capsys.readouterr().err


def test_two_rounds_are_asked_in_one_step_on_both_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, ask = tmp_path / "both.qgn", ["compile", "literal", "--bits", "2", "--rho", "1/16", "-o"]
    assert main([*ask, str(target), "--both"]) == 0
    out, net = capsys.readouterr().out, read_network(target)
    assert net.steps == 1 and len(net.frozen) == 0 and "literal: 2 bits of x, 6 queries a round" in out
    assert main([*ask, str(target), "--both", "--frozen"]) == 2
    assert "need either --both or --frozen, got both" in capsys.readouterr().err
    assert main([*ask, str(target), "--both", "--centred"]) == 2
    assert "need no --centred with --both" in capsys.readouterr().err
    assert main([*ask, str(target), "--both", "--setting", "minimal"]) == 2
    assert "need copies of the gain 3/4 at the rate 1" in capsys.readouterr().err
    assert main(["compile", "correlations", "--bits", "2", "--both", "-o", str(target)]) == 2
    assert "need queries with the values 0 and 1" in capsys.readouterr().err


def test_the_network_of_b1_is_made_of_relus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ramp, relus = tmp_path / "ramp.qgn", tmp_path / "relus.qgn"
    ask = ["compile", "literal", "--bits", "1", "--rho", "1/8", "--frozen", "-o"]
    assert main([*ask, str(relus), "--relu"]) == 0 and "ReLU, and the identity at the output" in capsys.readouterr().out
    net = read_network(relus)
    assert net.network.sigma.name == "ReLU" and len(net.network.sources) - len(net.frozen) == 6
    assert main(["compile", "literal", "--bits", "1", "--relu", "-o", str(ramp)]) == 2
    assert "need --frozen for --relu" in capsys.readouterr().err
    assert main([*ask, str(ramp)]) == 0
    assert main(["relu", str(ramp), "-o", str(relus)]) == 2
    assert "no weight of its ReLU version would train" in capsys.readouterr().err
