"""The graphs of a claim at the values at which it fails, as views."""

from constructions.errors import ConstructionError
from verify.drawing.fragment import ShownFragment
from verify.drawing.view import View
from verify.obligations.obligation import Obligation
from verify.pages.claims import MOST_DRAWN, marked_where
from verify.provers.outcome import Examination
from verify.replay.witness import replay_of
from verify.reports.table import values


def failing_views(obligation: Obligation, claim: Examination) -> list[View]:
    """Each walk of a claim at its counterexample, with the first vertex that leaves its piece marked; walks over more
    vertices than can be seen are left out.

    Parameters
    ----------
    obligation : the claim. claim : what was found of it.

    Raises
    ------
    ConstructionError
        If it does not fail, or walks over no graph that is small enough.

    >>> from verify.discharge.one import discharge
    >>> from verify.obligations.catalogue import paper_obligations
    >>> printed = paper_obligations()["lemma3b.vc.printed"]
    >>> view = failing_views(printed, discharge(printed).claim)[0]
    >>> view.title, view.vertices[-1].lines[-1]
    ('active', 'FAILS HERE')
    """
    if claim.counterexample is None:
        raise ConstructionError(f"need a claim that fails, got {obligation.id}, which is {claim.verdict.name}")
    found, at = [], f"fails at {values(claim.counterexample)}" if claim.counterexample else "fails"
    for scene in replay_of(obligation, obligation.of, claim.counterexample).scenes:
        if len(scene.run.fragment.order) <= MOST_DRAWN:
            said = f"{at}: {_what(claim, scene.label)}"
            shown = ShownFragment(title=scene.label, fragment=scene.run.fragment, run=scene.run, caption=said).view
            found.append(marked_where(shown, claim, scene.label))
    if not found:
        raise ConstructionError(f"need walks over at most {MOST_DRAWN} vertices to draw, got none, at {obligation.id}")
    return found


def _what(claim: Examination, walk: str) -> str:
    """The first fact that fails of this walk, or of the claim, and how many others do."""
    own = [each for each in claim.failing if each.startswith((f"{walk}:", f"{walk},"))] or list(claim.failing)
    more = len(claim.failing) - 1
    return f"{own[0]}{f' (and {more} more)' if more else ''}"
