"""The gallery in a real browser: drawing time, turning, picking, names under the pointer, live updates."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dashboard.drawing.scene import scene
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

pytestmark = pytest.mark.browser

ENV = environment("fcc", 2)


def network(seed: int = 0, n_inputs: int = 26) -> Parameters:
    random = np.random.default_rng(seed)
    return Parameters.checked(0.0, random.normal(size=16), 0.1, random.normal(size=(16, n_inputs)), {"unit": "eV"})


def data(seed: int = 0, **changes: Any) -> dict[str, Any]:
    return {"scene": scene(network(seed), ENV), "columns": None, "selected": None} | changes


@pytest.fixture
def shown(harness: Callable) -> Any:
    found = harness("gallery.js", data())
    found.page.wait_for_selector(".gallery[data-paints]")
    return found


def canvas_bytes(page: Any) -> str:
    return page.evaluate("() => [...document.querySelectorAll('.card canvas')].map((c) => c.toDataURL()).join()")


def drag(page: Any, card: int, dx: float, dy: float) -> None:
    box = page.locator(".card").nth(card).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_sixteen_cards_tell_their_story(shown: Any) -> None:
    cards = shown.page.locator(".card")
    assert cards.count() == 16
    assert cards.nth(2).get_attribute("aria-label") == data()["scene"]["prototypes"][2]["summary"]
    assert "eV" in cards.nth(2).inner_text()
    legend = shown.page.locator(".legend").inner_text()
    assert "solid ring" in legend
    assert "min(|θ| / 2, 1)" in legend
    assert shown.foreign == []
    assert shown.complaints == []


def test_the_weight_in_brackets_gives_way_in_a_narrow_card(shown: Any) -> None:
    """One line in any card: peak and weight where there is room for both, else the peak alone."""
    page = shown.page
    seen = """() => [...document.querySelectorAll(".card")].map((card) => {
        const header = card.querySelector(".card-header"), line = header.querySelector(".beta");
        const visible = [...line.children].map((part) => part.offsetTop < line.offsetTop + line.clientHeight / 2);
        return [visible.join(), header.clientHeight, line.scrollWidth <= line.clientWidth];
    })"""
    page.evaluate("(data) => window.update(data)", data(columns=4))
    texts = page.locator(".card-header").all_text_contents()
    assert texts[2] == f"3 {data()['scene']['prototypes'][2]['headline']}"
    (wide,) = {tuple(card) for card in page.evaluate(seen)}
    page.evaluate("(data) => window.update(data)", data(columns=8))
    (narrow,) = {tuple(card) for card in page.evaluate(seen)}
    assert (wide[0], narrow[0]) == ("true,true", "true,false")
    assert narrow[1:] == wide[1:] == (wide[1], True)
    assert page.locator(".card-header").all_text_contents() == texts


def test_repaint_tells_how_long_it_took(shown: Any) -> None:
    shown.page.evaluate("(data) => window.update(data)", data(1))
    assert float(shown.page.locator(".gallery").get_attribute("data-paint-ms")) > 0


def test_new_values_repaint_in_place(shown: Any) -> None:
    page = shown.page
    page.locator(".card").nth(4).click()
    page.evaluate("() => { document.querySelectorAll('.card')[4].mine = true }")
    before = canvas_bytes(page)
    page.evaluate("(data) => window.update(data)", data(seed=7))
    assert canvas_bytes(page) != before
    assert page.evaluate("() => document.querySelectorAll('.card')[4].mine === true")
    assert page.locator(".card[aria-selected='true']").get_attribute("data-index") == "4"


def test_fewer_prototypes_leave_fewer_cards(shown: Any) -> None:
    few = data()
    few["scene"] = scene(network(), ENV, order=[5, 1])
    shown.page.evaluate("(data) => window.update(data)", few)
    assert [card.get_attribute("data-index") for card in shown.page.locator(".card").all()] == ["5", "1"]


def picked(page: Page) -> list[int]:
    """What has been picked so far; a turn is told too, a while after it."""
    return [value for name, value in page.evaluate("() => window.sent") if name == "picked"]


def test_drag_turns_all_cards_and_double_click_turns_back(shown: Any) -> None:
    page = shown.page
    before = canvas_bytes(page)
    drag(page, 3, 60, 25)
    turned = canvas_bytes(page)
    assert all(a != b for a, b in zip(before.split(","), turned.split(","), strict=True) if len(a) > 30)
    assert not picked(page)
    page.locator(".card").first.dblclick()
    page.wait_for_function("() => document.querySelector('.gallery').dataset.turned === 'false'")
    page.wait_for_timeout(350)
    assert canvas_bytes(page) == before
    assert not picked(page)


def test_click_and_keyboard_pick(shown: Any) -> None:
    page = shown.page
    page.locator(".card").nth(6).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("() => window.sent") == [["picked", 6], ["picked", 7]]


def test_pointer_names_the_site(shown: Any) -> None:
    """Site 20 at (-1, 0, 0), seen from [0 0 1], lies where the camera's matrix says."""
    page = shown.page
    frame = page.locator(".card canvas").first.bounding_box()
    size = frame["width"] / 2
    view = data()["scene"]["viewpoints"][1]
    position = np.array(view["rotation"]) @ (ENV.positions[19] - ENV.target / 2)
    extent = np.linalg.norm(ENV.positions - ENV.target / 2, axis=1).max()
    scale = size / 2 / (extent + 0.19 * 1.14) / 1.04
    page.mouse.move(frame["x"] + size * 1.5 + scale * position[0], frame["y"] + size / 2 - scale * position[1])
    theta = network().centroids[0, 19]
    sign = "+" if theta > 0 else "\N{MINUS SIGN}"
    assert page.locator(".tip").inner_text().startswith(f"site 20  θ {sign}{abs(theta):.2f}")
    page.mouse.move(frame["x"] + 3, frame["y"] + 3)
    assert not page.locator(".tip").is_visible()


def test_painted_once_and_again_when_there_is_another_width(shown: Any) -> None:
    page, gallery = shown.page, shown.page.locator(".gallery")
    page.wait_for_timeout(300)
    assert gallery.get_attribute("data-paints") == "1"  # the height that the pictures give it is no reason
    wide = page.locator(".card canvas").first.bounding_box()["width"]
    page.set_viewport_size({"width": 1000, "height": 1000})
    page.wait_for_timeout(300)
    assert int(gallery.get_attribute("data-paints")) > 1
    canvas = page.locator(".card canvas").first
    assert canvas.bounding_box()["width"] != wide
    assert int(canvas.get_attribute("width")) == pytest.approx(canvas.bounding_box()["width"], abs=1)


@pytest.mark.parametrize("scale", [1, 2])
def test_canvas_is_sharp(harness: Callable, scale: int) -> None:
    page = harness("gallery.js", data(), scale=scale, width=1024).page
    page.wait_for_selector(".gallery[data-paints]")
    canvas = page.locator(".card canvas").first
    assert int(canvas.get_attribute("width")) == pytest.approx(scale * canvas.bounding_box()["width"], abs=1)
    assert page.evaluate("() => document.documentElement.scrollWidth <= 1024")


def test_a_table_without_lattice_is_drawn_as_bars(harness: Callable) -> None:
    bars = data()
    names = ["age", "<b>dose</b>", "weight"]
    bars["scene"] = scene(network(n_inputs=3), None, input_names=names)
    shown = harness("gallery.js", bars)
    shown.page.wait_for_selector(".gallery[data-paints]")
    frame = shown.page.locator(".card canvas").first.bounding_box()
    shown.page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    assert shown.page.locator(".tip").inner_text().startswith("<b>dose</b>")
    assert "migrating" not in shown.page.locator(".legend").inner_text()
    assert shown.complaints == []


APP = """
import math
import numpy as np
import streamlit as st
from dashboard.viewer.gallery import prototype_gallery
from dashboard.viewer.inspector import prototype_inspector
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

env = environment("fcc", 2)
theta = np.random.default_rng(0).normal(size=(4, 26))

@st.fragment(run_every=0.2)
def live():
    frame = st.session_state.get("frame", 0) + 1
    st.session_state.frame = frame
    moving = Parameters.checked(0.0, np.ones(4), 0.1, theta * math.cos(frame / 3))
    picked = prototype_gallery(moving, env, key="live")
    if picked is not None:
        st.session_state.picked = picked
    st.text(f"picked {st.session_state.get('picked')}")

live()
site = prototype_inspector(Parameters.checked(0.0, np.ones(4), 0.1, theta), env, prototype=1)
st.text(f"site {site}")
"""


def test_live_in_streamlit(streamlit_app: Callable, watched: Callable, fetched_script: Any) -> None:
    """Frames arrive in the same canvas, a pick reaches Python and stays marked, a bar's site reaches Python."""
    assert fetched_script.is_file()
    address = streamlit_app(APP)
    shown = watched()
    page = shown.page
    page.goto(address)
    page.wait_for_selector(".card canvas", timeout=20_000)
    page.evaluate("() => { globalThis.firstCanvas = null }")
    page.locator(".card").nth(2).evaluate("(card) => { globalThis.firstCanvas = card.querySelector('canvas') }")
    paints = int(page.locator(".gallery").get_attribute("data-paints"))
    page.locator(".card").nth(2).click()
    page.get_by_text("picked 2").wait_for(timeout=10_000)
    page.wait_for_function(
        "(n) => Number(globalThis.firstCanvas.closest('.gallery').dataset.paints) > n", arg=paints + 3, timeout=10_000
    )
    assert page.locator(".card").nth(2).evaluate("(card) => card.querySelector('canvas') === globalThis.firstCanvas")
    assert page.locator(".card[aria-selected='true']").get_attribute("data-index") == "2"
    page.wait_for_selector(".inspector[data-painter='3dmol']", timeout=20_000)
    told = page.get_by_text("site 8")
    page.locator("g.bar").nth(8).click()
    try:
        told.wait_for(timeout=10_000)
    except (
        PlaywrightTimeout
    ):  # on a busy machine a click can fall into a run of the fragment, five of which start a second
        page.locator("g.bar").nth(8).click()
        told.wait_for(timeout=10_000)
    assert shown.foreign == []
    assert shown.complaints == []


def test_extent_is_that_of_the_sites() -> None:
    """What the places above are computed from: the farthest site of the FCC jump."""
    assert data()["scene"]["extent"] == pytest.approx(math.hypot(1.25, 0.25), abs=1e-4)
