"""The sections of the page: the map as a picture, the items of the paper, the errata, and all claims."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

import networkx as nx

from constructions.foundations.spelling import printable
from verify.discharge.result import Result
from verify.drawing.by_layers import by_layers
from verify.drawing.view import Vertex, View, Wire
from verify.obligations.faults.erratum import Erratum
from verify.obligations.item import OPEN
from verify.pages.claims import NOT_EXPECTED, Known, claim_of, drawn_of, failing_of, statement_of, tree_of
from verify.pages.markup import Markup, Piece, anchor, element, joined, place
from verify.pages.packed import Packed
from verify.pages.pictures import picture
from verify.pages.verdicts import badge, head_of
from verify.reports.items import BESIDE, Row

MUTANTS = "Of the mutants of its construction, the claims alone notice, and claims or tests notice: "
MOVING = "the picture; arrows move it"


def map_picture(rows: Sequence[Row]) -> Markup:
    """The items of the paper, each right of what it needs, as links to their sections.

    >>> from verify.obligations.item import Item
    >>> made = map_picture([Row(Item("Lemma 10", "circuits"), "PROVED")])
    >>> 'href="#i-Lemma~2010"' in made
    True
    """
    items = [row for row in rows if row.verdict != BESIDE]
    names = {row.item.name for row in items}
    wires = [(need, row.item.name) for row in items for need in dict.fromkeys(row.item.needs) if need in names]
    verdicts = {row.item.name: row.verdict for row in items}
    return _graph(verdicts, wires, "i", "the items of the paper, each right of those that it needs")


def uses_picture(results: Iterable[Result]) -> Markup:
    """The claims of a file, each right of those that it uses or needs, as links to them.

    >>> uses_picture([])
    Markup('')
    """
    results = list(results)
    verdicts = {result.id: result.word for result in results}
    odd = {result.id for result in results if not result.as_expected}
    wires = [(use, each.id) for each in results for use in dict.fromkeys((*each.uses, *each.needs)) if use in verdicts]
    label = "the claims, each right of those on which it rests"
    return _graph(verdicts, wires, "o", label, odd=odd) if verdicts else Markup("")


def _graph(
    verdicts: Mapping[str, str],
    wires: Sequence[tuple[str, str]],
    kind: str,
    label: str,
    *,
    odd: Collection[str] = (),
) -> Markup:
    graph: nx.DiGraph[str] = nx.DiGraph(wires)
    alone = [
        element(
            "li",
            badge(verdict, good=name not in odd),
            " ",
            element("a", name, href=anchor(kind, name)),
            f" {NOT_EXPECTED}" if name in odd else "",
        )
        for name, verdict in verdicts.items()
        if name not in graph
    ]
    beside = element("ul", *alone, class_="alone") if alone else Markup("")
    if not wires or not nx.is_directed_acyclic_graph(graph):
        return beside
    order = nx.lexicographical_topological_sort(graph)
    vertices = tuple(
        Vertex(name=v, lines=(_line(verdicts[v]), *[NOT_EXPECTED] * (v in odd)), ink=head_of(verdicts[v]))
        for v in order
    )
    view = View(title="", vertices=vertices, wires=tuple(Wire(tail=tail, head=head) for tail, head in wires))
    drawn = picture(view, by_layers(view), label=label, link=lambda name: anchor(kind, name), class_="map")
    return joined([element("div", drawn, class_="frame", tabindex="0", role="group", aria_label=MOVING), beside])


def _line(verdict: str) -> str:
    head = head_of(verdict)
    return f"{head}, given" if " given " in verdict else head


def item_section(row: Row, known: Known, packed: Packed | None = None) -> Markup:
    """The section of an item: its sense, its verdict, its top statement with the tree of what that uses, how it differs
    from the printed sentence, and what it leaves out.

    Parameters
    ----------
    row : the item's line of the map. known : what the page has. packed : where the tree is packed, if it is.

    >>> from verify.obligations.item import Item
    >>> made = item_section(Row(Item("Lemma 10", "circuits as networks"), "open"), Known({}))
    >>> made.startswith('<section id="i-Lemma~2010"'), "Circuits as networks." in made
    (True, True)
    """
    item, said = row.item, partial(statement_of, packed=packed)
    head = element("h3", element("span", item.name, class_="name"), " ", badge(row.verdict))
    pieces: list[Piece] = [head, element("p", said(f"{item.title[:1].upper()}{item.title[1:]}."))]
    if item.top in known.results:
        pieces += [element("p", "Top statement: ", said(known.results[item.top].statement))]
        tree = _put(tree_of(item.top, known), packed)
        pieces += [element("details", element("summary", "What it rests on"), tree, class_="tree")]
    pieces += _list("Differs from the printed sentence", map(said, item.differs))
    pieces += _list("Left out", [joined([badge(verdict), " ", said(what)]) for what, verdict in row.parts])
    if row.support:
        finite = f", {row.finite} of a stated finite case" if row.finite else ""
        pieces += [
            element("p", f"{row.support} other claims support it; the least of their verdicts is {row.least}{finite}.")
        ]
    if row.errata:
        links = joined([element("a", id, href=anchor("e", id)) for id in row.errata], ", ")
        pieces += [element("p", "False as printed: ", links, ".")]
    if item.construction not in (OPEN, BESIDE):
        pieces += [element("p", "Built in ", known.place(item.construction), *_note_of(item.construction, known), ".")]
    if item.name in known.scores:
        pieces += [element("p", MUTANTS, known.scores[item.name], ".")]
    return element("section", *pieces, id=place("i", item.name), class_="item", tabindex="-1")


def _note_of(construction: str, known: Known) -> list[Piece]:
    """The link to the note of a construction, if the page has it: notes stand as constructions do."""
    name = construction.removeprefix("constructions/").removesuffix(".py").removesuffix("/")
    paths = (f"{name}.md", f"{name.partition('/')[0]}.md")
    found = next((path for path in paths if path in known.notes), "")
    return [", ", element("a", "the note on it", href=anchor("n", found))] if found else []


def _list(title: str, lines: Iterable[Piece]) -> list[Markup]:
    found = [element("li", line) for line in lines]
    return [element("p", f"{title}:"), element("ul", *found)] if found else []


def _put(piece: Markup, packed: Packed | None) -> Markup:
    return piece if packed is None else packed.put(piece)


def erratum_section(erratum: Erratum, known: Known, packed: Packed | None = None) -> Markup:
    """The section of a line of the errata: what is wrong and the repair, and beside each other the claims as printed,
    with the values at which they fail, and as repaired.

    Parameters
    ----------
    erratum : the line. known : what the page has. packed : where the claims are packed, if they are.

    >>> from verify.obligations.errata import ERRATA
    >>> made = erratum_section(ERRATA["E03"], Known({}))
    >>> made.startswith('<section id="e-E03"'), "Repair: " in made
    (True, True)
    """
    said = partial(statement_of, packed=packed)
    printed, repaired = erratum.sides(known.obligations)
    drawn = next((each.id for each in printed if _fails(each.id, known)), "")
    left = [_side(each.id, known, drawn=each.id == drawn) for each in printed]
    right = [_side(each.id, known, drawn=False) for each in repaired]
    sides = [
        element("div", element("h4", title), *claims)
        for title, claims in (("As printed", left), ("Repaired", right))
        if claims
    ]
    repair = [element("p", "Repair: ", said(erratum.repair), ".")] if erratum.repair else []
    pieces = [element("h3", element("span", erratum.id, class_="name"), " ", said(erratum.wrong)), *repair]
    if sides:
        below = [_drawn(known.results[drawn], known)] if drawn else []
        pieces.append(_put(joined([element("div", *sides, class_="sides"), *below]), packed))
    return element("section", *pieces, id=place("e", erratum.id), class_="item", tabindex="-1")


def _fails(id: str, known: Known) -> bool:
    result = known.results.get(id)
    return result is not None and result.claim is not None and result.claim.counterexample is not None


def _side(id: str, known: Known, *, drawn: bool) -> Markup:
    result = known.results.get(id)
    if result is None:
        return element("p", element("code", id), " was not examined.")
    head = element(
        "p", badge(result.word, good=result.as_expected), " ", known.link(id), " ", statement_of(result.statement)
    )
    fails = failing_of(result.claim) if drawn and result.claim else []
    return joined([head, element("dl", *fails)]) if fails else head


def _drawn(result: Result, known: Known) -> Markup:
    """The gadget of a claim as printed where it fails, as wide as the page."""
    picture = drawn_of(result, known)
    said = element("p", "The counterexample of ", known.link(result.id), ", drawn:")
    return element("div", said, picture, class_="drawn") if picture else Markup("")


def claims_section(results: Sequence[Result], known: Known, packed: Packed | None = None) -> Markup:
    """All claims, the ``results`` in groups by the item to which they belong; ``known`` is what else the page has,
    ``packed`` where what opens is packed, if it is.

    >>> claims_section([], Known({}))
    Markup('')
    """
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(printable(result.paper), []).append(result)
    return joined(
        element("div", element("h3", paper), *(claim_of(each, known, packed) for each in group), class_="group")
        for paper, group in groups.items()
    )
