"""The page of a training run: what it says is what was recorded, and its own evaluation is the engine's."""

import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.sample_learner_machines import parity_machine
from constructions.errors import ConstructionError
from constructions.foundations.rounding import clip
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.by_fractions import RATIONALS, EngineSettings, any_engine
from constructions.training.record import TracedStep
from constructions.training.retracing import RunSettings
from tests.verify.pages.browsing import NEEDS_BROWSER, press, severe, started, violations
from verify.pages.shown_runs import Showing
from verify.pages.training_run import ShownRun, run_page, write_run_page

PLAN = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16), batch=3)
SETTINGS = RunSettings(rho=PLAN.rho, rate=Fraction(1), batch=3, seed=5, source="<b>points</b>", adversary="hashed")
UGLY = "<script>alert('1')</script>\"'>&amp;"


@pytest.fixture(scope="module")
def traced() -> list[TracedStep]:
    """Two steps of a learner of literals on drawn points."""
    engine, source = any_engine(PLAN.trainable, adversary="hashed", seed=5), Random(7)
    found = []
    for _ in range(2):
        x = np.array([[source.randrange(2) for _ in range(2)] for _ in range(3)])
        found.append(TracedStep(engine.step(x, x[:, 0]), tuple(map(tuple, x.tolist())), tuple(x[:, 0].tolist())))
    return found


def shown(traced: list[TracedStep], net: Trainable = PLAN.trainable, title: str = "a run") -> ShownRun:
    """What the page shows of these steps."""
    return Showing(net, SETTINGS, PLAN.machine).of(traced, title=title)


def data_in(page: str) -> dict[str, Any]:
    """The values that the page's script is given."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_the_page_says_what_was_recorded(traced: list[TracedStep]) -> None:
    data = data_in(run_page(shown(traced)))
    for step, given in zip(data["steps"], traced, strict=True):
        moved = {e[0]: (Fraction(e[1]), Fraction(e[5])) for e in step["entries"] if e[1] != e[5]}
        assert moved == given.step.moved and len(moved) > 10
        assert all(entry[4] in entry[3] for entry in step["entries"])
        assert step["y"] == list(given.y) and step["outputs"] == list(map(str, given.step.outputs))
    assert [each["queries"] for each in data["rounds"]] == [["1", "x1", "x2"]] * 2
    for each in data["rounds"]:
        assert all(abs(Fraction(error)) <= 4 * PLAN.rho for error in each["errors"])
    assert data["exact"] and data["predictor"].startswith("The method has ended; it predicts x1")


def test_names_are_text_and_nothing_is_fetched(traced: list[TracedStep]) -> None:
    page = run_page(shown(traced, title=UGLY))
    assert "<b>points" not in page and "<script>alert" not in page and page.count("</script>") == 2
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|import\(|https?:", page)


def test_a_run_of_another_network_is_refused(traced: list[TracedStep]) -> None:
    other = PLAN.trainable.with_moved({next(iter(traced[0].step.moved)): Fraction(0)})
    with pytest.raises(ConstructionError, match=r"need a trace of this network and start|valid roundings"):
        Showing(other, SETTINGS, None).of(traced, title="")
    with pytest.raises(ConstructionError, match="need step 1 of the trace, got step 2"):
        shown(traced[1:])


def test_numbers_that_a_page_cannot_hold_are_not_computed_there(traced: list[TracedStep]) -> None:
    run = shown(traced)
    assert not ShownRun(
        **{name: getattr(run, name) for name in ("settings", "groups", "rounds", "after", "predictor", "title")},
        net=PLAN.trainable.with_moved({0: Fraction(1, 3)}),
        steps=run.steps,
    ).exact


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with nobody's settings."""
    yield from started(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def page(browser: Any, tmp_path: Path, traced: list[TracedStep]) -> Callable[[str], Any]:
    """Runs a script on the page of the run, opened as a file, and returns what it returns."""
    write_run_page(tmp_path / "run.html", shown(traced))
    browser.get((tmp_path / "run.html").as_uri())
    browser.set_script_timeout(20)
    browser.execute_async_script(
        "const done = arguments[0], wait = () => window.querygrad ? done() : setTimeout(wait, 20); wait();"
    )
    return lambda script: browser.execute_script(script)


EVALUATE = """
const q = window.querygrad, found = [];
for (const [s, x, y, edges] of %s) {
  q.reach(s);
  const run = q.forward(x), back = q.backward(run, y);
  found.push([q.fraction(run.out[%d]), edges.map((e) => q.fraction(q.gradient(run, back, e)))]);
}
return found;
"""


@pytest.mark.slow
@NEEDS_BROWSER
def test_the_page_evaluates_as_the_engine_does(page: Callable[[str], Any], traced: list[TracedStep]) -> None:
    source, net, asked, wanted = Random(1), PLAN.trainable, [], []
    engine = any_engine(net, EngineSettings(system=RATIONALS, batch=1), adversary="hashed")
    for s in range(3):
        weights = [engine.weight(edge) for edge in range(len(net.network.sources))]
        for x in ((0, 0), (0, 1), (1, 0), (1, 1)):
            for y in (0, 1):
                edges = source.sample(range(len(weights)), 40)
                edges += [edge for step in traced for edge in step.step.moved][: 40 * (s < 2)]
                asked.append([s, "".join(map(str, x)), y, edges])
                output, entries, _ = engine._gradient(weights, list(x), y)  # type: ignore[attr-defined]
                wanted.append([str(output), [str(clip(entries.get(edge, Fraction(0)))) for edge in edges]])
        if s < 2:
            for edge, (_, new) in traced[s].step.moved.items():
                engine.weights[edge] = int(new * engine.scale)
    found = page(EVALUATE % (json.dumps(asked), net.output))
    assert found == wanted and sum(entry != "0" for _, entries in found for entry in entries) > 50


@pytest.mark.slow
@NEEDS_BROWSER
def test_the_run_is_gone_through_by_keys(browser: Any, page: Callable[[str], Any]) -> None:
    where = "return document.getElementById('where').textContent"
    assert page(where) == "before step 1 of 2"
    press(browser, "\ue014", "\ue014")
    assert page(where) == "after all 2 steps"
    assert "it predicts x1" in page("return document.getElementById('round').textContent")
    press(browser, "\ue012")
    assert "was" in page("return document.getElementById('state').textContent")
    press(browser, "\ue011", "n")
    assert page("return querygrad.step") == 1
    assert severe(browser) == []


@pytest.mark.slow
@NEEDS_BROWSER
def test_why_a_gradient_is_0_and_what_breaks_is_said(page: Callable[[str], Any]) -> None:
    inspected = page(
        "const v = document.getElementById('vertex'); v.value = 40; v.dispatchEvent(new Event('change'));"
        "return document.getElementById('inspected').textContent"
    )
    assert "0, since" in inspected
    pushed = "const o = document.getElementById('off'); o.value = %d; o.dispatchEvent(new Event('input'));"
    said = "return document.getElementById('broken').textContent"
    assert "still is" in page(pushed % 0 + said)
    assert "the first vertex to leave its flat piece" in page(pushed % 4 + said)


@pytest.mark.slow
@NEEDS_BROWSER
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Any, page: Callable[[str], Any], theme: str) -> None:
    page(f"document.documentElement.dataset.theme = '{theme}'")
    assert violations(browser) == []


@pytest.mark.slow
@NEEDS_BROWSER
def test_copies_are_active_where_their_query_is_1(page: Callable[[str], Any]) -> None:
    rows = page(
        "return [...document.querySelectorAll('#copies tbody tr')].map((row) => [...row.children].slice(2)"
        ".map((cell) => cell.textContent))"
    )
    points = page("return [...document.querySelectorAll('#copies th')].slice(2).map((cell) => cell.textContent)")
    asked = [[PLAN.machine.ask(PLAN.machine.start(), tuple(map(int, x)))[j] for x in points] for j in range(3)]
    assert [["0, active" if value else "2, idle" for value in row] for row in asked] == rows[1:]


OPENED = "const done = arguments[0], wait = () => window.querygrad ? done() : setTimeout(wait, 20); wait();"


@pytest.mark.slow
@NEEDS_BROWSER
def test_vertices_of_a_small_network_have_the_focus_one_by_one(browser: Any, page: Callable[[str], Any]) -> None:
    assert page("return document.getElementById('map').hidden && !document.getElementById('cells').hidden")
    assert page("return document.querySelectorAll('#cells rect[data-vertex]').length") == PLAN.trainable.network.size
    page("document.querySelector('#cells [tabindex=\"0\"]').focus()")
    said = "return document.activeElement.getAttribute('aria-label')"
    before = page(said)
    press(browser, "\ue012")
    assert "output" in before and page(said) != before and "value" in page(said)
    assert page("return document.querySelectorAll('#cells [tabindex=\"0\"]').length") == 1
    assert page("return querygrad.step") == 0


@pytest.mark.slow
@NEEDS_BROWSER
def test_cells_have_the_colours_of_their_pieces(page: Callable[[str], Any]) -> None:
    ways = page(
        "const run = querygrad.forward(document.getElementById('sample').value), seen = {};"
        "document.querySelectorAll('#cells rect[data-vertex]').forEach((cell, v) => {"
        " const key = run.piece[v]; (seen[key] = seen[key] || new Set()).add(cell.style.fill); });"
        "return Object.values(seen).map((fills) => [...fills]);"
    )
    assert len(ways) > 3 and all(len(fills) == 1 for fills in ways) and len({fills[0] for fills in ways}) == len(ways)


LARGE = 100_000
ZOOMED = """
const done = arguments[0], times = [];
let last = performance.now();
const tick = () => {
  const now = performance.now();
  times.push(now - last);
  last = now;
  if (times.length > 90) return done(times.sort((a, b) => a - b)[45]);
  querygrad.zoom(times.length % 60 < 30 ? 1.12 : 1 / 1.12);
  requestAnimationFrame(tick);
};
requestAnimationFrame(tick);
"""


@pytest.mark.slow
@NEEDS_BROWSER
def test_a_network_of_100000_vertices_is_zoomed_without_a_stutter(browser: Any, tmp_path: Path) -> None:
    machine = parity_machine(4, 10, b=1, tau=Fraction(1, 4), delta=Fraction(1, 4), fraction=4)
    net = Plan(machine=machine, rho=Fraction(1, 16), batch=1).trainable
    x, y = np.array([[0, 1, 1, 0]]), np.array([1])
    step = TracedStep(any_engine(net).step(x, y), ((0, 1, 1, 0),), (1,))
    settings = RunSettings(rho=net.rho, rate=Fraction(1), batch=1, seed=0, source="points", adversary="nearest")
    write_run_page(tmp_path / "large.html", Showing(net, settings, machine).of([step], title="large"))
    browser.get((tmp_path / "large.html").as_uri())
    browser.execute_async_script(OPENED)
    assert net.network.size > LARGE and not browser.execute_script("return document.getElementById('map').hidden")
    assert min(browser.execute_async_script(ZOOMED) for _ in range(3)) < 33
    state = browser.execute_script("return document.getElementById('state').textContent")
    assert "0 samples are extracted" in state and "16 of 16 parities are left" in state
    assert severe(browser) == []
