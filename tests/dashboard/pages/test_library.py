"""The library page: what is listed, what can go, and files that are refused."""

import re

import pytest

from dashboard.runs.jobs import Work, job_registry
from dashboard.shelf.shelf import Shelf
from rbfcore.lattice.of_network import environment_of
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import tiny_data, tiny_network


def test_lists_what_ships_and_what_is_mine(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5, rms_gap=0.125))
    shelf.add_dataset("rows", tiny_data())
    page = open_page("library")
    text = " ".join(element.value for element in page.markdown)
    for name in ("cu100", "cu100-16", "mine", "rows"):
        assert f"**{name}**" in text
    assert any("RMS gap 0.1250 eV" in caption.value for caption in page.caption)


def test_delete_takes_only_mine(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5))
    page = open_page("library")
    assert {b.key for b in page.button if b.label == "Delete"} == {"delete_mine"}
    page.button(key="delete_mine").click().run()
    assert not page.exception
    assert not shelf.networks()


def test_undo_brings_back_what_was_deleted(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5))
    shelf.add_dataset("rows", tiny_data())
    page = open_page("library")
    page.button(key="delete_mine").click().run()
    page.button(key="delete_data_rows").click().run()
    assert (len(shelf.networks()), len(shelf.datasets())) == (0, 0)
    page.button(key="undo").click().run()
    assert list(shelf.datasets()) == ["rows"]
    page.button(key="undo").click().run()
    assert list(shelf.networks()) == ["mine"]
    assert not [b for b in page.button if b.key == "undo"]


def test_rename_and_tag(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5))
    shelf.add_network("other", tiny_network(6))
    page = open_page("library")
    page.text_input(key="rename_mine").set_value("best one!").run()
    assert list(shelf.networks()) == ["best-one", "other"]
    page.text_input(key="rename_other").set_value("best-one").run()
    assert list(shelf.networks()) == ["best-one", "best-one-2"]
    page.text_input(key="tags_best-one").set_value("good, for the talk").run()
    assert shelf.networks()["best-one"].metadata["tags"] == ["good", "for the talk"]
    assert any("gray-badge[for the talk]" in text.value for text in page.markdown)
    assert not page.exception


def test_a_network_is_put_on_a_lattice_of_ones_own(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5, 2))
    shelf.add_lattice("pair", {"positions": [[0, 1, 0], [1, 1, 0]], "target": [1, 0, 0]})
    page = open_page("library")
    page.selectbox(key="lattice_mine").set_value("pair").run()
    assert not page.exception
    assert environment_of(shelf.networks()["mine"]) is not None
    page.button(key="delete_lattice_pair").click().run()
    assert not page.exception


def test_runs_are_compared_by_what_differs(open_page: OpenPage, shelf: Shelf) -> None:
    page = open_page("library", compared="cu100,cu110")
    (table,) = [frame.value for frame in page.dataframe]
    assert list(table.columns) == ["cu100", "cu110"]
    assert table.loc["surface"].tolist() == ["100", "110"]
    assert "training.schedule" not in table.index
    page.toggle(key="only_differing").set_value(False).run()
    assert "training.schedule" in page.dataframe[0].value.index
    assert shelf.networks() == {}


def test_a_bad_file_is_one_line_and_stays_refused(open_page: OpenPage, shelf: Shelf) -> None:
    page = open_page("library")
    page.file_uploader[0].upload("holes.csv", b"a,b\n1,\n", "text/csv").run()
    page.run()
    assert len(page.error) == 1
    assert "holes.csv" in page.error[0].value
    assert not shelf.datasets()


@pytest.mark.usefixtures("no_bundled_networks")
def test_lists_runs_to_come_back_to(open_page: OpenPage, shelf: Shelf) -> None:
    work = Work("prune", "counting to one", lambda: [1], lambda step: (step, 0.0), lambda step: {"best": step}, None)
    job = job_registry().start(work)
    shelf.add_run(job.id)
    shelf.add_run("forgotten-by-the-server")
    job.join(30)
    page = open_page("library")
    assert [text.value for text in page.markdown if "counting" in text.value] == ["**counting to one** · finished"]


def test_nothing_loaded(open_page: OpenPage) -> None:
    page = open_page("library")
    assert not [b for b in page.button if b.label == "Delete"]


def test_data_sets_say_what_they_are(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("rows", tiny_data())
    told = [caption.value for caption in open_page("library").caption]
    shipped = [text for text in told if text.startswith("ships with the program · Copper migration barriers")]
    assert len(shipped) == 6
    assert [surface in text for text, surface in zip(shipped, ("{100}", "{110}", "{111}") * 2, strict=True)] == [
        True
    ] * 6
    assert sum(text.startswith("yours") for text in told) == 1


def test_what_is_mine_comes_first(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5))
    shelf.add_dataset("rows", tiny_data())
    told = [element.value for element in open_page("library").markdown]
    listed = [match[1] for text in told if (match := re.match(r"\*\*(mine|rows|cu\d+[\w-]*)\*\*", text))]
    assert listed[:2] == ["mine", "cu100"]
    assert listed[listed.index("rows") :][:2] == ["rows", "cu100"]
