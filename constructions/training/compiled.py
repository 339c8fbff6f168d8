"""Compiled functions, kept on the disk under a digest of all their sources.

A compiler's cache of its own watches the file of one function, not those of the functions that it calls: after a change of a formula
it would go on with old machine code of the kernels that use it, and what was proved of the formula would say nothing of them.
"""
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs

SOURCES = ("adversaries", "compiled", "exactness", "formulas", "kernels", "torch_export")
"""The modules with compiled functions, and those whose functions these call."""
Compiled = TypeVar("Compiled", bound=Callable[..., Any])
CONFIG: Any = numba.config


def digest_of(sources: tuple[str, ...] = SOURCES, *, folder: Path = Path(__file__).parent) -> str:
    """A digest of the modules' text."""
    found = hashlib.sha256()
    for name in sources:
        text = (folder / f"{name}.py").read_bytes()
        found.update(len(text).to_bytes(8, "little") + text)
    return found.hexdigest()[:16]


def kept_in() -> Path:
    """Where machine code is kept: below $NUMBA_CACHE_DIR, $QUERYGRAD_CACHE or the user's cache folder."""
    base = CONFIG.CACHE_DIR or os.environ.get("QUERYGRAD_CACHE") or platformdirs.user_cache_dir("querygrad")
    return Path(base) / "compiled" / DIGEST


DIGEST = digest_of()
PLACE = kept_in()


def compiled(function: Compiled) -> Compiled:
    """The function as machine code, when it is first called."""
    before = CONFIG.CACHE_DIR
    CONFIG.CACHE_DIR = str(PLACE)
    try:
        return cast(Compiled, numba.njit(cache=True)(function))
    finally:
        CONFIG.CACHE_DIR = before
