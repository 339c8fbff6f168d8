"""The gadget in a real browser: its script computes what the constructions compute, and its lights go on and off."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

from constructions.foundations.network import Fragment
from constructions.foundations.rounding import Adversary, Choice, Grid, choose, clip, down, nearest, up
from constructions.foundations.walks import ForwardRun, Gradient, backward, forward
from constructions.networks.memory import conditions
from constructions.networks.queries import SETTINGS, bits_for, query_graph
from tests.verify.pages.browsing import NEEDS_BROWSER, severe, started, violations
from verify.pages.claims import Known
from verify.pages.gadget_section import EXAMPLES
from verify.pages.page import write_page

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]
TIMES = 1000
AS_PRINTED = "as printed (false, E05): they read fm/ρ + 2 ft within 3/2"
Given = dict[str, Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with nobody's settings."""
    yield from started(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Runs a script on a page with the gadget, and returns what it returns."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(path, [], Known({}), title="gadget")
    browser.get(path.as_uri())
    browser.execute_async_script("gadgetData.then(arguments[0])")

    def run(script: str, *arguments: Any) -> Any:
        return browser.execute_script(script, *arguments)

    return run


def drawn_setting(draw: random.Random) -> Given:
    """What a reader may choose, at random."""
    ft = Fraction(draw.randint(0, 16), 16)
    below = draw.randint(2, 200)
    return {
        "setting": draw.choice(list(SETTINGS)),
        "prime": draw.random() < 0.5,
        "rho": str(Fraction(draw.randint(max(1, -(-below // 200)), below - 1), below)),
        "a": str(Fraction(draw.randint(1, 48), 96)),
        "ft": str(ft),
        "fm": str(ft * Fraction(draw.randint(0, 16), 16)),
        "vc": str(Fraction(draw.choice([0, 16, draw.randint(-8, 24)]), 8)),
        "label": str(draw.choice([-1, 0, 1])),
        "labels": draw.choice([["0", "1"], ["-1", "1"]]),
        "adversary": draw.choice(["nearest", "down", "up", "apart"]),
    }


def by_turns(graph: Fragment) -> Adversary:
    """Down on the first edge, up on the second, and so on."""
    places = {edge: place for place, edge in enumerate(graph.edges)}
    return lambda choice: (up if places[choice.edge] % 2 else down)(choice)


def strings(values: Mapping[Any, Any]) -> dict[str, str]:
    return {">".join(key) if isinstance(key, tuple) else key: str(value) for key, value in values.items()}


def walk(graph: Fragment, vc: Fraction, held: Fraction) -> ForwardRun:
    """The run in which the rest of the network brings v4 to what is held."""
    adds = forward(graph, {"vc": vc}).pre["v4"]
    return forward(graph, {"vc": vc}, outside={"v4": held - adds})


def slopes(run: ForwardRun, label: Fraction) -> Gradient:
    return backward(run, {"v4": run.out["v4"] - label}, report_kinks=True)


def played(given: Given) -> dict[str, Any]:
    """The same by the constructions' own walk."""
    rho, a, fm, ft, vc, label = (Fraction(given[name]) for name in ("rho", "a", "fm", "ft", "vc", "label"))
    setting, prime = SETTINGS[given["setting"]].with_resting(a), given["prime"]
    bits = max(1, bits_for(rho))
    graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
    held = setting.pre_activation(rho, prime=prime)
    labels = sorted(map(Fraction, given["labels"]))
    wrong, agreeing = labels if prime else labels[::-1]
    active, idle, probe = walk(graph, Fraction(0), held), walk(graph, Fraction(2), held), walk(graph, vc, held)
    parts = [(fm, slopes(active, wrong)), (ft - fm, slopes(active, agreeing)), (1 - ft, slopes(idle, wrong))]
    batch = {edge: sum((part * clip(each.edges[edge]) for part, each in parts), Fraction(0)) for edge in graph.edges}
    adversary = {"nearest": nearest, "down": down, "up": up, "apart": by_turns(graph)}[given["adversary"]]
    grid = Grid(rho=rho)
    rises = {e: choose(adversary, Choice(e, 1, v, grid.valid(v))) if v else Fraction(0) for e, v in batch.items()}
    weights = {edge: weight - setting.rate * rises[edge] for edge, weight in graph.edges.items()}
    later = walk(graph.with_weights(weights), Fraction(2), held)
    codes = {Fraction(2): 1, Fraction(-2): 0}
    held_or_not = conditions(graph, rho, bits, rate=int(setting.rate), offset=setting.offset)
    return {
        "bits": bits,
        "pre": strings(probe.pre),
        "out": strings(probe.out),
        "gradient": strings(slopes(probe, label).edges),
        "probeKinks": sorted(v for v, hit in slopes(probe, label).kinks.items() if hit),
        "batch": strings(batch),
        "rises": strings(rises),
        "weights": [[u, v, str(weight)] for (u, v), weight in weights.items()],
        "later": strings(later.pre),
        "digits": [codes.get(later.out[f"vr{i}"]) for i in range(bits)],
        "conditions": [[each.name, str(each.value), each.holds] for each in held_or_not if each.group != "shape"],
    }


def test_a_thousand_random_settings_are_computed_as_by_the_constructions(page: Callable[..., Any]) -> None:
    draw = random.Random(20)
    settings = [drawn_setting(draw) for _ in range(TIMES)]
    script = """
      return JSON.stringify(arguments[0].map((given) => {
        const found = play(gadgetNow, given);
        delete found.before;
        found.probeKinks.sort();
        found.conditions = found.conditions.map((each) => [each.name, each.value, each.holds]);
        return found;
      }));"""
    found = json.loads(page(script, settings))
    for given, got in zip(settings, found, strict=True):
        wanted = played(given)
        assert {name: got[name] for name in wanted} == wanted, given


def test_other_fragments_are_walked_as_by_the_constructions(page: Callable[..., Any]) -> None:
    draw = random.Random(3)
    for place, fragment in enumerate(EXAMPLES.values()):
        for _ in range(20):
            inputs = {v: Fraction(draw.randint(-32, 32), 8) for v in fragment.inputs}
            given = {"inputs": strings(inputs), "label": "1", "rho": "1/16", "adversary": "nearest"}
            got = page("return playFragment(gadgetNow.fragments[arguments[0]], arguments[1])", place, given)
            run = forward(fragment, inputs)
            last = fragment.outputs[0]
            back = backward(run, {last: run.out[last] - 1}, report_kinks=True)
            assert [got["pre"], got["out"]] == [strings(run.pre), strings(run.out)]
            assert got["gradient"] == strings(back.edges)
            assert got["kinks"] == [v for v, hit in back.kinks.items() if hit]


def broken(page: Callable[..., Any]) -> set[str]:
    """What is said to be broken."""
    rows = "[...document.querySelectorAll('#g-facts tr')].filter((each) => each.textContent.includes('broken'))"
    return set(page(f"return {rows}.map((each) => each.cells[1].textContent)"))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("E03", "no sample's gradient of v0 → v1 is clipped"),
        ("E04", "vc is strictly flat, whichever bit drives it"),
        ("E06", "the weight of v0 → v1 does not fall"),
    ],
)
def test_one_click_shows_a_fault_of_the_printed_setting(page: Callable[..., Any], fault: str, said: str) -> None:
    page(f"document.querySelector('[data-fault={fault}]').click()")
    assert said in broken(page)
    assert "the loss has a derivative" in broken(page), "vc is on a kink in every setting that is as printed"
    page("document.querySelector('[data-fault=repaired]').click()")
    assert broken(page) == {AS_PRINTED}
    assert "All conditions hold" in page("return document.getElementById('g-broken').textContent")


def test_sliders_move_the_state_and_a_bad_precision_is_refused(browser: Any, page: Callable[..., Any]) -> None:
    page("document.querySelector('[data-fault=repaired]').click()")
    digits = "return document.getElementById('g-digits').textContent"
    before = page(digits)
    page("const s = document.getElementById('g-fm'); s.value = 2; s.dispatchEvent(new Event('input'))")
    after = page(digits)
    assert before != after and "= 1/8" not in after
    page("const r = document.getElementById('g-rho'); r.value = '1/0'; r.dispatchEvent(new Event('input'))")
    assert "Need a precision" in page("return document.getElementById('g-refused').textContent")
    assert page(digits) == after
    page("const t = document.getElementById('g-thing'); t.value = 'f2'; t.dispatchEvent(new Event('change'))")
    page("const r = document.getElementById('g-rho'); r.value = '1/8'; r.dispatchEvent(new Event('input'))")
    assert page("return document.querySelectorAll('#g-inputs input').length") == 2
    assert severe(browser) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_in_the_gadget(browser: Any, page: Callable[..., Any], theme: str) -> None:
    page(f"document.documentElement.dataset.theme = '{theme}'")
    page("document.querySelector('[data-fault=E03]').click()")
    page("for (const each of document.querySelectorAll('details')) each.open = true")
    assert violations(browser) == []
