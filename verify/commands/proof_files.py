"""The proof file of a run: theorems with their derivations, for ``querygrad judge`` or any other checker."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from constructions.foundations.loading import loaded_when_used
from verify.screen.files import write_text

with loaded_when_used(__name__):
    from verify.arguments import obligations
    from verify.discharge import cache as kept
    from verify.discharge import resting
    from verify.discharge import result as outcome
    from verify.obligations import catalogue
    from verify.proofs import file as proofs


def write_proofs(
    path: Path, chosen: "obligations.Chosen", results: "Sequence[outcome.Result]", screen: Console, *, seconds: int
) -> None:
    """Write the theorems among some results, with what they use, and say how many there are and what is no theorem."""
    known = {**catalogue.paper_obligations(), **chosen.obligations}
    proved = {result.id: resting.worth(result) for result in results if result.error is None}
    ids = [id for id in chosen.order if id in chosen.obligations]
    proofs.check_any(ids, proved)
    writing = proofs.Writing(known, proved, seconds, home=chosen.home)
    write_text(path, writing.text(ids, kept.versions()))
    left = [id for id in ids if id not in writing.theorems]
    lines = [f"wrote {len(writing.theorems)} theorems: {path}"]
    lines += [f"no theorem, and not in the file: {', '.join(left)}"] if left else []
    for line in lines:
        screen.print(line, soft_wrap=True, markup=False, highlight=False)
