"""The page that the server answers with: Streamlit's own, with the first prototypes in it."""

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest

from dashboard.session.streamlit_internals import index_html
from dashboard.shelf import bundled
from dashboard.startup import first_view
from dashboard.startup.first_view import first_view_routes, page_with_first_view
from dashboard.viewer.modules import modules_folder
from dashboard.viewer.served import STATIC_FOLDER
from rbfcore.parameters import Parameters
from tests.dashboard.asking import ask


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    page_with_first_view.cache_clear()
    yield
    page_with_first_view.cache_clear()


def asked(path: str, base_path: str = "") -> str:
    status, headers, body = ask(first_view_routes(base_path), path)
    assert (status, headers["cache-control"]) == (200, "no-cache")
    return body.decode()


@pytest.mark.parametrize("base_path", ["", "atoms", "/lab/atoms/"])
def test_it_brings_the_prototypes_and_the_scripts_that_draw_them(base_path: str) -> None:
    base = base_path.strip("/")
    page = asked(f"/{base}/" if base else "/", base_path)
    data = re.search(r'<script type="application/json" id="first-view-data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    drawn = json.loads(data[1])["scene"]["prototypes"]
    network = bundled.bundled_networks()["cu100-16"]
    np.testing.assert_allclose([one["values"] for one in drawn], network.centroids, atol=1e-3)
    prefix = modules_folder(base_path) + "/"
    assert prefix.startswith(f"/{base}/rbfscope/" if base else "/rbfscope/")
    named = re.findall(r'(?:href|src)="(/[^"]+\.(?:js|css))"', page)
    assert named
    assert all(name.startswith(prefix) and (STATIC_FOLDER / name.removeprefix(prefix)).is_file() for name in named)


def test_streamlit_is_started_with_the_same_scripts() -> None:
    """All that its own page loads is still named, once, and by the script that starts it."""
    page, own = asked("/"), index_html()
    scripts = re.findall(r'\./static/[^"\\]+\.(?:js|css)', own)
    assert len(scripts) > 10
    assert sorted(re.findall(r'\./static/[^"\\]+\.(?:js|css)', page)) == sorted(scripts)
    assert page.count("<html") == 1
    assert '<div id="root">' in page


@pytest.mark.parametrize("query", ["?m=8", "?network=cu111-16", "?shelf=abc", "?embed=true"])
def test_an_address_that_asks_for_something_gets_streamlits_own_page(query: str) -> None:
    assert asked(f"/{query}") == index_html()


@pytest.mark.parametrize("changed", ["no networks", "another page"])
def test_without_prototypes_or_a_place_for_them_it_is_streamlits_own(
    changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "<html><body><main></main></body></html>"
    none: dict[str, Parameters] = {}
    if changed == "no networks":
        monkeypatch.setattr(bundled, "bundled_networks", lambda: none)
        assert asked("/") == index_html()
    else:
        monkeypatch.setattr(first_view, "index_html", lambda: other)
        assert asked("/") == other
