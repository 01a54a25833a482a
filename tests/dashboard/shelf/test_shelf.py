"""The shelf: names, doubles, limits, and tokens."""

import pytest

from dashboard.shelf import shelf as shelf_module
from dashboard.shelf.shelf import Shelf, Shelves
from tests.dashboard.tiny import tiny_data, tiny_network


def test_an_equal_network_is_kept_once() -> None:
    shelf = Shelf()
    first = shelf.add_network("mine", tiny_network(4))
    assert shelf.add_network("again", tiny_network(4)) == first == "mine"
    assert list(shelf.networks()) == ["mine"]


def test_names_are_made_free_and_fit_for_addresses() -> None:
    shelf = Shelf()
    assert shelf.add_network("my net/../x", tiny_network(4)) == "my-net-..-x"
    assert shelf.add_network("my net/../x", tiny_network(5)) == "my-net-..-x-2"
    assert shelf.add_dataset("", tiny_data()) == "unnamed"


def test_a_full_shelf_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "MAX_ENTRIES", 1)
    shelf = Shelf()
    shelf.add_network("a", tiny_network(4))
    with pytest.raises(ValueError, match="delete some in the Library"):
        shelf.add_network("b", tiny_network(5))


def test_tokens_find_shelves_and_the_least_used_goes() -> None:
    shelves = Shelves(at_most=2)
    first, second = shelves.get(None), shelves.get(None)
    assert shelves.get(first.token) is first
    third = shelves.get("a token nobody has")
    assert third.token != "a token nobody has"
    assert shelves.get(second.token) is not second
