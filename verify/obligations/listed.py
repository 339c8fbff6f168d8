"""What is known of an obligation in a list: its id, where it belongs, what it needs; but not its claim."""

from typing import Protocol

from verify.obligations.verdict import Verdict


class Listed(Protocol):
    """What is known of an obligation where its claim need not be: an obligation says it, and so does a kept list."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def paper(self) -> str:
        """The item of the paper to which it belongs."""

    @property
    def budget(self) -> int:
        """What the solver may spend on a question."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids on which it rests."""

    @property
    def expect(self) -> Verdict:
        """The verdict that is right."""
