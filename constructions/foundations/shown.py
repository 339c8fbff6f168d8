"""Values that show themselves in a notebook: as a picture, or as a table.

How a value is shown is no matter of the value: whoever draws enters a function for its class (:data:`SHOWS`). Until
somebody does, a notebook prints what Python prints. The names of the two methods are IPython's, which other notebooks
have taken over (https://ipython.readthedocs.io/en/stable/config/integrating.html).
"""

from collections.abc import Callable
from typing import Any

SVG, HTML = "svg", "html"
SHOWS: dict[tuple[type, str], Callable[[Any], str | None]] = {}
"""What makes a picture or a table of the values of a class; None where that is too large to be looked at."""


class Shown:
    """A value that shows itself in a notebook, once it is known how.

    >>> class Half(Shown):
    ...     pass
    >>> Half()._repr_html_() is None
    True
    >>> SHOWS[Half, HTML] = lambda value: "<b>1/2</b>"
    >>> Half()._repr_html_(), Half()._repr_svg_()
    ('<b>1/2</b>', None)
    """

    __slots__ = ()

    def _repr_svg_(self) -> str | None:
        return _shown(self, SVG)

    def _repr_html_(self) -> str | None:
        return _shown(self, HTML)


def _shown(value: object, form: str) -> str | None:
    for kind in type(value).__mro__:
        if (kind, form) in SHOWS:
            return SHOWS[kind, form](value)
    return None
