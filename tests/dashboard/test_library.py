"""The library page: what is listed, what can go, and files that are refused."""

import pytest

from dashboard.jobs import Work, job_registry
from dashboard.shelf import Shelf
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


def test_a_bad_file_is_one_line_and_stays_refused(open_page: OpenPage, shelf: Shelf) -> None:
    page = open_page("library")
    page.file_uploader[0].upload("holes.csv", b"a,b\n1,\n", "text/csv").run()
    page.run()
    assert len(page.error) == 1
    assert "holes.csv" in page.error[0].value
    assert not shelf.datasets()


@pytest.mark.usefixtures("no_bundled_networks")
def test_lists_runs_to_come_back_to(open_page: OpenPage, shelf: Shelf) -> None:
    work = Work("prune", "counting to one", lambda: [1], lambda step: (step, 0.0), lambda step: {"best": step})
    job = job_registry().start(work)
    shelf.add_run(job.id)
    shelf.add_run("forgotten-by-the-server")
    job.join(30)
    page = open_page("library")
    assert [text.value for text in page.markdown if "counting" in text.value] == ["**counting to one** · finished"]


def test_nothing_loaded(open_page: OpenPage) -> None:
    page = open_page("library")
    assert not [b for b in page.button if b.label == "Delete"]
