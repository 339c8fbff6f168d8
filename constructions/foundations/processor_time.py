"""A limit on what the solver takes of the processor, so that a busy machine does not turn verdicts into UNKNOWN.

z3's own ``timeout`` counts wall time: beside other work the same question may run out of it that takes half of it
alone. Here a thread looks at the processor time of the process, which moves only while the process works, and ends the
question once it has had its share. Further threads of a notebook's count too, so there a limit may come sooner.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHORTEST = 0.005
"""The least seconds between two looks."""


@contextmanager
def processor_limit(end: Callable[[], None], seconds: float) -> Iterator[threading.Event]:
    """Call ``end``, from another thread, if the body takes more than so many seconds of the processor, and again each
    few milliseconds until the body is left.

    Parameters
    ----------
    end : ends what the body does, as ``Context.interrupt`` of z3 does. seconds : of the processor, of this process.

    Yields
    ------
    An event that is set if the time was over.

    Examples
    --------
    >>> import time
    >>> ended = []
    >>> with processor_limit(lambda: ended.append("ended"), 0.01):
    ...     while not ended:
    ...         pass
    >>> set(ended), ended.clear()
    ({'ended'}, None)
    >>> with processor_limit(lambda: ended.append("never"), 0.01) as over:
    ...     time.sleep(0.05)  # takes nothing of the processor
    >>> ended, over.is_set()
    ([], False)
    """
    done, over = threading.Event(), threading.Event()
    last = time.process_time() + seconds

    def watch() -> None:
        while not done.wait(max(last - time.process_time(), SHORTEST)):
            if time.process_time() >= last:
                over.set()
                end()

    watching = threading.Thread(target=watch, name="processor limit", daemon=True)
    watching.start()
    try:
        yield over
    finally:
        done.set()
        watching.join()
