"""The report holds the exact numbers, stands by itself and runs no script."""

import json
from html.parser import HTMLParser
from io import StringIO

import numpy as np
import pandas as pd
import pytest

import rbfcore as rc
from rbfcore.explain.report import Explanation, as_csv, as_json, explanation, from_json, strongest_pairs
from rbfcore.explain.report_page import as_page
from rbfcore.parameters import Parameters
from tests.rbfcore.explain.networks import small_network


def explained(name: str = "small.safetensors", **metadata: str) -> Explanation:
    net = small_network(10, 8)
    known = Parameters(net.alpha, net.beta, net.gamma, net.centroids, metadata)
    return explanation(known, rc.Bernoulli(0.4), name)


def test_json_and_csv_say_what_the_functions_say() -> None:
    net = small_network(10, 8)
    found = json.loads(as_json(explained(lattice="fcc26", unit="eV", dataset="cu100")))
    exact = rc.sobol(net, rc.Bernoulli(0.4))
    assert found["variance"] == exact.variance
    assert found["pairs"] == exact.pairs.tolist()
    assert [row["total"] for row in found["sites"]] == exact.total.tolist()
    assert sum(row["shapley"] for row in found["sites"]) == pytest.approx(1)
    assert sum(found["orders"]) == pytest.approx(1)
    card = found["card"]
    assert (card["distribution"], card["dataset"], card["fingerprint"]) == ("bernoulli:0.4", "cu100", net.fingerprint())
    table = pd.read_csv(StringIO(as_csv(explained())))
    assert list(table.columns) == ["input", "first", "total", "shapley", "shapley_effect"]
    np.testing.assert_allclose(table["shapley_effect"], rc.shapley_effects(net, rc.Bernoulli(0.4)), rtol=1e-12)


def test_strongest_pairs_come_first() -> None:
    found = explained()
    pairs = strongest_pairs(found, 45)
    assert len(pairs) == 45
    shares = [share for _, _, share in pairs]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == found.indices.pairs.max()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") or name.startswith("on")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_stands_by_itself() -> None:
    found = explained("<script>alert(1)</script>.safetensors", lattice="fcc26", unit="eV")
    page = _Page()
    page.feed(as_page(found))
    assert page.open == []
    assert "script" not in page.tags
    assert page.links == []
    assert page.tags.count("svg") == 3
    assert "mean (eV)" in page.text
    assert "bernoulli:0.4" in page.text
    assert "site 10" in page.text


def test_page_of_one_input_and_of_a_constant() -> None:
    one = explanation(small_network(1, 2), rc.Normal())
    assert as_page(one).count("<svg") == 2
    flat = Parameters.checked(0.5, np.zeros(1), np.array(1.0), np.zeros((1, 3)))
    assert "0.0 %" in as_page(explanation(flat, rc.Bernoulli(0.5)))


def test_json_is_read_back_to_the_bit() -> None:
    for metadata in ({"lattice": "fcc26", "unit": "eV"}, {}):
        found = explained(**metadata)
        again = from_json(as_json(found))
        assert as_json(again) == as_json(found)
        assert (again.kind, again.names, again.under) == (found.kind, found.names, found.under)
