"""The inspector page: numbers in the address, previous and next, the table of sites."""

import numpy as np
import pytest

from dashboard.app_pages.inspect.prototype_view import site_table
from dashboard.shelf.shelf import Shelf
from rbfcore.lattice.of_network import environment_of
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, tiny_network, widget


def test_the_address_names_network_and_prototype(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5))
    page = open_page("inspect", network="mine", prototype="4")
    assert widget(page, "number_input", "Prototype of 5").value == 4
    assert len(page.get("bidi_component")) == 1
    assert address(page, "prototype") == "4"


def test_previous_and_next_go_around(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(3))
    page = open_page("inspect", network="mine")
    page.button(key="previous").click().run()
    assert widget(page, "number_input", "Prototype of 3").value == 3
    page.button(key="next").click().run()
    page.button(key="next").click().run()
    assert widget(page, "number_input", "Prototype of 3").value == 2
    assert address(page, "prototype") == "2"


def test_a_number_beyond_the_network_falls_back(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(3))
    page = open_page("inspect", network="mine", prototype="17")
    assert widget(page, "number_input", "Prototype of 3").value == 1


@pytest.mark.usefixtures("no_bundled_networks")
def test_nothing_loaded(open_page: OpenPage) -> None:
    page = open_page("inspect")
    assert "No network" in page.markdown[0].value


def test_a_wrong_lattice_is_one_line(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("odd", tiny_network(3, 25, lattice="fcc26"))
    page = open_page("inspect", network="odd")
    assert ["26 sites" in error.value for error in page.error] == [True]


def test_site_table_lists_each_site_once_by_falling_opacity() -> None:
    network = tiny_network(3)
    table = site_table(network, environment_of(network), 1)
    assert sorted(table["site"].astype(int)) == list(range(1, 27))
    assert (np.diff(table["opacity"]) <= 0).all()
    by_site = table.set_index("site")["value"]
    np.testing.assert_allclose([by_site[str(d + 1)] for d in range(26)], network.centroids[1])
    assert (table["group"] == "1nn").sum() == 18
