"""A run of obligations with a progress bar, for every command that needs their verdicts."""

from verify.arguments.obligations import Chosen, choose
from verify.discharge.many import run
from verify.discharge.result import Result
from verify.provers.second import SecondSolver
from verify.reports.items import Row, map_rows
from verify.screen.bar import progress_bar


def prove_with_progress(
    chosen: Chosen, *, jobs: int | None, fresh: bool, seconds: int, second: SecondSolver | None = None
) -> list[Result]:
    """Discharge the chosen obligations.

    Parameters
    ----------
    jobs : worker processes; None is one per processor. fresh : use no results of earlier runs. seconds : the time for
        each question to the solver. second : a second solver that is asked the same; None for none.

    Returns
    -------
    A result for every row of ``chosen``, in its order.
    """
    with progress_bar("proving", len(chosen.obligations)) as bar:
        found = run(
            chosen.obligations.values(),
            files=chosen.files,
            jobs=jobs,
            fresh=fresh,
            seconds=seconds,
            second=second,
            on_result=lambda result: bar.advance(result.id),
        )
        return chosen.results(found)


def proved_rows(*, jobs: int | None, seconds: int) -> tuple[list[Row], list[Result]]:
    """The rows of the map of the paper, and the results of all obligations behind them; see
    :func:`prove_with_progress`."""
    chosen = choose(())
    results = prove_with_progress(chosen, jobs=jobs, fresh=False, seconds=seconds)
    return map_rows(list(chosen.obligations.values()), results), results
