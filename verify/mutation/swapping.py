"""One function of a construction in the place of another, in this process: a mutant without a copy of the tree.

The machine code of the function that a mutant changes is put into the function that is loaded, so whoever has imported
it executes the mutant. What was remembered of earlier calls is forgotten. It is meant for a child process that ends
soon: what is built while a mutant is in place is a mutant's. Only functions and methods can be changed in this way; a
mutant of a constant, a default or a decorator is left to the copies of :mod:`verify.mutation.campaign`.
"""

import functools
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

from constructions.foundations.files import ROOT
from verify.mutation.mutants import SourceMutant, code_digest, mutants_of

PLACES = ("constructions/", "verify/certifier/")
"""Where constructions are."""
REMEMBER = ("constructions.", "verify.claims.", "verify.certifier.")
"""Where functions are whose memory may hold something of what a mutant changes."""
LANGUAGE = frozenset(
    f"constructions/foundations/{name}.py"
    for name in (
        *("evaluation", "exact", "files", "functions", "loading", "logic", "naming", "network", "optional", "options"),
        *("refusals", "rendering", "spelling", "symbols", "terms", "traversal", "view", "walks"),
    )
) | {"constructions/errors.py"}
"""The files in which claims are written rather than constructions: a mutant of them would change the provers."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A mutant that can be put in place: of which ``function`` (its qualified name), and the ``code`` to put there.

    >>> from dataclasses import replace
    >>> swap = swaps_of("constructions/foundations/rounding.py")["is_valid"][0]
    >>> replace(swap, function="no function").put(), swap.name.startswith("constructions/foundations/rounding.py is_v")
    (False, True)
    """

    mutant: SourceMutant
    function: str
    code: CodeType

    @property
    def name(self) -> str:
        """What it is in one line, with no number of a line in it, which may move."""
        mutant = self.mutant
        return f"{mutant.file} {self.function}: {mutant.operator}: {mutant.before} -> {mutant.after}"

    def put(self) -> bool:
        """Put it in place, and forget what was remembered; whether that can be done."""
        found = loaded_function(self.mutant.file, self.function)
        if found is None or len(found.__code__.co_freevars) != len(self.code.co_freevars):
            return False
        found.__code__ = self.code
        forget()
        return True


_MEMORIES: list[Any] = []
"""The functions with a memory that were found when it was last looked for them."""


def forget(*, again: bool = False) -> None:
    """Forget what functions of constructions and claims have remembered of calls; look for these functions first, if
    it was not done yet or is to be done ``again``.

    >>> forget(again=True)
    """
    if again or not _MEMORIES:
        found = (each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper)  # asks no proxy
        _MEMORIES[:] = [each for each in found if (getattr(each, "__module__", "") or "").startswith(REMEMBER)]
    for each in _MEMORIES:
        each.cache_clear()


def called_in(run: Callable[[], Any]) -> dict[str, set[str]]:
    """The functions of constructions that are called while something runs: for each file, their qualified names.

    >>> from constructions.foundations.rounding import clip
    >>> called_in(lambda: clip(2))
    {'constructions/foundations/rounding.py': {'clip'}}
    """
    found: dict[str, set[str]] = {}
    root = f"{ROOT}/"

    def look(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(root):
            file = code.co_filename.removeprefix(root)
            if file.startswith(PLACES) and file not in LANGUAGE:
                found.setdefault(file, set()).add(code.co_qualname.partition(".<locals>")[0])

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        run()
    finally:
        sys.setprofile(before)
    return found


def loaded_function(file: str, name: str) -> FunctionType | None:
    """The function of a qualified name that is loaded from a file of the project; None if there is none, or none that
    Python executes.

    >>> loaded_function("constructions/foundations/rounding.py", "clip").__qualname__
    'clip'
    """
    module = sys.modules.get(file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    found: Any = module
    for part in name.split("."):
        found = vars(found).get(part) if found is not None and hasattr(found, "__dict__") else None
    for _ in range(9):
        if isinstance(found, FunctionType) and found.__code__.co_qualname == name:
            return found
        found = next((inner for inner in map(functools.partial(_part, found), INNER) if inner is not None), None)
    return None


INNER = ("__wrapped__", "__func__", "fget", "func")
"""Where a method, a property or a function with a memory has the function of which it is made."""


def _part(found: Any, name: str) -> Any:
    return getattr(found, name, None)


@functools.cache
def swaps_of(file: str) -> dict[str, tuple[Swap, ...]]:
    """The mutants of a file of the project that can be put in place, by the function that they change.

    >>> swaps_of("constructions/foundations/rounding.py")["is_valid"][0].function
    'is_valid'
    """
    path = ROOT / file
    text = path.read_text(encoding="utf-8")
    before = {name: code_digest(code) for name, code in functions_in(_compiled(text, path))}
    found: dict[str, list[Swap]] = {}
    for mutant in mutants_of(text, file):
        changed = [(n, c) for n, c in functions_in(_compiled(mutant.text, path)) if before.get(n) != code_digest(c)]
        if len(changed) == 1:
            found.setdefault(changed[0][0], []).append(Swap(mutant, *changed[0]))
    return {name: tuple(each) for name, each in found.items()}


def _compiled(text: str, path: Path) -> CodeType:
    return compile(text, str(path), "exec", dont_inherit=True)


def functions_in(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """The functions and methods of a compiled file with their qualified names, without those inside functions.

    >>> text = "class A:\\n    def f(self):\\n        return lambda: 1\\ndef g(): pass"
    >>> [name for name, _ in functions_in(compile(text, "a.py", "exec"))]
    ['A.f', 'g']
    """
    for part in code.co_consts:
        if isinstance(part, CodeType):
            if part.co_flags & 2:  # it has variables of its own: a function, not the body of a class
                yield part.co_qualname, part
            else:
                yield from functions_in(part)
