"""What ``querygrad certify`` prints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import HEAVY_HEAD
from rich.console import Console

from verify.certifier.certificate.certification import Certification
from verify.certifier.certificate.handing_over import Decision
from verify.certifier.refusal import PREMISES
from verify.screen.printing import TableStyle, joined, plain_table, styled

LEGEND = (
    "A linear pass looks at every edge of the file once. A round's phases are the time before, in and after its step. "
    "Rounds are distinct if no renaming of vertices makes one of the other. An equality holds by structure if both "
    "sides are the same gates of the same operands, and by SAT if a solver proved it."
)


WITNESS = {
    "wrong": "a run that was found to go wrong",
    "random string": "its random string",
    "adversary": "who chooses the roundings",
    "batches": "its batches, each sample as x and then its label",
}
"""The entries of a refusal's witness in words."""


def in_words(told: Mapping[str, Any], seconds: float) -> list[str]:
    """The sizes of a certified network and of its search, from what is ``told`` in a certificate's
    entry ``about``, and the seconds that the search took.

    >>> sizes = {"vertices": 754, "edges": 2010, "steps": 2}
    >>> told = {"network": sizes, "tolerance": "1/8", "rounds": [1, 2], "solver": {"by structure": 120, "asked": 3}}
    >>> for line in in_words(told, 0.5):
    ...     print(line)
    The network has 754 vertices and 2010 edges, and is trained for 2 steps.
    Every answer is within 1/8 of the mean of its query over the step's batch.
    The search proved 2 distinct rounds: 120 equalities of circuits hold by structure (both sides are built of the \
same gates), 3 questions went to the solver. It took 0.5 s.
    The checker, a program of its own that shares no code with the search, says:
    """
    network, settled = told["network"], told["solver"]
    sizes = f"{network['vertices']} vertices and {network['edges']} edges"
    asked = (
        f"{settled['by structure']} equalities of circuits hold by structure (both sides are built of the same gates), "
        f"{settled['asked']} questions went to the solver"
    )
    return [
        f"The network has {sizes}, and is trained for {network['steps']} steps.",
        how_answers_are(told),
        f"The search proved {len(told['rounds'])} distinct rounds: {asked}. It took {seconds:.1f} s.",
        "The checker, a program of its own that shares no code with the search, says:",
    ]


def how_answers_are(told: Mapping[str, Any]) -> str:
    """A sentence on how far answers can be off."""
    if told.get("machine", {}).get("points"):
        return "Every answer counts samples of the step's batch without error."
    return f"Every answer is within {told['tolerance']} of the mean of its query over the step's batch."


def say(
    screen: Console, net: Path, found: dict[str, Any], outcome: Certification, decision: Decision | None, seconds: float
) -> None:
    """The verdict for people.

    Parameters
    ----------
    screen : where it is printed. net : the network's file.
    found, outcome, decision : the certificate or refusal, what the search came to, and what the checker said.
    seconds : how long it took.

    >>> from verify.certifier.refusal import NetworkRefused
    >>> from verify.certifier.rounds.equal import SolverTally
    >>> from verify.screen.printing import console
    >>> refused = NetworkRefused("b", "an edge from a gate", vertex=7, witness={"random string": "01"})
    >>> say(console(), Path("net.qgn"), {}, Certification(refusal=refused, tally=SolverTally()), None, 0.5)
    refused net.qgn: (b) every edge into the output comes from a v3 or a control: an edge from a gate, at vertex 7
      its random string: 01
    """
    if outcome.refusal is not None:
        screen.print(joined(styled("refused", "red"), f" {net}: {outcome.refusal}"), soft_wrap=True)
        if outcome.tally.unknown:
            open_ = f"  The solver left {outcome.tally.unknown} questions open in its time; --seconds gives it more."
            screen.print(open_, soft_wrap=True)
        for name, value in outcome.refusal.witness.items():
            screen.print(f"  {WITNESS.get(name, name)}: {value}", soft_wrap=True)
        return
    assert decision is not None
    told = found["about"]
    title = f"{'certified' if decision.certified else 'NOT certified'}: {net}"
    table = plain_table("", "premise", "discharged by", style=TableStyle(title=title, box=HEAVY_HEAD, pad_edge=True))
    for name, row in told["premises"].items():
        table.add_row(name, PREMISES[name], row["by"])
    screen.print(table)
    screen.print(LEGEND, soft_wrap=True)
    for line in in_words(told, seconds):
        screen.print(line, soft_wrap=True)
    for line in decision.said.splitlines():
        screen.print(f"  {line}", soft_wrap=True)
