"""The matrix of pairs and the lattice, linked both ways, without Streamlit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rbfcore as rc
from dashboard.viewer.importance_map import importance_scene
from rbfcore.explain.report import explanation
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

pytestmark = pytest.mark.browser

ENV = environment("fcc", 2)
LABEL = 22  # pixels that the names take beside the matrix


def network(n_inputs: int = 26) -> Parameters:
    rng = np.random.default_rng(5)
    return Parameters.checked(0.1, rng.normal(size=6), 1 / n_inputs, rng.normal(size=(6, n_inputs)), {"unit": "eV"})


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return importance_scene(network(), ENV, explanation(network(), rc.Bernoulli(0.5)), "six")


@pytest.fixture
def shown(harness: Callable[..., Any], data: dict[str, Any]) -> Any:
    found = harness("importance.js", data)
    found.page.wait_for_selector(".importance[data-paints]")
    return found


def said(page: Any) -> str:
    return str(page.locator(".said").inner_text())


def order(data: dict[str, Any]) -> list[int]:
    return [site for group in data["scene"]["groups"] for site in group["sites"]]


def test_says_which_sites_matter_most(shown: Any, data: dict[str, Any]) -> None:
    shapley = data["measures"][0]["values"]
    best = int(np.argmax(shapley))
    assert f"site {best + 1} ({100 * shapley[best]:.1f} %)" in said(shown.page)
    shown.page.get_by_role("button", name="First order").click()
    assert said(shown.page).startswith("First order: most for")
    assert (shown.foreign, shown.complaints) == ([], [])


def test_a_cell_of_the_matrix_marks_two_sites(shown: Any, data: dict[str, Any]) -> None:
    page = shown.page
    lattice, matrix = page.locator(".importance-lattice canvas"), page.locator(".importance-pairs canvas")
    before = lattice.evaluate("canvas => canvas.toDataURL()")
    box = matrix.bounding_box()
    cell = (box["width"] - LABEL) / 26
    row, column = 3, 19
    page.mouse.click(box["x"] + LABEL + (column + 0.5) * cell, box["y"] + LABEL + (row + 0.5) * cell)
    a, b = order(data)[row], order(data)[column]
    assert data["pairs"][a][b] < 0.001  # small shares are shown with three digits
    share = 100 * data["pairs"][a][b]
    assert said(page).startswith(f"Site {a + 1} and site {b + 1} explain {share:.3f} %"), said(page)
    assert lattice.evaluate("canvas => canvas.toDataURL()") != before
    page.keyboard.press("Tab")
    matrix.focus()
    page.keyboard.press("ArrowRight")
    assert said(page).startswith(f"Site {a + 1} and site {order(data)[column + 1] + 1} explain")
    page.keyboard.press("Escape")
    assert "most for" in said(page)


def test_a_site_of_the_lattice_marks_its_row(shown: Any, data: dict[str, Any]) -> None:
    """Site 5 at (0, 1, 0), seen from [0 3 1], is where the camera's matrix says and in front."""
    page = shown.page
    frame = page.locator(".importance-lattice canvas").bounding_box()
    scene = data["scene"]
    rotation = np.array(scene["viewpoints"][3]["rotation"])
    places = (ENV.positions - ENV.target / 2) @ rotation.T
    extent = np.linalg.norm(ENV.positions - ENV.target / 2, axis=1).max()
    scale = frame["width"] / 2 / (extent + 0.19 * 1.14) / 1.04
    x, y = (
        frame["x"] + frame["width"] / 2 + scale * places[4, 0],
        frame["y"] + frame["height"] / 2 - scale * places[4, 1],
    )
    page.mouse.click(x, y)
    partners = np.argsort(-np.array(data["pairs"][4]))
    assert said(page).startswith("Site 5: shapley effect")
    assert f"It interacts most with {partners[0] + 1} (" in said(page)
    page.mouse.click(x, y)
    assert "most for" in said(page)


def test_strongest_pairs_are_buttons(shown: Any, data: dict[str, Any]) -> None:
    pairs = np.triu(np.array(data["pairs"]))
    a, b = np.unravel_index(int(pairs.argmax()), pairs.shape)
    button = shown.page.locator(".pair-list button").first
    assert set(button.inner_text().split()[0].split("–")) == {str(a + 1), str(b + 1)}
    button.focus()
    shown.page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert "of the variance together" in said(shown.page)


def test_a_table_without_lattice_has_the_matrix_alone(harness: Callable[..., Any]) -> None:
    table = importance_scene(network(5), None, explanation(network(5), rc.Normal()), "table")
    shown = harness("importance.js", table)
    shown.page.wait_for_selector(".importance[data-paints]")
    assert not shown.page.locator(".importance-lattice").is_visible()
    assert shown.page.locator(".importance-pairs canvas").is_visible()
    assert "input" in said(shown.page)
    assert shown.complaints == []


def test_new_data_keep_the_node_and_forget_the_choice(shown: Any, data: dict[str, Any]) -> None:
    page = shown.page
    page.locator(".pair-list button").first.click()
    page.evaluate("(data) => window.update(data)", {**data, "label": "another"})
    assert "most for" in said(page)
    assert page.locator(".importance").count() == 1
