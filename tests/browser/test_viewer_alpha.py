"""The picture itself: opacity of pixels at known sites, alone and in stacks, in every painter."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.drawing.scene import scene
from dashboard.figures.prototype_svg import prototypes_svg
from dashboard.viewer.py3dmol_views import linked_grid_html
from dashboard.viewer.script import viewer_script
from rbfcore.lattice import Viewpoint, environment
from rbfcore.parameters import Parameters
from tests.browser.conftest import HARNESS, serve_static

pytestmark = pytest.mark.browser

ENV = environment("fcc", 2)
ALONE = {19: 0.5, 20: -1.0, 21: 1.5}  # seen along [0 0 1] nothing lies before or behind these sites
STACK = {7: 0.5, 9: -1.5, 11: 1.0}  # one column along [1 1 0], 11 nearest to the eye
STACK_ALPHA = 1 - (1 - 0.25) * (1 - 0.75) * (1 - 0.5)
PIXEL_ALPHA = 0.03
PLAN = Viewpoint("[0 0 1]", (0.0, 0.0, 1.0), (-1.0, 1.0, 0.0))
FRONT = Viewpoint("[1 1 0]", (1.0, 1.0, 0.0), (0.0, 0.0, 1.0))
BACK = Viewpoint("[-1 -1 0]", (-1.0, -1.0, 0.0), (0.0, 0.0, 1.0))
VIEWS = (PLAN, FRONT, BACK)


def prototype() -> Parameters:
    theta = np.zeros(26)
    for site, value in (ALONE | STACK).items():
        theta[site - 1] = value
    return Parameters.checked(0.0, [0.3], 0.1, theta[None], {"unit": "eV"})


def places_in_gallery(page: Any, view: int) -> dict[int, tuple[float, float]]:
    """Middle of each site on the page, by the painter's own geometry checked in test_viewer_gallery."""
    found: dict[int, tuple[float, float]] = {}
    frame = page.locator(".card canvas").bounding_box()
    size = frame["width"] / len(VIEWS)
    extent = np.linalg.norm(ENV.positions - ENV.target / 2, axis=1).max()
    scale = size / 2 / (extent + 0.19 * 1.14) / 1.04
    screen = (ENV.positions - ENV.target / 2) @ VIEWS[view].rotation().T
    for site in range(26):
        x = frame["x"] + size * (view + 0.5) + scale * screen[site, 0]
        y = frame["y"] + size / 2 - scale * screen[site, 1]
        found[site + 1] = (x, y)
    return found


def test_canvas_painter_shows_opacities_as_they_are(harness: Callable, measured_alpha: Callable) -> None:
    data = {"scene": scene(prototype(), ENV, viewpoints=VIEWS), "columns": 1, "selected": None}
    page = harness("gallery.js", data).page
    page.wait_for_selector(".gallery[data-paints]")
    page.add_style_tag(content=".card { background: transparent !important }")

    def background(colour: str) -> None:
        page.evaluate("c => { document.body.style.background = c }", colour)
        page.evaluate(
            """c => document.querySelector(".gallery").style.setProperty("--st-background-color", c)""", colour
        )

    plan, front = places_in_gallery(page, 0), places_in_gallery(page, 1)
    points = [plan[site] for site in ALONE] + [front[11]]
    assert measured_alpha(page, background, points) == pytest.approx([0.25, 0.5, 0.75, STACK_ALPHA], abs=PIXEL_ALPHA)


def test_svg_shows_opacities_as_they_are(watched: Callable, measured_alpha: Callable) -> None:
    page = watched(width=1100, height=600).page
    page.set_content(prototypes_svg(prototype(), ENV, viewpoints=VIEWS, background=None))
    middles = {
        (node["view"], node["site"]): (node["x"], node["y"])
        for node in page.evaluate(
            """() => [...document.querySelectorAll("[data-site]")].map((node) => {
                const { x, y, width, height } = node.getBoundingClientRect();
                const view = Number(node.closest("[data-view]").dataset.view);
                return { view, site: Number(node.dataset.site), x: x + width / 2, y: y + height / 2 };
            })"""
        )
    }
    points = [middles[0, site] for site in ALONE] + [middles[1, 11]]
    seen = measured_alpha(page, lambda c: page.evaluate("c => { document.body.style.background = c }", c), points)
    assert seen == pytest.approx([0.25, 0.5, 0.75, STACK_ALPHA], abs=PIXEL_ALPHA)


@pytest.fixture
def solid(harness: Callable, fetched_script: Path) -> Any:
    """The inspector, drawn by 3Dmol, without the numbers that lie over it."""
    assert fetched_script.is_file()
    source = viewer_script()
    data = {
        "scene": scene(prototype(), ENV, viewpoints=VIEWS),
        "selected": None,
        "sources": [{"url": source.url, "integrity": source.integrity}],
        "fetch_command": "",
    }
    shown = harness("inspector.js", data)
    shown.page.wait_for_selector(".inspector[data-painter='3dmol']")
    shown.page.add_style_tag(content=".overlay { visibility: hidden }")
    return shown


def test_3dmol_shows_opacities_as_they_are(solid: Any, measured_alpha: Callable, colour_at: Callable) -> None:
    """Also sites behind others shine through, and the nearer of two colours wins, from the front and from behind."""
    page = solid.page
    data = page.evaluate("() => structuredClone(window.lastData)")

    def background(colour: str) -> None:
        page.evaluate(
            """c => {
                document.querySelector(".inspector").style.setProperty("--st-background-color", c);
                window.update(window.lastData);
            }""",
            colour,
        )

    def look(view: int) -> dict[int, tuple[float, float]]:
        page.locator(".stage-buttons button").nth(view).click()
        frame = page.locator(".stage").bounding_box()
        half = 4 * (data["scene"]["extent"] + 0.19) * 1.06
        scale = min(frame["width"], frame["height"]) / 2 / half * 4
        screen = (ENV.positions - ENV.target / 2) @ VIEWS[view].rotation().T
        middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
        return {i + 1: (middle[0] + scale * s[0], middle[1] - scale * s[1]) for i, s in enumerate(screen)}

    plan = look(0)
    assert measured_alpha(page, background, [plan[site] for site in ALONE]) == pytest.approx(
        [0.25, 0.5, 0.75], abs=PIXEL_ALPHA
    )
    for view, site, nearer_is_red in ((1, 11, True), (2, 7, False)):
        middle = look(view)[site]
        assert measured_alpha(page, background, [middle]) == pytest.approx([STACK_ALPHA], abs=PIXEL_ALPHA)
        red, _, blue = colour_at(page, *middle)
        assert (red > blue) == nearer_is_red  # red at 0.5 before blue at 0.75, and blue behind only faint red


def test_linked_grid_shows_opacities_as_they_are(
    watched: Callable, measured_alpha: Callable, fetched_script: Path
) -> None:
    """Far sites too: nothing fades with distance."""
    assert fetched_script.is_file()
    page = watched(width=700, height=700).page
    page.route(f"{HARNESS}/**", serve_static)
    page.goto(f"{HARNESS}/")

    def background(colour: str) -> None:
        page.evaluate(
            """(html) => {
                const frame = Object.assign(document.createElement("iframe"), { srcdoc: html });
                frame.style.cssText = "position:absolute;left:0;top:0;border:0;width:640px;height:640px";
                document.body.replaceChildren(frame);
            }""",
            linked_grid_html(prototype(), ENV, background=colour).replace(
                "<div", "<style>body{margin:0}</style><div", 1
            ),
        )
        inside = page.frames[-1]
        inside.wait_for_selector("canvas[style*='pointer-events']", state="attached")
        page.wait_for_timeout(500)
        inside.add_style_tag(content="canvas[style*='pointer-events'] { visibility: hidden }")

    scale = 160 / (np.linalg.norm(ENV.positions - ENV.target / 2, axis=1).max() + 0.19) / 1.06

    def place(view: int, site: int) -> tuple[float, float]:
        right, up, _ = ENV.viewpoints[view].rotation() @ (ENV.positions[site - 1] - ENV.target / 2)
        return 160 + 320 * (view % 2) + scale * right, 160 + 320 * (view // 2) - scale * up

    points = [place(1, site) for site in ALONE] + [place(0, 11)]
    assert measured_alpha(page, background, points) == pytest.approx([0.25, 0.5, 0.75, STACK_ALPHA], abs=PIXEL_ALPHA)


def test_no_two_test_sites_hide_each_other() -> None:
    """The sites above are where the tests say: alone along [0 0 1], one column along [1 1 0]."""
    plan = ENV.positions @ PLAN.rotation().T
    for site in ALONE:
        others = np.delete(plan[:, :2], site - 1, axis=0)
        assert np.linalg.norm(others - plan[site - 1, :2], axis=1).min() > 0.4
    front = (ENV.positions @ FRONT.rotation().T)[[site - 1 for site in STACK]]
    for a, b in itertools.pairwise(front):
        assert a[:2] == pytest.approx(b[:2])
        assert a[2] < b[2]
