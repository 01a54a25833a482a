"""Prototypes and Inspect as a visitor uses them: sets, what if, links and keys, against the library's own numbers."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import rbfcore as rc
from rbfcore.data.bundled import assets_folder
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import read_pruning_path

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]

PATIENT = 60_000  # ms, on a machine that may be busy with other tests
ENV = environment("fcc", 2)
CODE = 24859902
SITE = 19  # site 20, which stands alone when seen from [0 3 1]
SHOWN = 6e-5  # eV: figures are shown to four decimals

_LARGE_APP = """
import numpy as np
import streamlit as st

from dashboard.app_pages.inspect.page import inspect_page
from dashboard.session.navigation import all_pages
from dashboard.session.session import Session
from rbfcore.parameters import Parameters

st.set_page_config(layout="wide")
st.navigation(all_pages(), position="hidden")
session = Session()
if not session.shelf.networks():
    random = np.random.default_rng(0)
    card = {"unit": "eV", "lattice": "fcc26"}
    theta = random.normal(size=(4096, 26)).astype(np.float32)
    large = Parameters.checked(0.4, 0.05 * random.normal(size=4096), 0.1, theta, card)
    small = Parameters.checked(0.4, random.normal(size=16), 0.1, theta[:16], card | {"parent": large.fingerprint()})
    session.shelf.add_network("large", large)
    session.shelf.add_network("pruned", small)
inspect_page()
"""


def bundled() -> Parameters:
    """The bundled network of {100}, straight from its file."""
    return rc.read_parameters(assets_folder() / "networks" / "cu100.safetensors")


def response(plain: Parameters, code: int) -> float:
    """A network's response at this environment, in double precision."""
    x = np.where(np.array([code >> d & 1 for d in range(26)]), 1.0, -1.0)
    squared = ((plain.centroids.astype(np.float64) - x) ** 2).sum(1)
    return float(plain.alpha + plain.beta.astype(np.float64) @ np.exp(-plain.gamma * squared))


def average(plain: Parameters) -> float:
    """A network's mean over all environments, by the product of its factors."""
    theta = plain.centroids.astype(np.float64)
    factors = (np.exp(-plain.gamma * (theta - 1) ** 2) + np.exp(-plain.gamma * (theta + 1) ** 2)) / 2
    return float(plain.alpha + plain.beta.astype(np.float64) @ factors.prod(1))


def predicted(code: int) -> float:
    return response(bundled(), code)


def mean() -> float:
    return average(bundled())


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def barrier(page: Page) -> float:
    return number(page.get_by_test_id("stMetricValue").first.inner_text())


def open_what_if(shown: Any, address: str, query: str) -> Page:
    page: Page = shown.page
    page.set_default_timeout(PATIENT)
    page.goto(f"{address}/inspect?view=what-if&{query}")
    expect(page.locator(".what-if[data-painter='3dmol']")).to_be_visible(timeout=PATIENT)
    return page


def middle_of(page: Page, site: int, view: int) -> tuple[float, float]:
    """Where a site is on the page, from the lattice and the camera alone."""
    frame = page.locator(".stage").bounding_box()
    assert frame is not None
    extent = np.linalg.norm(ENV.positions - ENV.target / 2, axis=1).max()
    scale = min(frame["width"], frame["height"]) / 2 / (extent + 0.19) / 1.06
    right, up, _ = ENV.viewpoints[view].rotation() @ (ENV.positions[site] - ENV.target / 2)
    return frame["x"] + frame["width"] / 2 + scale * right, frame["y"] + frame["height"] / 2 - scale * up


def expect_barrier(page: Page, value: float) -> None:
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(f"{value:.4f}".replace("-", "−"), timeout=PATIENT)


def test_a_click_on_a_site_answers_with_the_networks_own_barrier(watched: Callable[..., Any], dashboard: str) -> None:
    shown = watched(height=1300)
    page = open_what_if(shown, dashboard, f"env={CODE}")
    expect_barrier(page, predicted(CODE))
    page.mouse.click(*middle_of(page, SITE, view=3))
    changed = CODE ^ (1 << SITE)
    expect_barrier(page, predicted(changed))
    expect(page).to_have_url(re.compile(f"env={changed}"))
    title = page.locator(".chart-title").first  # drawn a moment after the figures above it
    expect(title).to_contain_text(f"{predicted(changed):.4f}".replace("-", "−"), timeout=PATIENT)
    said = title.inner_text()
    total, value, average = (number(part) for part in re.findall(r"[+−]?\d+\.\d{4}", said))
    assert value == pytest.approx(predicted(changed), abs=SHOWN)
    assert abs(average) == pytest.approx(mean(), abs=SHOWN)
    assert total == pytest.approx(predicted(changed) - mean(), abs=SHOWN)
    shares = [
        re.search(r"share ([+−]\d+\.\d+)", bar.get_attribute("aria-label") or "")
        for bar in page.get_by_role("listbox", name="Share of each site").get_by_role("option").all()
    ]
    assert sum(number(share[1]) for share in shares if share) == pytest.approx(total, abs=26 * 6e-4)
    page.keyboard.press("Control+z")
    expect_barrier(page, predicted(CODE))
    page.keyboard.press("Control+Shift+z")
    expect_barrier(page, predicted(changed))
    for site in (0, 3, 8, 3, 21):  # faster than the answers come
        page.locator(f"g[data-site='{site}']").first.click()
        changed ^= 1 << site
    expect_barrier(page, predicted(changed))
    field = page.get_by_role("textbox", name="Environment")
    field.fill("twelve")
    field.press("Enter")
    expect(page.get_by_text("26 zeros and ones, got 'twelve'")).to_be_visible(timeout=PATIENT)
    expect_barrier(page, predicted(changed))
    expect(page.locator(".what-if")).to_be_visible()
    assert shown.foreign == []


def test_a_copied_link_shows_the_same_view(watched: Callable[..., Any], dashboard: str) -> None:
    page = open_what_if(watched(height=1300), dashboard, f"env={CODE}&T=600&model=prototypes&network=cu100-16&m=24")
    expect(page.get_by_role("button", name="[0 3 1]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("look=2"))
    page.locator("g[data-site='4']").first.click()
    expect(page).to_have_url(re.compile(f"env={CODE ^ 16}"))
    figures = page.get_by_test_id("stMetricValue").all_inner_texts()
    page.wait_for_timeout(500)
    other = watched(height=1300).page
    other.goto(page.url)
    expect(other.locator(".what-if")).to_have_attribute("data-filled", re.compile("^[01]{26}$"), timeout=PATIENT)
    expect(other.get_by_test_id("stMetricValue").last).to_have_text(figures[-1], timeout=PATIENT)
    assert other.get_by_test_id("stMetricValue").all_inner_texts() == figures
    expect(other.get_by_role("button", name="[0 0 1]")).to_have_attribute("aria-pressed", "true")
    filled = "".join("1" if (CODE ^ 16) >> d & 1 else "0" for d in range(26))
    expect(other.locator(".what-if")).to_have_attribute("data-filled", filled)
    expect(other.get_by_text("Rate at 600 K, Hz")).to_be_visible()


def test_keys_step_through_prototypes_and_viewpoints_but_not_while_typing(
    watched: Callable[..., Any], dashboard: str
) -> None:
    shown = watched(height=1300)
    page = shown.page
    page.set_default_timeout(PATIENT)
    page.goto(f"{dashboard}/inspect?prototype=2")
    expect(page.locator(".inspector[data-painter='3dmol']")).to_be_visible(timeout=PATIENT)
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 3", timeout=PATIENT)
    expect(page.get_by_role("img", name=re.compile("^Prototype 3 (raises|lowers) "))).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 2", timeout=PATIENT)
    page.keyboard.press("p")
    expect(page.locator(".inspector-title")).to_contain_text(re.compile(r"Prototype 1\b"), timeout=PATIENT)
    page.keyboard.press("3")
    expect(page.get_by_role("button", name="[1 -1 0]")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("look=3"))
    field = page.get_by_label("Prototype of 16")
    field.fill("14")
    field.press("Enter")
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 14", timeout=PATIENT)
    expect(page).to_have_url(re.compile("look=3"))
    page.get_by_role("button", name="by layer {110}").click()
    highest = ENV.layer["110"].max()
    expect(page.locator(".bars .group-name").first).to_have_text(f"+{highest}")


def test_a_training_environment_opens_as_a_what_if(watched: Callable[..., Any], dashboard: str) -> None:
    page = watched(height=1400).page
    page.set_default_timeout(PATIENT)
    page.goto(f"{dashboard}/inspect?prototype=3")
    table = page.get_by_test_id("stDataFrame").first
    expect(table).to_be_visible(timeout=PATIENT)
    page.wait_for_timeout(500)
    table.click(position={"x": 18, "y": 54})
    expect(page).to_have_url(re.compile("view=what-if"), timeout=PATIENT)
    expect(page.get_by_text("A training environment:")).to_be_visible(timeout=PATIENT)


def test_slider_sort_and_click_lead_to_the_same_prototype(watched: Callable[..., Any], dashboard: str) -> None:
    page = watched().page
    page.set_default_timeout(PATIENT)
    page.goto(f"{dashboard}/?m=12")
    cards = page.get_by_role("option", name=re.compile(r"^prototype \d+, "))
    expect(cards).to_have_count(12, timeout=PATIENT)
    page.get_by_role("slider").press("ArrowLeft")
    expect(cards).to_have_count(8, timeout=PATIENT)
    curve = read_pruning_path(assets_folder() / "paths" / "cu100.safetensors")
    gap = curve.gaps[curve.sizes.index(8)]
    expect(page.get_by_alt_text(re.compile(f"with 8 prototypes the exact RMS gap is {gap:.4f} eV"))).to_be_visible()
    page.get_by_text("Variance", exact=True).click()
    expect(cards.first).to_have_attribute("aria-label", re.compile("of the variance"), timeout=PATIENT)
    shares = [
        number(re.search(r"([−\d.]+) % of the variance", card.get_attribute("aria-label") or "")[1])  # type: ignore[index]
        for card in cards.all()
    ]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.5)
    first = re.match(r"prototype (\d+)", cards.first.get_attribute("aria-label") or "")
    assert first is not None
    cards.first.click()
    expect(page).to_have_url(re.compile(r"/inspect.*m=8"), timeout=PATIENT)
    expect(page.get_by_label("Prototype of 8")).to_have_value(first[1], timeout=PATIENT)
    page.get_by_role("link", name="Prototypes").click()
    expect(cards).to_have_count(8, timeout=PATIENT)
    expect(page).to_have_url(re.compile(r"[?&]m=8"))
    expect(page).not_to_have_url(re.compile("None"))
    page.get_by_role("link", name="Inspect").click()
    expect(page.get_by_label("Prototype of 8")).to_have_value(first[1], timeout=PATIENT)


def test_pins_stay_side_by_side(watched: Callable[..., Any], dashboard: str) -> None:
    page = watched(height=1400).page
    page.set_default_timeout(PATIENT)
    page.goto(f"{dashboard}/inspect?prototype=4")
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 4", timeout=PATIENT)
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("heading", name="Pinned")).to_be_visible(timeout=PATIENT)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page).to_have_url(
        re.compile("pins=cu100-16(:|%3A)16(:|%3A)4(,|%2C)cu100-16(:|%3A)16(:|%3A)5"), timeout=PATIENT
    )
    pinned = page.get_by_role("option", name=re.compile("number [45] of 16"))
    expect(pinned).to_have_count(2, timeout=PATIENT)
    pinned.first.click()
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 4", timeout=PATIENT)


def test_networks_of_thousands_of_centroids_answer_every_click(
    watched: Callable[..., Any], streamlit_app: Callable[[str], str]
) -> None:
    """K = 4096: barrier and shares are those of the network; how soon, `make timings` measures."""
    random = np.random.default_rng(0)  # as the page's own
    theta = random.normal(size=(4096, 26)).astype(np.float32)
    large = Parameters.checked(0.4, 0.05 * random.normal(size=4096), 0.1, theta)
    page = watched(height=1300).page
    page.set_default_timeout(PATIENT)
    page.goto(f"{streamlit_app(_LARGE_APP)}/?network=pruned&view=what-if&env={CODE}")
    expect(page.locator(".what-if[data-painter='3dmol']")).to_be_visible(timeout=PATIENT)
    code = CODE
    for site in (0, 3, 7, 12, 20):
        page.locator(f".what-if g[data-site='{site}']").first.dispatch_event("click")
        code ^= 1 << site
        value = response(large, code)
        expect_barrier(page, value)
        told = f"{value - average(large):+.4f} = {value:.4f} − {average(large):.4f}".replace("-", "−")
        expect(page.locator(".what-if .chart-title").first).to_contain_text(told, timeout=PATIENT)
