"""A shelf of one's own, and pages opened without a browser."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.runs.checkpoints import FOLDER_VARIABLE
from dashboard.shelf.shelf import Shelf, shelves

TIMEOUT = 30  # seconds; the first page of a test process imports torch

_SCRIPT = """
import streamlit as st
from dashboard.app_pages.{name}.page import {name}_page
from dashboard.session.navigation import all_pages

st.navigation(all_pages(), position="hidden")
{name}_page()
"""


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """AppTest leaves its script as `__main__`, which processes started by later tests would run again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(autouse=True)
def state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Trainings are kept in a folder of the test, not of the person who runs it."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path / "trainings"


@pytest.fixture
def shelf() -> Shelf:
    """An empty shelf that a page finds through ?shelf=."""
    return shelves().get(None)


@pytest.fixture
def no_bundled_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ships nothing."""
    monkeypatch.setattr("dashboard.session.session.bundled_networks", dict)


OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(shelf: Shelf) -> OpenPage:
    """open_page("prune", network="x"): the page run once, with this shelf and these names in the address."""

    def run(name: str, **address: str) -> AppTest:
        page = AppTest.from_string(_SCRIPT.format(name=name), default_timeout=TIMEOUT)
        for key, value in {"shelf": shelf.token, **address}.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return page

    return run
