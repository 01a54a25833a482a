"""Tiny networks and data, and finding widgets on a page."""

from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from rbfcore.data.dataset import DataSet
from rbfcore.parameters import Parameters


def tiny_network(n_centroids: int, n_inputs: int = 26, **metadata: Any) -> Parameters:
    rng = np.random.default_rng(n_centroids)
    beta, theta = rng.normal(size=n_centroids), rng.normal(size=(n_centroids, n_inputs))
    lattice = {"lattice": "fcc26"} if n_inputs == 26 else {}
    return Parameters.checked(0.4, beta, 1 / n_inputs, theta, {"unit": "eV", **lattice, **metadata})


def tiny_data(n_rows: int = 60, n_inputs: int = 26) -> DataSet:
    rng = np.random.default_rng(0)
    x = rng.choice(np.array([-1, 1], dtype=np.float32), size=(n_rows, n_inputs))
    names = tuple(str(d + 1) for d in range(n_inputs))
    y = 0.5 + 0.1 * x[:, :3].sum(1).astype(np.float64) + 0.01 * rng.normal(size=n_rows)
    return DataSet("tiny", x, y, names, "occupation", "eV", lattice="fcc26" if n_inputs == 26 else None)


def address(page: AppTest, name: str) -> str | None:
    """The value of ?name= in the page's address, or None."""
    value = page.query_params.get(name)
    return value[-1] if isinstance(value, list) else value


def button(page: AppTest, label: str) -> Any:
    """The only button with this label."""
    (found,) = [element for element in page.button if element.label == label]
    return found


def widget(page: AppTest, kind: str, label: str) -> Any:
    """The only widget of this kind with this label."""
    (found,) = [element for element in page.get(kind) if element.label == label]
    return found
