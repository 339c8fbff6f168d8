"""A run of obligations with a progress bar, for every command that needs their verdicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from constructions.foundations.loading import loaded_when_used
from verify.discharge.cache import Cache
from verify.discharge.listing import keep_list, kept_list, kept_results
from verify.discharge.result import Result
from verify.obligations.catalogue import needed, select
from verify.provers.second import SecondSolver
from verify.screen.bar import progress_bar

with loaded_when_used(__name__):
    from verify.arguments import obligations
    from verify.discharge import many
    from verify.obligations import catalogue
    from verify.reports import items as rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """How obligations are discharged.

    Parameters
    ----------
    jobs : worker processes; None is one per processor. fresh : use no results of earlier runs. seconds : the time for
        each question to the solver. quiet : show no progress. second : a second solver that is asked the same; None for
        none.
    """

    jobs: int | None = None
    fresh: bool = False
    seconds: int
    quiet: bool = False
    second: SecondSolver | None = None


def prove_with_progress(
    chosen: "obligations.Chosen",
    how: Proving,
    *,
    on_result: Callable[[Result], None] | None = None,
    cache: Cache | None = None,
) -> list[Result]:
    """Discharge the chosen obligations.

    Parameters
    ----------
    on_result : called with each result as it comes, on its own. cache : where results are kept, if it is open already.

    Returns
    -------
    A result for every row of ``chosen``, in its order.
    """
    cache = cache or Cache.open()

    def came(result: Result) -> None:
        bar.advance(result.id)
        if on_result:
            on_result(result)

    with progress_bar("proving", len(chosen.obligations), quiet=how.quiet) as bar:
        found = many.run(
            chosen.obligations.values(),
            files=chosen.files,
            jobs=how.jobs,
            fresh=how.fresh,
            seconds=how.seconds,
            second=how.second,
            on_result=came,
            cache=cache,
        )
    if len(chosen.files) < len(chosen.obligations):  # the paper's are loaded
        keep_list(cache, catalogue.paper_obligations())
    return chosen.results(found)


def all_kept(items: Sequence[str], cache: Cache, how: Proving) -> list[Result] | None:
    """The results of the paper's obligations that the items name, and of all that these need, if every one of them is
    kept; None if not, or if it is not known which obligations there are.

    Raises
    ------
    ConstructionError
        For an item that names nothing.
    """
    known = kept_list(cache)
    if known is None:
        return None
    wanted = needed(select(known, items) if items else known, known)
    return kept_results(cache, known, wanted, how.seconds, how.second)


def proved_rows(how: Proving) -> "tuple[list[rows.Row], list[Result]]":
    """The rows of the map of the paper, and the results of all obligations behind them; see
    :func:`prove_with_progress`."""
    chosen = obligations.choose(())
    results = prove_with_progress(chosen, how)
    return rows.map_rows(list(chosen.obligations.values()), results), results
