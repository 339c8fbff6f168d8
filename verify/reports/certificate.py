"""What ``querygrad certify`` prints."""

from pathlib import Path
from typing import Any

from rich.box import HEAVY_HEAD
from rich.console import Console

from verify.certifier.certificate.certification import Certification
from verify.certifier.certificate.handing_over import Decision
from verify.certifier.refusal import PREMISES
from verify.screen.printing import joined, plain_table, styled


def say(
    screen: Console, net: Path, found: dict[str, Any], outcome: Certification, decision: Decision | None, seconds: float
) -> None:
    """The verdict for people."""
    if outcome.refusal is not None:
        screen.print(joined(styled("refused", "red"), f" {net}: {outcome.refusal}"), soft_wrap=True)
        if outcome.tally.unknown:
            screen.print(f"  {outcome.tally.unknown} questions to the solver stayed open")
        for name, value in outcome.refusal.witness.items():
            screen.print(f"  {name}: {value}", soft_wrap=True)
        return
    assert decision is not None
    told = found["about"]
    title = f"{'certified' if decision.certified else 'NOT certified'}: {net}"
    table = plain_table(
        "", "premise", "discharged by", title=title, title_justify="left", box=HEAVY_HEAD, pad_edge=True
    )
    for name, row in told["premises"].items():
        table.add_row(name, PREMISES[name], row["by"])
    screen.print(table)
    network, settled = told["network"], told["solver"]
    screen.print(
        f"{network['vertices']} vertices, {network['edges']} edges, {network['steps']} steps; answers within {told['tolerance']}"
    )
    asked = f"{settled['by structure']} equalities by structure, {settled['asked']} by the solver"
    screen.print(f"{len(told['rounds'])} distinct rounds; {asked}; {seconds:.1f} s; then the checker:")
    screen.print(decision.said, soft_wrap=True)
