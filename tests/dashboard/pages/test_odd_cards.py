"""A stranger's run card, whatever stands in it, is no reason for a page to fail."""

from dataclasses import fields

import pytest

from dashboard.shelf.shelf import Shelf
from rbfcore.run_card import RunCard
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import tiny_network

ODD: list[object] = [7, "odd", ["odd", 7], {"odd": None}, 10**400]
ENTRIES = [entry.name for entry in fields(RunCard) if entry.name not in ("lattice", "numbering", "others")]
PAGES = {
    "prototypes": {"network": "mine"},
    "inspect": {"network": "mine", "view": "prototype", "prototype": "1"},
    "importance": {"explained": "mine"},
    "compare": {"a": "mine", "b": "other"},
    "prune": {"large": "mine"},
    "library": {"compared": "mine,other"},
}


@pytest.mark.usefixtures("no_bundled_networks")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:12])
def test_no_page_fails(open_page: OpenPage, shelf: Shelf, page: str, value: object) -> None:
    odd = dict.fromkeys(ENTRIES, value)
    shelf.add_network("mine", tiny_network(4, 26, lattice="fcc26", **odd))
    shelf.add_network("other", tiny_network(5, 26, lattice="fcc26"))
    assert not open_page(page, **PAGES[page]).exception


@pytest.mark.usefixtures("no_bundled_networks")
@pytest.mark.parametrize("value", [7, ["fcc26"], {"name": "fcc26"}])
def test_a_lattice_that_is_no_name_counts_as_none(open_page: OpenPage, shelf: Shelf, value: object) -> None:
    shelf.add_network("mine", tiny_network(4, 26, lattice=value, numbering=value))
    page = open_page("prototypes", network="mine")
    assert not page.exception
    assert any("All prototypes at once" in caption.value for caption in page.caption)
    assert not open_page("library").exception
