"""Files as a visitor takes them away, opened by programs that know nothing of this one; pages with the network off."""

import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ase.io
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect
from safetensors.numpy import load

import rbfcore as rc
from rbfcore.data.bundled import assets_folder
from tests.browser.screenshots import PATIENT, running_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]


@pytest.fixture(scope="module")
def dashboard() -> Iterator[str]:
    with running_dashboard() as address:
        yield address


def taken(page: Page, button: str, folder: Path) -> Path:
    """The file behind a button, under the name it is given."""
    with page.expect_download(timeout=PATIENT) as waiting:
        page.get_by_role("button", name=button, exact=True).first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def opened_offline(chromium: Browser, path: Path) -> tuple[Page, list[str]]:
    """A page from a file in a browser without a network, and what it asked for beyond itself."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    context.set_offline(True)
    page, foreign = context.new_page(), []
    page.on("request", lambda request: foreign.append(request.url))
    page.on("pageerror", lambda error: foreign.append(str(error)))
    page.goto(path.as_uri())
    own = (path.as_uri(), "data:", "blob:")
    return page, [url for url in foreign if not url.startswith(own)]


def pdf_facts(path: Path) -> dict[str, str]:
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return {name: value.strip() for name, _, value in (line.partition(":") for line in told.splitlines())}


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="needs poppler's tools")
def test_what_is_taken_away_opens_elsewhere(
    watched: Callable[..., Any], dashboard: str, chromium: Browser, tmp_path: Path
) -> None:
    network = rc.read_parameters(assets_folder() / "networks" / "cu111-16.safetensors")
    shown = watched()
    page = shown.page
    page.set_default_timeout(PATIENT)
    page.goto(f"{dashboard}/?network=cu111-16")
    expect(page.get_by_role("button", name="Report (.html)")).to_be_visible(timeout=PATIENT)

    tensors = load(taken(page, "Network (.safetensors)", tmp_path).read_bytes())
    assert any(np.array_equal(part, network.centroids) for part in tensors.values())
    table = pd.read_csv(taken(page, "Table (.csv)", tmp_path))
    assert len(table) == 16 * 26
    drawing = ET.fromstring(taken(page, "Figure (.svg)", tmp_path).read_text(encoding="utf-8"))
    assert drawing.tag.endswith("}svg")
    pdf = taken(page, "Figure (.pdf)", tmp_path)
    assert pdf_facts(pdf)["Pages"] == "1"
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True).stdout
    assert len(images.splitlines()) == 2  # the head of the table alone: nothing in it is pixels

    report, foreign = opened_offline(chromium, taken(page, "Report (.html)", tmp_path))
    expect(report.get_by_role("heading", level=1)).to_have_text("16 prototypes: cu111-16")
    expect(report.get_by_text(f"{network.metadata['rms_gap']:.4f}").first).to_be_visible()
    expect(report.get_by_role("heading", name="Importance, as the large network says")).to_be_visible()
    assert report.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert foreign == []
    solid, foreign = opened_offline(chromium, taken(page, "3D page (.html)", tmp_path))
    expect(solid.locator("canvas").first).to_be_visible()
    assert foreign == []

    page.get_by_role("button", name="More", exact=True).click()
    frames = ase.io.read(taken(page, "Atoms (.xyz)", tmp_path), index=":")
    assert [len(frame) for frame in frames] == [28] * 16
    content = json.loads(taken(page, "Numbers (.json)", tmp_path).read_text(encoding="utf-8"))
    np.testing.assert_allclose([one["centroid"] for one in content["prototypes"]], network.centroids)
    compile(taken(page, "Python code (.py)", tmp_path).read_text(encoding="utf-8"), "view.py", "exec")

    page.goto(f"{dashboard}/importance?explained=cu111")
    expect(page.get_by_role("button", name="Sites (.xyz)")).to_be_visible(timeout=PATIENT)
    sites = ase.io.read(taken(page, "Sites (.xyz)", tmp_path))
    assert sites.arrays["shapley"][1:].sum() == pytest.approx(1, abs=1e-6)
    page.get_by_role("radio", name="What the prototypes draw").click()
    assert pdf_facts(taken(page, "Figure 5 (.pdf)", tmp_path))["Pages"] == "1"

    page.goto(f"{dashboard}/method")
    curves = pd.read_csv(io.BytesIO(taken(page, "Curves (.csv)", tmp_path).read_bytes()))
    weight = curves["p"] / curves["p"].sum()
    loss = float((weight * (curves["large"] - curves["pruned"]) ** 2).sum())
    said = page.get_by_test_id("stMetricValue").first.inner_text()
    assert re.match(f"{loss:.1e}"[:3], said)
    assert shown.foreign == []
