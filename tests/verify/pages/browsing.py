"""A real browser for the tests of pages: headless Chromium with nobody's settings."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
NEEDS_BROWSER = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs Debian's chromium and chromium-driver")
AXE_SECONDS = 180
"""A page with all formulas open has tens of thousands of elements."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,900",
)


def started(profile: Path) -> Iterator[Any]:
    """A browser, until it is not wanted any more; ``profile`` is an empty folder."""
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield found
    found.quit()


def press(browser: Any, *keys: str) -> None:
    """Press some keys, wherever the focus is."""
    from selenium.webdriver import ActionChains

    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def severe(browser: Any) -> list[Any]:
    """What the browser's console complains of."""
    return [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def violations(browser: Any) -> list[tuple[str, str]]:
    """What axe finds wrong with the page that is open."""
    browser.set_script_timeout(AXE_SECONDS)
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in axe.run(browser)["violations"]]
