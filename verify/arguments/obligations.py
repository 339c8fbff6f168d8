"""The obligations that the arguments of a command name, with all that they need."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.spelling import one_line
from verify.arguments.names import is_file_name
from verify.discharge.resting import resting, with_used
from verify.discharge.result import Result, erred, file_error, is_of_file, refused_result
from verify.obligations.catalogue import named_by, needed, paper_obligations, select
from verify.obligations.obligation import Obligation, same_source, unused
from verify.obligations.paper import item_named
from verify.obligations.sources import Sources, at_home, read_sources
from verify.obligations.user_file import Claims, claims_of
from verify.obligations.verdict import BAD_INPUT, DISAGREEMENT, DisagreementError, Fault, Verdict

with loaded_when_used(__name__):
    import networkx as nx

NAMED = 8
NOTHING = Claims({})


@dataclass(slots=True)
class Chosen:
    """Obligations to examine, the user's file of each that is not the paper's, and errors of what cannot be examined.

    ``order`` has the ids of both, in the order in which they are shown.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> chosen = Chosen()
    >>> chosen.put_error(file_error(Path("square"), Fault(BAD_INPUT, "need a file that runs, got SyntaxError")))
    >>> chosen.add(square)  # the error from the start gives up its id
    >>> chosen.order, list(chosen.obligations), list(chosen.errors)
    (['square (2)', 'square'], ['square'], ['square (2)'])
    >>> [result.id for result in chosen.results([erred(square, Fault(BAD_INPUT, "need time, got none"))])]
    ['square (2)', 'square']
    """

    obligations: dict[str, Obligation] = field(default_factory=dict)
    files: dict[str, Sources] = field(default_factory=dict)
    errors: dict[str, Result] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def add(self, obligation: Obligation, home: Sources | None = None) -> None:
        """One more obligation to examine, with the user's file that is its ``home``, if it has one; an error from the
        start that was put down under its id gets another."""
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
        """Turn the obligation of this id into an error, of which ``said`` is the message."""
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
        return resting([known[id] for id in with_used(self.order, known)])


def choose(items: Sequence[str]) -> Chosen:
    """The obligations that the arguments name, and all that they need.

    An argument is an id, the beginning of one, an item of the paper, or a file; without arguments it is all of the
    paper's. An id that stands beside a file is looked for in the file first, and if it is there, the file is examined
    for such ids alone. What is wrong with one obligation of a file is the error of its row; so is a file that cannot be
    loaded beside others that can.

    Raises
    ------
    ConstructionError
        For an argument that names nothing, or if all there is is one file that cannot be loaded.

    >>> from tempfile import TemporaryDirectory
    >>> text = '''
    ... from verify.obligations.obligation import obligation
    ... for name in ("zero", "nought"):
    ...     @obligation(f"mine.{name}", paper="mine", of=lambda case: 0, twin=lambda case: 1)
    ...     def is_no_less(least, case):
    ...         "A square is at least 0."
    ...         case.show("square", case.real("x") ** 2 >= least)
    ... @obligation("mine.odd", paper="mine", kind="guess")
    ... def is_refused(subject, case): "A claim of no kind."
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.py")
    ...     _ = file.write_text(text)
    ...     chosen, (one, _) = choose([str(file)]), choose_one("mine.zero", file)
    >>> chosen.order, list(chosen.errors), one.id
    (['mine.zero', 'mine.nought', 'mine.odd'], ['mine.odd'], 'mine.zero')
    """
    names = [item for item in items if not is_file_name(item)]
    paths = {os.path.realpath(item): item for item in items if is_file_name(item)}
    files = [_file_of(Path(path), alone=len(paths) == 1 and not names) for path in paths.values()]
    own = {id: obligation for file in files for id, obligation in file.claims.obligations.items()}
    refused = {each.id for file in files for each in file.claims.refused}
    picked = [name for name in names if name in refused or named_by(name, own)]
    others = [name for name in names if name not in picked]
    paper = paper_obligations() if others or not items or needs_others(own) else {}
    wanted = needed(_of_paper(others, paper, own) if others else () if items else paper, paper)
    chosen = Chosen()
    for file in files:
        _add_file(chosen, file, taken=wanted)
    check_needs(chosen, paper)
    if picked:
        _keep_only(chosen, [id for name in picked for id in (name, *named_by(name, own))])
    mine, chosen.order = chosen.order, []
    for id in needed((*wanted, *chosen.obligations), {**paper, **chosen.obligations}):
        if id not in mine:
            chosen.add(paper[id])
    chosen.order += mine
    return chosen


def needs_others(own: Mapping[str, Obligation]) -> bool:
    """Whether some of the obligations needs one that is not among them."""
    return any(need not in own for obligation in own.values() for need in obligation.needs)


def _of_paper(
    names: Sequence[str], paper: Mapping[str, Obligation], own: Mapping[str, Obligation]
) -> dict[str, Obligation]:
    """The obligations of the paper that are named; a name that is none is compared with those of the files, too."""
    if own:
        select({**paper, **own}, names)
    return select(paper, names)


def _keep_only(chosen: Chosen, ids: Sequence[str]) -> None:
    """Leave out the obligations of files that are not named and that none of those needs; a file that could not be
    loaded stays."""
    kept = set(needed(ids, chosen.obligations))
    asked = kept.union(ids, *(chosen.obligations[id].needs for id in kept))
    chosen.obligations = {id: each for id, each in chosen.obligations.items() if id in kept}
    chosen.errors = {id: each for id, each in chosen.errors.items() if id in asked or is_of_file(each)}
    chosen.order = [id for id in chosen.order if id in chosen.obligations or id in chosen.errors]


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


@dataclass(frozen=True, slots=True)
class FileClaims:
    """A user's file and what it registers; or, of one that cannot be loaded, why."""

    path: Path
    home: Sources | None = None
    claims: Claims = NOTHING
    fault: Fault | None = None


def _file_of(path: Path, *, alone: bool) -> FileClaims:
    """What a user's file registers; if nothing else is asked for, its fault is raised."""
    try:
        home = read_sources(path)
        return FileClaims(path, home, claims_of(home))
    except (ConstructionError, DisagreementError) as error:
        if alone:
            raise
        kind = BAD_INPUT if isinstance(error, ConstructionError) else DISAGREEMENT
        return FileClaims(path, fault=Fault(kind, one_line(error)))


def _add_file(chosen: Chosen, file: FileClaims, *, taken: Collection[str]) -> None:
    """Add the obligations of a user's file; ``taken`` are the ids of those of the paper that are examined too."""
    if file.fault is not None or file.home is None:
        assert file.fault is not None
        chosen.put_error(file_error(file.path, file.fault))
        return
    waiting = list(file.claims.refused)
    for place, obligation in enumerate((*file.claims.obligations.values(), None)):
        while waiting and waiting[0].after <= place:
            chosen.put_error(refused_result(waiting.pop(0)), taken=taken)
        if obligation is not None:
            _add(chosen, obligation, file.home, taken)


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
