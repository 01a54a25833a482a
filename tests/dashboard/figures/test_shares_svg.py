"""Shares of the variance: bars and notes against the indices that they show."""

import numpy as np
import pytest

import rbfcore as rc
from dashboard.figures.shares_svg import orders_html, shares_html
from dashboard.figures.svg_bars import names_below
from rbfcore.explain.report import Explanation, explanation
from rbfcore.parameters import Parameters
from tests.dashboard.figures.reading import bar_heights, drawn
from tests.dashboard.tiny import tiny_network


@pytest.fixture(scope="module")
def found() -> dict[str, Explanation]:
    return {f"n{k}": explanation(tiny_network(k), rc.Bernoulli(0.5)) for k in (5, 7)}


def bars(html: str, count: int) -> np.ndarray:
    """Heights of all bars, (series, groups), in the units of the axis."""
    return bar_heights(drawn(html)).reshape(-1, count)


def test_one_network_shows_three_measures(found: dict[str, Explanation]) -> None:
    one = found["n5"]
    html = shares_html({"n5": one}, "shapley")
    measures = 100 * np.stack([one.indices.first, one.shapley, one.indices.total])
    assert bars(html, 26) == pytest.approx(measures, abs=measures.max() / 1000)
    first, shapley, total = measures[:, 3]
    assert f"{one.kind} 4: by itself (first order) {first:.2f} %, Shapley effect {shapley:.2f} %" in html
    assert f"with its interactions (total) {total:.2f} %" in html


def test_several_networks_show_one_measure(found: dict[str, Explanation]) -> None:
    totals = 100 * np.stack([one.indices.total for one in found.values()])
    assert bars(shares_html(found, "total"), 26) == pytest.approx(totals, abs=totals.max() / 1000)


def test_orders_add_up_to_the_whole_variance(found: dict[str, Explanation]) -> None:
    heights = bars(orders_html(found), 7)
    assert heights.sum(1) == pytest.approx([100, 100], abs=1.5)
    assert heights[:, 0] == pytest.approx([100 * one.orders[0] for one in found.values()], abs=0.2)
    assert heights[:, 6] == pytest.approx([100 * one.orders[6:].sum() for one in found.values()], abs=0.2)


def test_a_constant_network_has_no_shares_and_is_drawn_too() -> None:
    constant = Parameters.checked(0.4, np.zeros(3), 0.1, np.zeros((3, 5)), {"unit": "eV"})
    found = {"constant": explanation(constant, rc.Bernoulli(0.5))}
    assert np.abs(bars(shares_html(found, "shapley"), 5)).max() < 0.01
    assert np.abs(bars(orders_html(found), 5)).max() < 0.5


def test_long_names_of_inputs_are_cut_short_and_told_in_full() -> None:
    assert [text for _, text in names_below(["temperature at the start", "p", "humidity"] * 3, (680, 270))][:3] == [
        "temperat…",
        "p",
        "humidity",
    ]
    assert len(names_below([str(site) for site in range(1, 27)], (680, 270))) == 26
    assert len(names_below([str(site) for site in range(1, 59)], (380, 200))) < 20
