"""Libraries that are not needed to work: loaded when they are used, asked for in one line where they are missing."""

import importlib
from types import ModuleType

from constructions.errors import ConstructionError

EXTRAS = {"distributed": "cluster", "onnx": "onnx", "onnxruntime": "onnx", "scipy": "milp", "torch": "torch"}
"""The extra of this project that installs a library, by the library's name."""


def optional(name: str) -> ModuleType:
    """An optional library, loaded when it is first used.

    Parameters
    ----------
    name : of the library, one of ``EXTRAS``, or of a module of it.

    Raises
    ------
    ConstructionError
        Where it is not installed.

    >>> optional("no-such-library")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need no-such-library, got none installed
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        package = name.split(".")[0]
        extra = f" (pip install 'querygrad[{EXTRAS[package]}]')" if package in EXTRAS else ""
        raise ConstructionError(f"need {package}{extra}, got none installed") from error
