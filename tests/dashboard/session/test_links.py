"""A copied link shows the same view: every choice of a page is in its address, and comes back from it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import OpenPage

KINDS = ("selectbox", "multiselect", "number_input", "text_input", "select_slider", "toggle", "button_group")
PLAN = "_kmc_"  # fields of a form for a file, not of the view

# Choices that are none of the first ones on offer, by their names in the address.
_DRAWN = {"palette": "orange-blue", "opacity": "gauge-free"}
_ASKED = {"env": "777", "model": "prototypes", "T": "450.0", "nu0": "1000000000000.0", "reference": "data"}
VIEWS: list[tuple[str, dict[str, str]]] = [
    ("prototypes", {"network": "cu111-16", "m": "8", "sort": "variance"} | _DRAWN),
    ("inspect", {"network": "cu110-16", "m": "24", "prototype": "20", "grid": "True"} | _DRAWN),
    ("inspect", {"view": "what-if"} | _ASKED),
    ("importance", {"explained": "cu110,cu111-16", "measure": "total", "mapped": "cu111-16"}),
    ("importance", {"question": "opacity", "drawn": "cu111-16", "panels": "overlaid", "opacity": "gauge-free"}),
    ("importance", {"bernoulli_q": "0.25"}),
    ("importance", {"distribution": "uniform", "uniform_low": "-2", "uniform_high": "3"}),
    ("compare", {"a": "cu110-16", "b": "cu111-16", "pairs": "alike"} | _DRAWN),
    ("method", {"inputs": "2", "method_m": "2", "px": "uniform", "uniform_width": "2.0"}),
]


def choices(page: AppTest) -> dict[tuple[str, str], object]:
    """What stands in every field of the view."""
    fields = [(kind, field) for kind in KINDS for field in page.get(kind) if PLAN not in str(field.key)]
    return {(kind, str(field.key)): field.value for kind, field in fields}


def asked(page: AppTest) -> dict[str, str]:
    found = {key: value[-1] if isinstance(value, list) else value for key, value in page.query_params.items()}
    return {key: value for key, value in found.items() if key != "shelf"}


@pytest.mark.parametrize(("name", "view"), VIEWS)
def test_a_link_shows_the_same_view(open_page: OpenPage, name: str, view: dict[str, str]) -> None:
    page = open_page(name, **view)
    assert asked(page) == view
    usual = choices(open_page(name))
    shown = choices(page)
    assert sum(shown[key] != usual.get(key) for key in shown) >= len(view) - ("env" in view)
    again = open_page(name, **asked(page))
    assert choices(again) == shown
