"""The version of this project, as ``querygrad --version`` prints it and results record it."""

import importlib


def project_version() -> str:
    """The installed version, or a note that there is none.

    Returns
    -------
    Such as ``"0.9.0"``; ``"not installed"`` where the project runs from its sources alone.

    >>> version = project_version()
    >>> version == "not installed" or len(version.split(".")) == 3
    True
    """
    metadata = importlib.import_module("importlib.metadata")  # it loads what help and errors do not need
    try:
        return str(metadata.version("querygrad"))
    except metadata.PackageNotFoundError:
        return "not installed"
