"""The method page: the closed-form loss agrees with a sum over a grid, for every choice on offer."""

import pytest

from tests.dashboard.conftest import OpenPage


@pytest.mark.parametrize(
    ("inputs", "px", "m"), [("1", "normal", "3"), ("1", "uniform", "2"), ("2", "normal", "2"), ("2", "uniform", "1")]
)
def test_closed_form_is_the_sum(open_page: OpenPage, inputs: str, px: str, m: str) -> None:
    page = open_page("method", inputs=inputs, px=px, method_m=m)
    assert not page.error
    values = {metric.label: metric.value for metric in page.metric}
    assert number(values["J summed on a grid"]) == pytest.approx(number(values["Loss J, closed form"]), rel=0.02)
    assert len(page.get("plotly_chart")) == 1
    assert "prototypes 1: β" in page.caption[-1].value


def test_more_prototypes_a_smaller_gap(open_page: OpenPage) -> None:
    gaps = []
    for m in ("1", "3", "6"):
        page = open_page("method", method_m=m)
        gaps.append(float({metric.label: metric.value for metric in page.metric}["RMS gap √J"]))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[1] == pytest.approx(0.0315, abs=0.002)  # Fig. 1: three centroids under N(0, 1)


def test_an_address_that_asks_for_nonsense_gets_the_default(open_page: OpenPage) -> None:
    page = open_page("method", inputs="7", method_m="many", px="cauchy")
    assert not page.error
    assert page.select_slider(key="method_m").value == 3


def number(text: str) -> float:
    """ "9.85 × 10⁻⁴" as a number."""
    digits, power = text.split(" × 10")
    return float(digits) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
