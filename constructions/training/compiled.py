"""Compiled functions, kept on the disk under a digest of all their sources.

A compiler's cache of its own watches the file of one function, not those of the functions that it calls: after a change
of a formula it would go on with old machine code of the kernels that use it, and what was proved of the formula would
say nothing of them. Where nothing can be kept (no folder that can be written), functions are compiled anew in each
process, and nothing else is different.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs

from constructions.foundations.files import fault_of_folder, sha256_of

FOLDER = Path(__file__).parent
SOURCES = (
    "adjoint_bounds",
    "adversaries",
    "bound_changes",
    "compiled",
    "demand",
    "formulas",
    "kernels",
    "lane_passes",
    "lane_program",
    "marks",
    "number_limits",
    "output_bounds",
    "torch_export",
    "value_changes",
    "word_passes",
    "word_program",
)
"""The modules with compiled functions, and those whose functions these call."""
Compiled = TypeVar("Compiled", bound=Callable[..., Any])
CONFIG: Any = numba.config
TYPES: Any = numba.types


def digest_of(sources: Iterable[str] = SOURCES, *, folder: Path = FOLDER) -> str:
    """A digest of the text of the modules ``sources`` in a folder.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for text in ("A = 1", "A = 2"):
    ...         written = (Path(folder) / "part.py").write_text(text)
    ...         digest_of(["part"], folder=Path(folder))
    'f0ec0c5c28a25d7f'
    'b00ce55f99eb2564'
    """
    texts = [(folder / f"{name}.py").read_bytes() for name in sources]
    return sha256_of(*(len(text).to_bytes(8, "little") + text for text in texts))[:16]


def kept_in(digest: str) -> tuple[Path | None, str]:
    """Where machine code is kept: below $NUMBA_CACHE_DIR, $QUERYGRAD_CACHE or the user's cache folder; None, and
    why, if it cannot be.

    >>> from tempfile import TemporaryDirectory
    >>> from unittest.mock import patch
    >>> with TemporaryDirectory() as folder, patch.object(CONFIG, "CACHE_DIR", folder):
    ...     place, fault = kept_in("0123456789abcdef")
    ...     print(place.relative_to(folder).as_posix(), repr(fault))
    compiled/0123456789abcdef ''
    """
    base = CONFIG.CACHE_DIR or os.environ.get("QUERYGRAD_CACHE") or platformdirs.user_cache_dir("querygrad")
    place = Path(base) / "compiled" / digest
    fault = fault_of_folder(place)
    return (None, f"need a folder for the cache ($QUERYGRAD_CACHE), got {fault}, at {base}") if fault else (place, "")


def compiler(place: Path | None, *, inside: bool = False, borrows: bool = False) -> Callable[[Compiled], Compiled]:
    """What turns functions into machine code (each when it is first called), kept in the folder ``place`` (None:
    nowhere); ``inside`` the functions that call them, where it is asked for; ``borrows``: those that count no
    references to arrays.

    >>> from constructions.training.formulas import ceiling
    >>> compiler(None)(ceiling)(7, 2)
    4
    """

    def compiled(function: Compiled) -> Compiled:
        before = CONFIG.CACHE_DIR
        more: dict[str, Any] = {"no_cfunc_wrapper": True} | ({"_nrt": False} if borrows else {})
        CONFIG.CACHE_DIR = str(place)
        try:
            made = numba.njit(cache=place is not None, forceinline=inside, **more)(function)
        finally:
            CONFIG.CACHE_DIR = before
        return cast(Compiled, for_any_value(made))

    return compiled


def for_any_value(made: Any) -> Any:
    """A function of the compiler, as which it is compiled once for all whole numbers and truth values, and not once
    more for each constant that a compiled function calls it with.

    >>> from constructions.training.formulas import ceiling
    >>> half = compiler(None)(ceiling)
    >>> compiler(None)(lambda a: half(a, 2) + half(a, 3))(7), len(half.overloads)
    (7, 1)
    """
    template = made.get_call_template
    made.get_call_template = lambda given, named: template(
        tuple(map(TYPES.unliteral, given)), {name: TYPES.unliteral(kind) for name, kind in named.items()}
    )
    return made


DIGEST = digest_of()
PLACE, FAULT = kept_in(DIGEST)


def compiled(function: Compiled) -> Compiled:
    """The function as machine code, when it is first called."""
    return compiler(PLACE)(function)


def compiled_inside(function: Compiled) -> Compiled:
    """As :func:`compiled`, and put into the machine code of each compiled function that calls it: for a part of a long
    loop that is given arrays, whose call would cost more than what it does."""
    return compiler(PLACE, inside=True)(function)


def compiled_borrowing(function: Compiled) -> Compiled:
    """As :func:`compiled`, for a short part of a walk that makes no array and returns none: it does not count the
    references to the arrays that it is given, which would cost more than what it does. It is called by compiled
    functions only.

    >>> from constructions.training.formulas import ceiling
    >>> kinds = [made(ceiling) for made in (compiled, compiled_inside, compiled_borrowing)]
    >>> [(kind.targetoptions["forceinline"], kind.targetoptions.get("_nrt", True)) for kind in kinds]
    [(False, True), (True, True), (False, False)]
    """
    return compiler(PLACE, borrows=True)(function)
