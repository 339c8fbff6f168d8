"""The version of this project, as ``querygrad --version`` prints it and results record it."""

import importlib.metadata


def project_version() -> str:
    """The installed version, or a note that there is none.

    Returns
    -------
    Such as ``"0.9.0"``; ``"not installed"`` where the project runs from its sources alone.
    """
    try:
        return importlib.metadata.version("querygrad")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
