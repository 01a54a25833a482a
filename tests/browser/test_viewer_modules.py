"""What the browser asks our server for: exactly the files of a module, together, and only once."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboard.drawing.scene import scene
from dashboard.viewer.modules import module_paths
from tests.browser.test_viewer_inspector import ENV, data, network

pytestmark = pytest.mark.browser

_PAGE = """
import numpy as np
from dashboard.viewer.gallery import prototype_gallery
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

prototype_gallery(Parameters.checked(0.0, np.ones(4), 0.1, np.ones((4, 26))), environment("fcc", 2))
"""


@pytest.mark.parametrize(
    ("module", "sent"),
    [
        ("gallery.js", {"scene": scene(network(), ENV), "columns": 4, "selected": None}),
        ("inspector.js", data(sources=[])),
        ("tour.js", {"hints": [{"title": "a", "text": "b"}]}),
        ("webgl.js", {}),
    ],
)
def test_a_module_loads_what_python_says_it_does(
    harness: Callable[..., Any], module: str, sent: dict[str, Any]
) -> None:
    """The browser reads the imports by the rules of the language; the list of what to fetch ahead must be the same."""
    asked: list[str] = []
    shown = harness(module, sent, asked=asked)
    shown.page.wait_for_load_state("networkidle")
    paths = [urlsplit(url).path for url in asked]
    assert sorted(path for path in paths if path != "/") == sorted(module_paths(module))
    assert shown.complaints == []


def test_all_files_are_asked_for_together_and_once(
    streamlit_app: Callable[..., str], watched: Callable[..., Any]
) -> None:
    """No file waits for the one that imports it, and a second visit asks for none."""
    address = streamlit_app(_PAGE)
    page = watched().page
    paths = module_paths("gallery.js")
    answers: list[Any] = []
    page.on("response", lambda response: answers.append(response))
    page.goto(address)
    page.wait_for_selector(".gallery[data-paints]", timeout=20_000)
    ours = [answer for answer in answers if "/rbfscope/static/" in answer.url]
    assert sorted(urlsplit(answer.url).path for answer in ours) == sorted(paths)
    assert all(answer.headers["content-encoding"] == "gzip" for answer in ours)
    preloaded = page.evaluate("() => [...document.head.querySelectorAll('link[id]')].map(({ href }) => href)")
    assert [urlsplit(url).path for url in preloaded] == paths[1:]
    page.reload()
    page.wait_for_selector(".gallery[data-paints]", timeout=20_000)
    again = page.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter(({ name }) => name.includes("/rbfscope/static/")).map(({ transferSize }) => transferSize)"""
    )
    assert len(again) >= len(paths)
    assert set(again) == {0}


def test_a_script_that_streamlit_runs_by_itself_says_what_to_do(
    streamlit_app: Callable[..., str], watched: Callable[..., Any]
) -> None:
    """There is nobody to serve our modules then: not an empty place but a line that says so."""
    page = watched().page
    page.goto(streamlit_app(_PAGE, routes=False))
    note = page.get_by_role("alert").filter(has_text="The viewer could not start")
    note.wait_for(timeout=20_000)
    assert "`rbfscope`" in note.inner_text()
