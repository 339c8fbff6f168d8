"""The obligations that the arguments of a command name, with all that they need."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import networkx as nx
from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from verify.discharge.resting import resting
from verify.discharge.result import Result, erred, file_error, refused_result
from verify.obligations.catalogue import paper_obligations, select
from verify.obligations.obligation import Obligation, same_source, unused
from verify.obligations.paper import item_named
from verify.obligations.sources import Sources, at_home, read_sources
from verify.obligations.user_file import claims_of
from verify.obligations.verdict import BAD_INPUT, DISAGREEMENT, DisagreementError, Fault, Verdict

NAMED = 8


@dataclass(slots=True)
class Chosen:
    """Obligations to examine, the user's file of each that is not the paper's, and errors of what cannot be examined.

    ``order`` has the ids of both, in the order in which they are shown.
    """

    obligations: dict[str, Obligation] = field(default_factory=dict)
    files: dict[str, Sources] = field(default_factory=dict)
    errors: dict[str, Result] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def add(self, obligation: Obligation, home: Sources | None = None) -> None:
        """One more obligation to examine; an error from the start that was put down under its id gets another."""
        if obligation.id in self.errors:
            id = unused(obligation.id, self.order)
            self.errors[id] = replace(self.errors.pop(obligation.id), id=id)
            self.order[self.order.index(obligation.id)] = id
        self.obligations[obligation.id] = obligation
        self.order.append(obligation.id)
        if home is not None:
            self.files[obligation.id] = home

    def put_error(self, result: Result, *, taken: Collection[str] = ()) -> None:
        """A row that is an error from the start, under an id that no other row has; ``taken`` are the ids of rows to
        come."""
        id = unused(result.id, {*self.order, *taken})
        self.errors[id] = replace(result, id=id)
        self.order.append(id)

    def refuse(self, id: str, said: str) -> None:
        """Turn an obligation into an error."""
        self.errors[id] = erred(self.obligations.pop(id), Fault(BAD_INPUT, said))

    def home(self, id: str) -> AbstractContextManager[None]:
        """Where the claim of an obligation can be stated in this process: its own modules are found there."""
        return at_home(self.files[id]) if id in self.files else nullcontext()

    def of_the_paper(self) -> dict[str, Obligation]:
        """Those that are the paper's and no user's."""
        return {id: obligation for id, obligation in self.obligations.items() if id not in self.files}

    def results(self, found: Iterable[Result]) -> list[Result]:
        """What was found of those that were examined and, before them, of what their claims use; and the errors of the
        others, in order."""
        known = {**{result.id: result for result in found}, **self.errors}
        return resting([known[id] for id in (*(id for id in known if id not in self.order), *self.order)])


def is_file_name(item: str) -> bool:
    """Whether an argument names a file rather than an id: it ends in .py or has a path separator."""
    return item.endswith(".py") or os.sep in item


def choose(items: Sequence[str]) -> Chosen:
    """The obligations that the arguments name, and all that they need.

    An argument is an id, the beginning of one, an item of the paper, or a file; without arguments it is all of the
    paper's. What is wrong with one obligation of a file is the error of its row; so is a file that cannot be loaded
    beside others that can.

    Raises
    ------
    ConstructionError
        For an argument that names nothing, or if all there is is one file that cannot be loaded.
    """
    names = [item for item in items if not is_file_name(item)]
    paper = paper_obligations()
    wanted = needed(select(paper, names) if names else () if items else paper, paper)
    chosen = Chosen()
    files = {os.path.realpath(item): item for item in items if is_file_name(item)}
    for path in files.values():
        _add_file(chosen, Path(path), taken=wanted, alone=len(files) == 1 and not names)
    check_needs(chosen, paper)
    own, chosen.order = chosen.order, []
    for id in needed((*wanted, *chosen.obligations), {**paper, **chosen.obligations}):
        if id not in own:
            chosen.add(paper[id])
    chosen.order += own
    return chosen


def choose_one(id: str, file: Path | None) -> tuple[Obligation, Chosen]:
    """The one obligation that an id names, the paper's or one in a file; and what is to be examined: it and its needs.

    An item of the paper names its top statement.

    Raises
    ------
    ConstructionError
        If there is none, or more than one, or one that is an error from the start.
    """
    everything = choose([os.path.abspath(file)] if file else ())  # noqa: PTH100
    refused = everything.errors[id].error if id in everything.errors else None
    if refused is not None:
        raise ConstructionError(refused.said)
    item = None if file else item_named(id)
    wanted = item.top if item and item.top else id
    found = select(everything.obligations, [wanted])
    found = {wanted: found[wanted]} if wanted in found else found
    if len(found) != 1:
        some = ", ".join([*list(found)[:NAMED], *(["..."] if len(found) > NAMED else [])])
        raise ConstructionError(f"need the id of one obligation, got {id!r}, which names {len(found)}: {some}")
    obligation = next(iter(found.values()))
    chosen = Chosen()
    for need in needed([obligation.id], everything.obligations):
        chosen.add(everything.obligations[need], everything.files.get(need))
    lost = {
        need: everything.errors[need]
        for one in chosen.obligations.values()
        for need in one.needs
        if need in everything.errors
    }
    chosen.errors |= lost
    chosen.order = [*lost, *chosen.order]
    return obligation, chosen


def _add_file(chosen: Chosen, path: Path, *, taken: Collection[str], alone: bool) -> None:
    """Add the obligations of a user's file; ``taken`` are the ids of those of the paper that are examined too."""
    try:
        home = read_sources(path)
        claims = claims_of(home)
    except (ConstructionError, DisagreementError) as error:
        if alone:
            raise
        kind = BAD_INPUT if isinstance(error, ConstructionError) else DISAGREEMENT
        chosen.put_error(file_error(path, Fault(kind, one_line(error))))
        return
    waiting = list(claims.refused)
    for place, obligation in enumerate((*claims.obligations.values(), None)):
        while waiting and waiting[0].after <= place:
            chosen.put_error(refused_result(waiting.pop(0)), taken=taken)
        if obligation is not None:
            _add(chosen, obligation, home, taken)


def _add(chosen: Chosen, obligation: Obligation, home: Sources, taken: Collection[str]) -> None:
    known = chosen.obligations.get(obligation.id)
    if known is None and obligation.id not in taken:
        chosen.add(obligation, home)
    elif known is None or not same_source(known.claim, obligation.claim):
        other = chosen.files[obligation.id].path if known else "the paper's"
        said = f"need ids that differ from file to file, got {obligation.id!r} twice (also in {other}), at {home.path}"
        chosen.put_error(erred(obligation, Fault(BAD_INPUT, said)), taken=taken)


def check_needs(chosen: Chosen, paper: Mapping[str, Obligation]) -> None:
    """Turn into errors the users' obligations that need what is no obligation, what is to be REFUTED, or themselves."""
    known = {**paper, **chosen.obligations}
    graph = nx.DiGraph([(id, need) for id, obligation in chosen.obligations.items() for need in obligation.needs])
    around = {id: circle for circle in nx.strongly_connected_components(graph) for id in circle}
    for id, obligation in list(chosen.obligations.items()):
        missing = [need for need in obligation.needs if need not in known and need not in chosen.errors]
        printed = [need for need in obligation.needs if need in known and known[need].expect is Verdict.REFUTED]
        back = sorted(around.get(id, set()) & set(obligation.needs))
        if missing:
            said = f"need the id of an obligation, got {missing[0]!r}"
        elif printed:
            said = f"need obligations that hold, got {printed[0]!r}, which is to be REFUTED"
        elif back:
            way = nx.shortest_path(graph.subgraph(around[id]), back[0], id)
            said = f"need obligations that do not rest on themselves, got {' -> '.join((id, *way))}"
        else:
            continue
        chosen.refuse(id, f"{said}, at the needs of {id} in {chosen.files[id].path}")


def needed(ids: Iterable[str], known: Mapping[str, Obligation]) -> list[str]:
    """Ids with all that they need, in the order of ``known``; needs that are to be REFUTED count for nothing."""
    found: dict[str, None] = {}
    waiting = list(ids)
    while waiting:
        id = waiting.pop()
        if id in known and id not in found:
            found[id] = None
            waiting += [need for need in known[id].needs if need in known and known[need].expect is not Verdict.REFUTED]
    return [id for id in known if id in found]
