"""Importance, Library and Method as a visitor meets them."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import rbfcore as rc
from rbfcore.data.bundled import assets_folder
from tests.browser.screenshots import PATIENT, _settled, running_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]


@pytest.fixture(scope="module")
def dashboard() -> Iterator[str]:
    with running_dashboard() as address:
        yield address


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A machine that runs other tests beside this one may take long to answer."""
    expect.set_options(timeout=PATIENT)
    yield
    expect.set_options(timeout=5_000)


def visit(watched: Callable[..., Any], address: str, **options: Any) -> Any:
    shown = watched(**options)
    shown.page.set_default_timeout(PATIENT)
    shown.page.goto(address)
    return shown


def complaints(shown: Any) -> list[str]:
    """All but Streamlit's own two misses when a page other than the first is opened by its address: it asks for its
    health below that address first."""
    return [text for text in shown.complaints if "404 (Not Found)" not in text]


def downloaded(page: Page, button: str) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).first.click()
    return Path(waiting.value.path())


def test_importance_from_button_to_link_and_file(watched: Callable[..., Any], dashboard: str) -> None:
    shown = visit(watched, f"{dashboard}/importance?explained=cu110-16&bernoulli_q=0.3")
    page = shown.page
    expect(page.get_by_text("About 1 s, exact")).to_be_visible()
    page.get_by_role("button", name="Compute", exact=True).click()
    page.wait_for_selector(".importance[data-paints]")
    page.locator(".pair-list button").first.click()
    expect(page.locator(".said")).to_contain_text("of the variance together")
    content = json.loads(downloaded(page, "Numbers (.json)").read_text())
    network = rc.read_parameters(assets_folder() / "networks" / "cu110-16.safetensors")
    found = rc.sobol(network, rc.Bernoulli(0.3))
    assert content["variance"] == pytest.approx(found.variance)
    np.testing.assert_allclose(content["pairs"], found.pairs, atol=1e-12)
    other = visit(watched, page.url).page  # the link shows the same, without computing again
    other.wait_for_selector(".importance[data-paints]")
    expect(other.get_by_role("button", name="Compute", exact=True)).to_have_count(0)
    assert (shown.foreign, complaints(shown)) == ([], [])


def test_the_distribution_is_the_same_on_two_pages(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, f"{dashboard}/prune?bernoulli_q=0.3").page
    for name in ("Importance", "Prune", "Importance"):
        expect(page.get_by_label("q", exact=True)).to_have_value("0.3")
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    field = page.get_by_label("q", exact=True)
    field.fill("0.4")
    field.press("Enter")
    expect(page).to_have_url(re.compile("bernoulli_q=0.4"))
    page.get_by_role("link", name="Prune", exact=True).first.click()
    expect(page.get_by_role("heading", name="Prune", level=1)).to_be_visible()
    expect(page.get_by_label("q", exact=True)).to_have_value("0.4")


def test_archive_leaves_and_comes_back(watched: Callable[..., Any], dashboard: str, tmp_path: Path) -> None:
    page = visit(watched, f"{dashboard}/library").page
    own = tmp_path / "mine.safetensors"
    own.write_bytes((assets_folder() / "networks" / "cu111-16.safetensors").read_bytes())
    sites = tmp_path / "turned.json"
    sites.write_text(json.dumps({"positions": rc.lattice.environment("fcc", 2).positions[::-1].tolist()}))
    page.locator("input[type=file]").set_input_files([own, sites])
    expect(page.get_by_text("network mine: 16 centroids")).to_be_visible()
    expect(page.get_by_text("lattice turned: 26 sites")).to_be_visible()
    archive = downloaded(page, "Archive of my shelf")
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as content:
        assert {"manifest.json", "networks/mine.safetensors", "lattices/turned.json"} == set(content.namelist())
    kept = tmp_path / "shelf.zip"
    kept.write_bytes(archive.read_bytes())
    other = visit(watched, f"{dashboard}/library").page  # another shelf
    other.locator("input[type=file]").set_input_files(kept)
    expect(other.get_by_text("shelf.zip: 1 networks, 1 lattices")).to_be_visible()
    expect(other.get_by_text("mine", exact=True).first).to_be_visible()


def test_self_test_asks_the_browser(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, f"{dashboard}/library").page
    page.get_by_text("Self-test").first.click()
    expect(page.get_by_text("as pinned")).to_be_visible()
    expect(page.get_by_test_id("webgl")).to_contain_text("✓ WebGL in this browser: WebGL 2.0")


def test_method_prunes_at_every_change(watched: Callable[..., Any], dashboard: str) -> None:
    shown = visit(watched, f"{dashboard}/method?method_m=1")
    page = shown.page
    loss = page.get_by_test_id("stMetricValue").first
    expect(loss).to_have_text("5.67 × 10⁻³")  # one centroid under N(0, 1), as Fig. 1's network gives
    page.get_by_text("uniform", exact=True).click()
    expect(loss).not_to_have_text("5.67 × 10⁻³")
    page.get_by_text("two inputs").click()
    expect(page.get_by_text("gap f_K − f_M")).to_be_visible()
    _settled(page)
    assert "px=uniform" in page.url
    assert (shown.foreign, complaints(shown)) == ([], [])


def test_hints_come_once(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, dashboard).page
    hints = page.get_by_role("complementary", name="Hints for a first visit")
    expect(hints).to_contain_text("1/3")
    hints.get_by_role("button", name="Next").click()
    expect(hints).to_contain_text("2/3")
    hints.get_by_role("button", name="Skip hints").click()
    expect(hints).to_have_count(0)
    page.reload()
    expect(page.get_by_role("option").first).to_be_visible()
    expect(hints).to_have_count(0)
    expect(visit(watched, dashboard).page.get_by_text("1/3")).to_be_visible()  # another visitor


def test_the_table_of_all_environments_is_served_from_disk(
    watched: Callable[..., Any], dashboard: str, tmp_path: Path
) -> None:
    """On BCC, whose 20 sites make a table of four megabytes; its parts beyond 134 MB are tested without a browser."""
    network = rc.RBFN(20, 3)
    rc.save_network(network, tmp_path / "iron.safetensors", {"lattice": "bcc20", "unit": "eV"})
    page = visit(watched, f"{dashboard}/library").page
    page.locator("input[type=file]").set_input_files(tmp_path / "iron.safetensors")
    expect(page.get_by_text("network iron: 3 centroids")).to_be_visible()
    page.get_by_role("link", name="Inspect").click()
    expect(page.get_by_role("heading", name="Inspect", level=1)).to_be_visible()
    _settled(page, 300)
    page.get_by_role("combobox", name="Network").click()
    page.get_by_text("iron · K = 3").click()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_text("4 MB")).to_be_visible()
    page.get_by_role("button", name="Prepare the 2²⁰ table").click()
    link = page.get_by_role("link", name="iron-table.npy")
    expect(link).to_be_visible()
    with page.expect_download() as waiting:
        link.click()
    table = np.load(waiting.value.path())
    places = np.array([0, 5, 2**20 - 1])
    np.testing.assert_allclose(table[places], network.predict(rc.environments(places, 20)), atol=1e-4)


def test_training_starts_from_the_data_set_that_was_chosen(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, f"{dashboard}/library").page
    page.locator(".st-key-train_on_cu110-emt").get_by_role("button", name="Train").click()
    expect(page.get_by_role("heading", name="Train", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="The rows of cu110-emt")).to_be_visible()
    expect(page).to_have_url(re.compile("data=cu110-emt"))
