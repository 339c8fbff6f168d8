"""The equivalences of a certificate as miters: each is refuted by a SAT solver that has none of the proofs."""

from io import BytesIO
from pathlib import Path

import pytest

from constructions.computation.miters import dimacs, miter_files
from tests.computation.test_miters import satisfiable
from verify.attacks.bases import base
from verify.attacks.certificates import honest
from verify.certifier.certificate.handing_over import written
from verify.certifier.certificate.miters import miters_of
from verify.commands.main import main


@pytest.mark.slow
def test_what_a_certificate_proves_is_refuted_as_a_miter() -> None:
    cert, data = honest("quarters, minimal"), base("quarters, minimal").data
    found = miters_of(written(cert), BytesIO(data))
    proofs = {when for round_ in cert["rounds"] for when, rows in round_["proofs"].items() if rows}
    assert found.found and found.structural > 0 and proofs
    assert not any(satisfiable(dimacs(circuit)) for circuit in found.found.values())
    assert all(name.startswith("round-") for name in miter_files(found.found))


@pytest.mark.slow
def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = tmp_path / "net.qgn"
    assert main(["compile", "literal", "--bits", "1", "--rho", "1/16", "-o", str(net)]) == 0
    assert main(["certify", str(net), "--machine", "literal", "--miters", str(tmp_path / "asked")]) == 0
    assert (tmp_path / "asked").is_dir() and "certified" in capsys.readouterr().out
