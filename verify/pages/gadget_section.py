"""The section of the page with a gadget to play with: what can be chosen, a picture of each graph, and the tables that
the script fills."""

import json
from collections.abc import Mapping

from constructions.foundations.network import Fragment
from constructions.networks.controls import activator, control
from constructions.networks.gates import conjunction
from constructions.networks.queries import MINIMAL, SETTINGS, query_graph
from verify.drawing.as_in_figure import as_in_figure
from verify.drawing.by_layers import by_layers
from verify.drawing.view import Placing, Vertex, View, Wire
from verify.pages.assets_of import asset
from verify.pages.gadget import gadget_data
from verify.pages.markup import Markup, element, joined
from verify.pages.packed import deflated
from verify.pages.pictures import picture
from verify.pages.playing import Playable

ROOM = ("pre -0000/0000", "out -000/000", "on (-1, 0)")
"""As wide as what the script writes into a vertex."""
EXAMPLES: dict[str, Playable] = {
    "vc with its bit": Playable(fragment=activator(MINIMAL)),
    "an output control": Playable(fragment=control()),
    "AND (Lemma 10)": Playable(fragment=conjunction()),
}
FAULTS = (
    ("E03", "E03: the weight −1 in Q'"),
    ("E04", "E04: vc on a kink"),
    ("E06", "E06: labels ±1"),
    ("repaired", "as repaired"),
)
ABOUT = (
    "Every number is an exact rational, computed here from the weights and conditions that the constructions hand over."
)
ABOUT_Q = (
    "An active copy has vc = 0, an idle one vc = 2. The rest of the network holds the output; of the batch the "
    "fraction ft is active and fm is active and wrong."
)
ADVERSARIES = (
    ("nearest", "to nearest"),
    ("down", "down"),
    ("up", "up"),
    ("apart", "down and up by turns"),
)


def gadget_section(fragments: Mapping[str, Playable]) -> Markup:
    """The section, for Q, Q' and some other graphs, by name.

    >>> made = gadget_section(EXAMPLES)
    >>> made.count("<svg"), made.count('data-fault="'), "g-rho" in made
    (4, 4, True)
    """
    names = list(fragments)
    data = json.dumps(gadget_data(fragments), separators=(",", ":"))
    return joined(
        [
            element("p", ABOUT, " ", element("span", ABOUT_Q, class_="g-query")),
            element("p", *(_button(id, said) for id, said in FAULTS), class_="g-query"),
            element("p", "", id="g-said", aria_live="polite"),
            element("div", *_choices(names), class_="g-choices"),
            element("p", "", id="g-refused", role="alert"),
            element("p", "", id="g-kink", class_="note", aria_live="polite"),
            *_pictures(fragments),
            *_tables(),
            Markup(f'<script type="text/plain" id="gadget-data">{deflated(data)}</script>'),
        ]
    )


def gadget_script() -> str:
    """The script of the section.

    >>> "function play(" in gadget_script()
    True
    """
    return asset("gadget.js") + asset("gadget_page.js")


def _button(id: str, said: str) -> Markup:
    return joined([element("button", said, type="button", data_fault=id), " "])


def _choice(id: str, said: str, options: list[tuple[str, str]], *, query: bool = False) -> Markup:
    chosen = element("select", *(element("option", text, value=value) for value, text in options), id=f"g-{id}")
    return element("label", f"{said} ", chosen, class_="g-query" if query else "")


def _slider(id: str, said: str, low: int, high: int, value: int, *, query: bool = True) -> Markup:
    slider = element("input", type="range", id=f"g-{id}", min=str(low), max=str(high), value=str(value))
    return element(
        "label", f"{said} ", slider, element("output", "", id=f"g-{id}-now"), class_="g-query" if query else ""
    )


def _choices(names: list[str]) -> list[Markup]:
    things = [("q", "Q"), ("q'", "Q'"), *((f"f{i}", name) for i, name in enumerate(names))]
    settings = [(name, name) for name in reversed(SETTINGS)]
    rho = element("input", type="text", id="g-rho", value="1/16", size="8")
    slider = element("input", type="range", id="g-rho-slider", min="1", max="255", value="16")
    return [
        _choice("thing", "graph", things),
        _choice("setting", "setting", settings, query=True),
        element("span", element("label", "precision ρ ", slider), element("label", " or ", rho), class_="g-control"),
        _slider("a", "resting weight", 1, 48, 8),
        _slider("ft", "active fraction ft", 0, 16, 16),
        _slider("fm", "wrong fraction fm", 0, 16, 8),
        _choice("labels", "labels", [("0,1", "0 and 1"), ("-1,1", "−1 and 1")], query=True),
        _choice("adversary", "the adversary rounds", list(ADVERSARIES)),
        _slider("vc", "look at vc =", -8, 24, 0),
        _slider("label", "at label", -8, 8, 8, query=False),
        element("span", "", id="g-inputs"),
    ]


def _pictures(fragments: Mapping[str, Playable]) -> list[Markup]:
    q = query_graph(MINIMAL, rho=1, bits=0)
    view = _view(q)
    drawn = [_picture("q", "the path of Q from v0 to the output", view, as_in_figure([view], digits=[]))]
    for i, (name, made) in enumerate(fragments.items()):
        view = _view(made.fragment)
        drawn.append(_picture(f"f{i}", name, view, by_layers(view)))
    return drawn


def _view(fragment: Fragment) -> View:
    vertices = tuple(Vertex(name=v, lines=ROOM) for v in fragment.order)
    return View(title="", vertices=vertices, wires=tuple(Wire(tail=u, head=v) for u, v in fragment.edges))


def _picture(of: str, label: str, view: View, placing: Placing) -> Markup:
    return element("div", picture(view, placing, label=label, named=True), class_="g-picture", data_of=of)


def _tables() -> list[Markup]:
    titles = ("edge", "weight", "gradient here", "batch's gradient, clipped", "rounded", "weight after the step")
    head = element("thead", element("tr", *(element("th", each, scope="col") for each in titles)))
    every = element("label", element("input", type="checkbox", id="g-every"), " also the edges without a gradient")
    lights = element("table", element("tbody", id="g-facts"))
    asked = element("table", element("tbody", id="g-conditions"))
    return [
        element("p", "", id="g-digits", class_="g-query", aria_live="polite"),
        element("p", "", id="g-driven", class_="g-query"),
        element("p", "", id="g-beyond", class_="g-query note"),
        element("div", element("h3", "What the claims say, here"), lights, id="g-lights"),
        element("h3", "The step"),
        element("div", element("table", head, element("tbody", id="g-edges")), class_="scroll"),
        element("p", "No edge has a gradient, here or on the batch.", id="g-none"),
        element("p", every),
        element(
            "details",
            element("summary", "The conditions under which Lemma 11 is proved: ", element("span", "", id="g-broken")),
            asked,
            class_="g-query",
        ),
    ]
