"""The claims about one gadget, by the gadget's name: all that speak of the same graph."""

from pathlib import Path

from constructions.errors import ConstructionError
from verify.arguments.names import is_file_name
from verify.arguments.obligations import Chosen, choose, choose_one
from verify.obligations.obligation import Obligation

GADGETS: dict[str, tuple[str, ...]] = {
    "q": tuple(f"lemma11.{name}.{{setting}}.q" for name in ("idle", "active", "after", "moves", "record", "clock")),
    "q'": tuple(f"lemma11.{name}.{{setting}}.q'" for name in ("idle", "active", "after", "moves", "record", "clock")),
    "and": ("lemma10.and",),
    "or": ("lemma10.or",),
    "not": ("lemma10.not",),
    "adaptor": ("lemma10.adaptor",),
    "read-out": ("lemma11.digits", "lemma11.overflow", "memory.reads"),
}
"""The ids of the claims about each gadget; ``{setting}`` is the setting of Q and Q'."""
CLAIMED = ("minimal", "strong")
"""The settings of Q and Q' about which Lemma 11 is proved."""


def claims_about(thing: str, *, setting: str, file_id: str | None = None) -> tuple[list[Obligation], Chosen]:
    """The claims that a gadget's name, an obligation's id or a user's file names, and where they are at home.

    Parameters
    ----------
    thing : a gadget, the id of an obligation or its first parts, an item of the paper, or a Python file.
    setting : of Q and Q'. file_id : the id of one obligation in the file.

    Raises
    ------
    ConstructionError for what names nothing, for a setting of Q and Q' about which nothing is proved, and for an id
    beside what is no file.

    >>> [claim.id for claim in claims_about("and", setting="strong")[0]]
    ['lemma10.and']
    """
    if is_file_name(thing):
        if file_id is not None:
            return _one_of_file(thing, file_id)
        chosen = choose([thing])
        return [chosen.obligations[id] for id in chosen.files if id in chosen.obligations], chosen
    if file_id is not None:
        raise ConstructionError(f"need a Python file before the id of one of its claims, got {thing!r}")
    ids = [id.format(setting=setting) for id in GADGETS.get(thing, (thing,))]
    if tuple(ids) != GADGETS.get(thing, tuple(ids)) and setting not in CLAIMED:
        raise ConstructionError(
            f"need a setting about which Lemma 11 is proved ({', '.join(CLAIMED)}), got {setting!r}, at --setting"
        )
    chosen = choose(ids)
    wanted = [chosen.obligations[id] for id in ids if id in chosen.obligations] if thing in GADGETS else []
    if thing in chosen.obligations:
        wanted = [chosen.obligations[thing]]
    return wanted or list(chosen.obligations.values()), chosen


def _one_of_file(path: str, id: str) -> tuple[list[Obligation], Chosen]:
    obligation, chosen = choose_one(id, Path(path))
    return [obligation], chosen
