"""Tiny networks and data, a shelf of one's own, and pages opened without a browser."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shelf import Shelf, shelves
from rbfcore.data.dataset import DataSet
from rbfcore.parameters import Parameters

TIMEOUT = 30  # seconds; the first page of a test process imports torch

_SCRIPT = """
import streamlit as st
from dashboard.app_pages.{name} import {name}_page
from dashboard.navigation import all_pages

st.navigation(all_pages(), position="hidden")
{name}_page()
"""


def tiny_network(n_centroids: int, n_inputs: int = 26, **metadata: Any) -> Parameters:
    rng = np.random.default_rng(n_centroids)
    beta, theta = rng.normal(size=n_centroids), rng.normal(size=(n_centroids, n_inputs))
    return Parameters.checked(0.4, beta, 1 / n_inputs, theta, {"unit": "eV", **metadata})


def tiny_data(n_rows: int = 60, n_inputs: int = 26) -> DataSet:
    rng = np.random.default_rng(0)
    x = rng.choice(np.array([-1, 1], dtype=np.float32), size=(n_rows, n_inputs))
    names = tuple(str(d + 1) for d in range(n_inputs))
    y = 0.5 + 0.1 * x[:, :3].sum(1).astype(np.float64) + 0.01 * rng.normal(size=n_rows)
    return DataSet("tiny", x, y, names, "occupation", "eV", lattice="fcc26" if n_inputs == 26 else None)


@pytest.fixture
def shelf() -> Shelf:
    """An empty shelf that a page finds through ?shelf=."""
    return shelves().get(None)


@pytest.fixture
def no_bundled_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ships nothing."""
    monkeypatch.setattr("dashboard.state.bundled_networks", dict)
    monkeypatch.setattr("dashboard.app_pages.library.bundled_networks", dict)


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


def button(page: AppTest, label: str) -> Any:
    """The only button with this label."""
    (found,) = [element for element in page.button if element.label == label]
    return found


def widget(page: AppTest, kind: str, label: str) -> Any:
    """The only widget of this kind with this label."""
    (found,) = [element for element in page.get(kind) if element.label == label]
    return found
