"""Pages made in Python: self-contained, safe against the text they carry, honest when the script is missing."""

import json
import re
from pathlib import Path

import numpy as np
import py3Dmol
import pytest

from dashboard.viewer import py3dmol_views, script
from dashboard.viewer.py3dmol_views import linked_grid_html, standalone_html
from dashboard.viewer.script import VERSION
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

ENV = environment("fcc", 2)
LIBRARY = 'const end = "</script>"; globalThis.$3Dmol = {};'


def network(unit: str = "eV") -> Parameters:
    random = np.random.default_rng(0)
    return Parameters.checked(0.0, random.normal(size=2), 0.1, random.normal(size=(2, 26)), {"unit": unit})


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(py3dmol_views, "has_local_script", lambda: True)
    monkeypatch.setattr(py3dmol_views, "script_text", lambda: LIBRARY)


@pytest.mark.usefixtures("fetched")
def test_standalone_page_asks_nobody() -> None:
    page = standalone_html(network(), ENV)
    assert re.findall(r'\b(?:src|href)\s*=\s*["\'](?!#)', page.split("<body>")[0]) == []
    assert "https://" not in page
    assert "@@" not in page


@pytest.mark.usefixtures("fetched")
def test_inlined_text_cannot_end_its_script() -> None:
    page = standalone_html(network(unit="</script><script>alert(1)</script>"), ENV, title="<i>Cu</i>")
    assert page.count("<script") == page.count("</script>") == 5
    assert "<title>&lt;i&gt;Cu&lt;/i&gt;</title>" in page
    data = json.loads(re.search(r'<script type="application/json" id="scene">(.*)</script>', page)[1])
    assert data["unit"] == "</script><script>alert(1)</script>"


@pytest.mark.usefixtures("fetched")
def test_four_views_are_needed() -> None:
    with pytest.raises(ValueError, match="four viewpoints, got 1"):
        standalone_html(network(), ENV, viewpoints=ENV.viewpoints[:1])


@pytest.mark.parametrize("make", [linked_grid_html, standalone_html])
def test_without_the_script_it_says_what_to_run(make: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(script, "SCRIPT_PATH", tmp_path / "none.js")
    with pytest.raises(ValueError, match="rbfscope fetch-viewer"):
        make(network(), ENV)


def test_py3dmol_names_things_as_we_expect() -> None:
    """Canary: its text for a grid, which py3Dmol does not document and `_fill_cells` adds to."""
    grid = py3Dmol.view(width="100%", height="640px", viewergrid=(2, 2), linked=True, js="/3Dmol.js")
    for text, what in {
        '<div id="3dmolviewer_UNIQUEID"': "the element of a grid",
        "var viewergrid_UNIQUEID = null;": "the variable that holds the cells",
        "viewergrid_UNIQUEID = $3Dmol.createViewerGrid(": "how the cells are made",
        "'/3Dmol.js'": "the address of the script",
    }.items():
        assert text in grid.startjs, f"py3Dmol {VERSION}: {what} is no longer {text} in view.startjs"
    grid.startjs += "/* ours: UNIQUEID */"
    html = grid.write_html()
    assert re.search(r"createViewerGrid\(.*/\* ours: \d+ \*/", html, re.DOTALL), (
        f"py3Dmol {VERSION}: what is added to view.startjs is not run after the grid is made, or has no id of its own"
    )
    assert "UNIQUEID" not in html
