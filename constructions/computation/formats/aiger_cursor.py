"""A place in an AIGER file: the bytes, how far they are read, the number of the line there, and errors that name it."""

from constructions.errors import ConstructionError


class Cursor:
    """One pass over the bytes of a file; ``at`` is the position, ``line`` the number of the line there, from 1.

    ASCII lines may end in CRLF, and the last one need not end: then one is added, and ``stops_short`` is true.

    >>> cursor = Cursor(b"aag 1 1 0 0 0\\r\\n2", "data")
    >>> cursor.next_line("a header"), cursor.numbers("an input", (1,), most=3)
    ('aag 1 1 0 0 0', [2])
    >>> cursor.wrong("a latch", "an output")
    ConstructionError('need a latch, got an output, at line 2 of data')
    """

    def __init__(self, data: bytes, where: str) -> None:
        self.where, self.at, self.line = where, 0, 1
        self.data = data if data.startswith(b"aig ") else data.replace(b"\r\n", b"\n")
        self.stops_short = not data.startswith(b"aig ") and data[-1:] not in (b"", b"\n")
        self.data += b"\n" * self.stops_short

    def wrong(self, need: str, got: object, *, line: int | None = None, place: str | None = None) -> ConstructionError:
        """The error that quotes what the file would ``need`` and what it has got; ``line`` or ``place`` where, if not
        in the line just read."""
        at = place or f"line {self.line - 1 if line is None else line}"
        return ConstructionError(f"need {need}, got {got}, at {at} of {self.where}")

    def next_line(self, what: str) -> str:
        """The next line without its end; ``what`` is to stand there. Raises ConstructionError at the end of the file,
        and for bytes that are not ASCII."""
        end = self.data.find(b"\n", self.at)
        if end < 0:
            raise self.wrong(what, "the end of the file", line=self.line)
        text = self.data[self.at : end]
        self.at, self.line = end + 1, self.line + 1
        try:
            return text.decode("ascii")
        except UnicodeDecodeError as error:
            raise self.wrong(what, quoted(text)) from error

    def numbers(self, what: str, counts: tuple[int, ...], *, most: int) -> list[int]:
        """The numbers of the next line, which is to hold ``what``, in words; there are to be as many as one of
        ``counts`` says, and none above ``most``. Raises ConstructionError for another line."""
        text = self.next_line(what)
        tokens = text.split(" ", 3)
        if len(tokens) not in counts or not all(token.isdigit() and len(token) <= 12 for token in tokens):
            raise self.wrong(what, quoted(text))
        found = [int(token) for token in tokens]
        if max(found) > most:
            raise self.wrong(f"{what}, none above {most}", quoted(text))
        return found


def quoted(text: str | bytes) -> str:
    """A text as it is shown in an error, cut short.

    >>> quoted("aag 1"), quoted("1 " * 100)[-7:]
    ("'aag 1'", '1 1 ...')
    """
    shown = repr(text[:80])
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
