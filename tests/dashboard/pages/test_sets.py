"""Sets of other sizes: the slider along the pruning path, orders, pins, and curves that are computed on request."""

import numpy as np
import pytest

from dashboard.app_pages.inspect.pins import Pin, agreement_table, read_pins, together
from dashboard.figures.path_chart import path_chart_html, path_chart_svg
from dashboard.pickers.sort_picker import in_order, ranked
from dashboard.runs.jobs import job_registry
from dashboard.shelf.shelf import Shelf
from rbfcore.data.bundled import assets_folder
from rbfcore.lattice import environment
from rbfcore.storage.networks import read_parameters
from rbfcore.storage.pruning_path import read_pruning_path
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, tiny_network, widget

CURVE = read_pruning_path(assets_folder() / "paths" / "cu100.safetensors")
ENV = environment("fcc", 2)


def metrics(page: object) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}  # type: ignore[attr-defined]


def test_the_address_chooses_a_size(open_page: OpenPage) -> None:
    page = open_page("prototypes", m="32", sort="variance")
    shown = metrics(page)
    assert (shown["Prototypes M"], shown["Centroids K"]) == ("32", "4096")
    assert shown["Exact RMS gap, eV"] == f"{CURVE.gaps[CURVE.sizes.index(32)]:.4f}"
    assert (address(page, "m"), address(page, "sort")) == ("32", "variance")


def test_the_slider_moves_along_the_curve(open_page: OpenPage) -> None:
    page = open_page("prototypes")
    slider = widget(page, "select_slider", "Prototypes M")
    assert (slider.value, [int(size) for size in slider.options]) == (16, list(CURVE.sizes))
    slider.set_value(4).run()
    assert metrics(page)["Prototypes M"] == "4"
    assert address(page, "m") == "4"


def test_a_size_that_is_not_there_falls_back(open_page: OpenPage) -> None:
    page = open_page("prototypes", m="17")
    assert metrics(page)["Prototypes M"] == "16"
    assert address(page, "m") is None


def test_inspector_opens_another_size(open_page: OpenPage) -> None:
    page = open_page("inspect", m="4", prototype="4")
    assert widget(page, "number_input", "Prototype of 4").value == 4


def test_a_curve_is_computed_on_request_and_stays(open_page: OpenPage, shelf: Shelf) -> None:
    parent = tiny_network(6, 10)
    shelf.add_network("big", parent)
    shelf.add_network("small", tiny_network(2, 10, parent=parent.fingerprint(), distribution="bernoulli:0.5"))
    page = open_page("prototypes", network="small")
    (start,) = [
        element for element in page.button if element.label.startswith("Compute sets of 1 to 6 prototypes (about")
    ]
    start.click().run()
    (job_id,) = shelf.runs()
    job = job_registry().get(job_id)
    assert job is not None
    job.join(60)
    page.run()
    assert not page.exception
    assert [int(size) for size in widget(page, "select_slider", "Prototypes M").options] == [1, 2, 3, 4, 6]
    assert metrics(page)["Prototypes M"] == "2"
    assert shelf.curves()[parent.fingerprint()].sizes == (1, 2, 3, 4, 6)


def test_a_large_network_without_prototypes_offers_to_make_them(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("big", tiny_network(70))
    page = open_page("prototypes", network="big")
    assert "too many to look at one by one" in page.info[0].value
    assert any("Compute sets of 1 to 64" in element.label for element in page.button)
    assert not page.get("bidi_component")


@pytest.mark.parametrize("name", ["weight", "opacity", "symmetry", "variance"])
def test_orders_fall(name: str) -> None:
    plain = read_parameters("assets/networks/cu110-16.safetensors")
    found = ranked(plain, ENV)
    values = {"weight": found.weight, "opacity": found.opacity, "symmetry": found.symmetry, "variance": found.share}[
        name
    ]
    order = in_order(found, name)
    assert sorted(order) == list(range(16))
    assert (np.diff(values[order]) <= 0).all()


def test_curve_picture_names_the_size_and_says_all_in_words() -> None:
    told = path_chart_html(CURVE, 24, "eV", 0.02)
    assert f"with 24 prototypes the exact RMS gap is {CURVE.gaps[8]:.4f} eV" in told
    svg = path_chart_svg(CURVE, 24, "eV", 0.02)
    assert f"24: {CURVE.gaps[8]:.4f} eV" in svg
    assert svg.count("<circle") == len(CURVE.sizes) + 1


def test_pins_come_from_the_address_and_are_compared(open_page: OpenPage) -> None:
    page = open_page("inspect", pins="cu100-16:16:3,cu100-16:24:1,gone:3:1,cu110-16:16:99")
    assert [element.value for element in page.subheader] == ["Pinned"]
    assert len(page.get("bidi_component")) == 2
    assert address(page, "pins") == "cu100-16:16:3,cu100-16:24:1"
    page.button(key="pin").click().run()
    assert address(page, "pins") == "cu100-16:16:3,cu100-16:24:1,cu100-16:16:1"
    page.button(key="unpin_cu100-16:16:3").click().run()
    assert address(page, "pins") == "cu100-16:24:1,cu100-16:16:1"


def test_pins_are_read_leniently() -> None:
    assert read_pins("a:1:2,,b,c:x:1,d-e.f:16:3") == [Pin("a", 1, 2), Pin("d-e.f", 16, 3)]


def test_agreement_is_one_with_itself_and_with_its_image() -> None:
    plain = tiny_network(2)
    image = type(plain).checked(0.0, plain.beta, plain.gamma, plain.centroids[:, ENV.symmetry[2]], plain.metadata)
    table = agreement_table(together([plain, image, plain], [0, 0, 1]), ENV).to_numpy()
    np.testing.assert_allclose(np.diag(table), 1, atol=1e-12)
    assert table[0, 1] == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(table, table.T, atol=1e-12)
    assert abs(table[0, 2]) < 0.999
