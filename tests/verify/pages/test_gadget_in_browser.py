"""The gadget in a real browser: its script computes what the constructions compute, and its lights go on and off."""

import dataclasses
import json
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from constructions.foundations.network import Fragment
from constructions.foundations.rounding import Adversary, Choice, Grid, choose, clip, down, nearest, up
from constructions.foundations.walks import ForwardRun, Gradient, backward, forward
from constructions.networks.memory import conditions
from constructions.networks.queries import SETTINGS, bits_for, query_graph
from tests.verify.pages.browsing import NEEDS_BROWSER, severe, started, violations
from tests.verify.pages.test_playing import MINE, template
from verify.obligations.catalogue import paper_obligations
from verify.pages.claims import Known
from verify.pages.gadget_section import EXAMPLES
from verify.pages.page import write_page
from verify.pages.playing import playables_of
from verify.provers.stated_case import StatedCase
from verify.replay.witness import ReplayCase

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]
TIMES = 1000
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
    for place, fragment in enumerate(each.fragment for each in EXAMPLES.values()):
        for _ in range(20):
            inputs = {v: Fraction(draw.randint(-32, 32), 8) for v in fragment.inputs}
            given = {"inputs": strings(inputs), "values": {}, "label": "1", "rho": "1/16", "adversary": "nearest"}
            got = page("return playFragment(gadgetNow, gadgetNow.fragments[arguments[0]], arguments[1])", place, given)
            run = forward(fragment, inputs)
            last = fragment.outputs[0]
            back = backward(run, {last: run.out[last] - 1}, report_kinks=True)
            assert [got["pre"], got["out"]] == [strings(run.pre), strings(run.out)]
            assert got["gradient"] == strings(back.edges)
            assert got["kinks"] == [v for v, hit in back.kinks.items() if hit]


def broken(page: Callable[..., Any]) -> dict[str, str]:
    """The claims that are said to be broken, each with what is said of it."""
    rows = (
        "[...document.querySelectorAll('#g-facts tr')].filter((each) => each.cells[0].textContent.includes('broken'))"
    )
    texts = page(f"return {rows}.map((each) => each.cells[1].textContent)")
    return {text.partition(":")[0]: text for text in texts}


@pytest.mark.parametrize(
    ("fault", "id", "said"),
    [
        ("E03", "lemma11.active.minimal.q'", "v3 adds the declared share to v4"),
        ("E04", "lemma3b.vc.minimal", "active: vc stays strictly inside (-1, 0)"),
        ("E06", "lemma11.labels.repaired", "the record is not negative"),
    ],
)
def test_one_click_shows_a_fault_of_the_printed_setting(
    page: Callable[..., Any], fault: str, id: str, said: str
) -> None:
    page(f"document.querySelector('[data-fault={fault}]').click()")
    assert said in broken(page)[id]
    assert "lemma3b.vc.minimal" in broken(page), "vc is on a kink in every setting that is as printed"
    page("document.querySelector('[data-fault=repaired]').click()")
    assert list(broken(page)) == ["lemma11.within.printed"]
    assert "All conditions hold" in page("return document.getElementById('g-broken').textContent")


def test_a_premise_that_does_not_hold_leaves_a_light_out(page: Callable[..., Any]) -> None:
    page("document.querySelector('[data-fault=repaired]').click()")
    text = "return document.getElementById('g-facts').textContent"
    assert "says nothing" not in page(text)
    page("const s = document.getElementById('g-ft'); s.value = 8; s.dispatchEvent(new Event('input'))")
    assert "says nothing" in page(text), "lemma11.clock speaks of batches that are active as a whole"


def stated(given: Given) -> Iterator[tuple[str, Any, dict[str, Fraction]]]:
    """Some claims at a choice: id, a subject with numbers, and the values of the claim's variables."""
    rho, a, fm, ft = (Fraction(given[name]) for name in ("rho", "a", "fm", "ft"))
    setting, prime, q = SETTINGS[given["setting"]].with_resting(a), given["prime"], "q'" if given["prime"] else "q"
    setting = dataclasses.replace(
        setting, share=SETTINGS[given["setting"]].share / SETTINGS[given["setting"]].resting * a
    )
    graph, held, found = (
        query_graph(setting, rho=rho, bits=0, prime=prime),
        setting.pre_activation(rho, prime=prime),
        played(given),
    )
    labels = tuple(map(int, given["labels"]))
    copy = paper_obligations()[f"lemma11.active.minimal.{q}"].of(StatedCase())
    copy = dataclasses.replace(copy, graph=graph, setting=setting, rho=rho, prime=prime, labels=labels)
    adds = forward(graph, {"vc": Fraction(0)}).pre["v4"]
    idle = walk(graph, Fraction(2), held).out["v4"] - copy.wrong
    multiples = {f"k[{name.replace('>', '')}]": Fraction(rise) / rho for name, rise in found["rises"].items()}
    at = {"z": held - adds, "fm": fm, "ft": ft, **multiples}
    later = forward(
        graph.with_weights({(u, v): Fraction(w) for u, v, w in found["weights"] if (u, v) in graph.edges}),
        {"vc": Fraction(2)},
    )
    yield f"lemma11.idle.minimal.{q}", copy, {"z": held, "adjoint": idle}
    yield f"lemma11.active.minimal.{q}", copy, at
    yield f"lemma11.record.minimal.{q}", copy, at
    yield f"lemma11.after.minimal.{q}", copy, at | {"z2": held - later.pre["v4"], "adjoint": idle}


def test_facts_are_evaluated_as_by_the_constructions(page: Callable[..., Any]) -> None:
    draw, known = random.Random(7), paper_obligations()
    settings = [drawn_setting(draw) for _ in range(60)]
    script = """
      const lights = (given) => play(gadgetNow, given).lights.map((each) => [each.id, each.broken, each.silent]);
      return arguments[0].map(lights);"""
    seen = 0
    for given, lights in zip(settings, page(script, settings), strict=True):
        found = {id: (bad, silent) for id, bad, silent in lights}
        for id, subject, values in stated(given):
            case = ReplayCase(values)
            known[id].claim(subject, case)
            wrong = [f.label for f in case.facts if f.under and not f.conclusion]
            assert found[id] == (wrong, [f.label for f in case.facts if not f.under]), (given, id)
            seen += bool(wrong)
    assert seen > 20


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
    assert page("return document.querySelectorAll('#g-inputs input[type=range]').length") == 2
    assert severe(browser) == []


def test_a_template_is_played_with_by_its_parameters(browser: Any, tmp_path: Path) -> None:
    made = dict(playables_of(MINE, {}, {"w": Fraction(5, 2)}))
    write_page(tmp_path / "mine.html", [], Known({}), title="mine", fragments=made)
    browser.get((tmp_path / "mine.html").as_uri())
    browser.execute_async_script("gadgetData.then(arguments[0])")
    said = "return document.querySelector('#g-facts').textContent"
    assert "holds" in browser.execute_script(said)
    given = {"inputs": {"on": "2"}, "label": "1", "rho": "1/16", "adversary": "nearest"}
    for w, z in (("5/2", "0"), ("7/3", "-40/7")):
        values = {"w": w, "x": "3/2", "z": z, "up": "1"}
        got = browser.execute_script(
            "return playFragment(gadgetNow, gadgetNow.fragments[0], arguments[0])", given | {"values": values}
        )
        graph = template(ReplayCase({"w": Fraction(w)}))
        run = forward(graph, {"x": Fraction(3), "on": Fraction(2)}, outside={"y": Fraction(z)})
        assert [got["pre"], got["out"]] == [strings(run.pre), strings(run.out)]
        assert got["lights"][0]["broken"] == ([] if run.out["y"] == 1 else ["it is 1"])
    place = made["mine: gate"].variables
    at = "const t = document.getElementById('g-var%d'); t.value = '%s'; t.dispatchEvent(new Event('input'));"
    assert "broken" in browser.execute_script(at % (list(place).index("z"), "-40") + said)
    assert "says nothing" in browser.execute_script(at % (list(place).index("w"), "1") + said)
    refused = "return document.getElementById('g-refused').textContent"
    assert "Need a rational" in browser.execute_script(at % (list(place).index("w"), "1.5") + refused)
    assert "division by 0" in browser.execute_script(at % (list(place).index("w"), "0") + refused)
    assert severe(browser) == [] and violations(browser) == []


def test_rho_and_label_are_sliders(page: Callable[..., Any]) -> None:
    page("document.querySelector('[data-fault=repaired]').click()")
    move = "const s = document.getElementById('g-%s'); s.value = %d; s.dispatchEvent(new Event('input'));"
    assert page(move % ("rho-slider", 24) + "return document.getElementById('g-rho').value") == "3/32"
    assert "The 4 digits" in page("return document.getElementById('g-digits').textContent")
    assert page(move % ("label", -3) + "return document.getElementById('g-label-now').textContent") == "-3/8"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_in_the_gadget(browser: Any, page: Callable[..., Any], theme: str) -> None:
    page(f"document.documentElement.dataset.theme = '{theme}'")
    page("document.querySelector('[data-fault=E03]').click()")
    page("for (const each of document.querySelectorAll('details')) each.open = true")
    assert violations(browser) == []
