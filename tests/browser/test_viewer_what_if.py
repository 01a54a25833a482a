"""The what-if component by itself: clicks shown at once, answers in any order, and no 3Dmol."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dashboard.viewer.what_if import what_if_data
from rbfcore.explain.case import Case
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

pytestmark = pytest.mark.browser

ENV = environment("fcc", 2)
NOWHERE = [{"url": "/app/static/vendor/none.js", "integrity": ""}]


def data(filled: np.ndarray, seq: int = 0, lattice: bool = True, **changes: Any) -> dict[str, Any]:
    n = len(filled)
    shares = np.linspace(-0.08, 0.04, n)
    plain = Parameters.checked(0.3, [1.0], 0.1, np.ones((1, n)), {"unit": "eV"})
    value = float(0.3 + shares.sum())
    drawn = what_if_data(
        plain,
        ENV if lattice else None,
        filled,
        Case(value, 0.3, shares, np.full(4, value), 0.2),
        flips=np.full(n, 0.5),
        terms=np.array([0.2, -0.3]),
        term_names=["4", "7"],
        terms_title="What the prototypes add",
        title="Environment",
    )
    return drawn | {"seq": seq, "surface": "100", "look": "4", "sources": NOWHERE, "fetch_command": "fetch"} | changes


def shown_sites(page: Any) -> str:
    return str(page.locator(".what-if").get_attribute("data-filled"))


def test_a_click_shows_at_once_and_old_answers_do_not_undo_it(harness: Callable) -> None:
    none = np.zeros(26, dtype=bool)
    page = harness("what_if.js", data(none)).page
    page.wait_for_selector(".notice:not([hidden])")
    bars = page.get_by_role("listbox", name="Share of each site").get_by_role("option")
    bars.nth(2).click()
    bars.nth(25).click()
    sent = page.evaluate("() => window.sent.filter(([name]) => name === 'change').map(([, value]) => value)")
    one, both = ("".join("1" if d in sites else "0" for d in range(26)) for sites in ((2,), (2, 25)))
    assert sent == [{"filled": one, "seq": 1}, {"filled": both, "seq": 2}]
    assert "filled" in bars.nth(25).get_attribute("aria-label")
    first = none.copy()
    first[2] = True
    page.evaluate("(data) => window.update(data)", data(first, seq=1))
    assert shown_sites(page) == both
    page.evaluate("(data) => window.update(data)", data(none, seq=2))  # undone meanwhile
    assert shown_sites(page) == "0" * 26


def test_a_click_on_the_lattice_and_keys_are_told(harness: Callable) -> None:
    page = harness("what_if.js", data(np.ones(26, dtype=bool))).page
    page.wait_for_selector(".flat")
    frame = page.locator(".stage").bounding_box()
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2 + 400)  # beside every site
    assert shown_sites(page) == "1" * 26
    page.locator("h1, .inspector-title").first.click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    page.get_by_role("listbox", name="What each prototype adds").get_by_role("option").nth(1).click()
    told = [entry for entry in page.evaluate("() => window.sent") if entry[0] != "look"]
    assert told == [["step", -1], ["step", 1], ["prototype", 1]]
    words = page.get_by_role("img").first.get_attribute("aria-label")
    assert words.startswith("26 of 26 sites filled: 18 of 18 1nn, 4 of 4 2nn in plane, 4 of 4 2nn z = ±1.")


def test_occupations_without_a_lattice_are_clicked_on_bars(harness: Callable) -> None:
    shown = harness("what_if.js", data(np.zeros(7, dtype=bool), lattice=False))
    page = shown.page
    page.wait_for_selector("g.bar")
    assert not page.locator(".stage").is_visible()
    page.locator("g.bar").nth(3).click()
    assert shown_sites(page) == "0001000"
    assert shown.complaints == []
