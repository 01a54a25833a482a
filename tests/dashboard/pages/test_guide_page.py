"""The guide in the dashboard: every chapter is there, and its links stay inside."""

import re

import pytest

from dashboard.app_pages.guide.chapters import GUIDE, PAPERS, chapters
from rbfcore.data.bundled import assets_folder
from tests.dashboard.conftest import OpenPage


def test_every_file_of_the_guide_is_a_chapter() -> None:
    assert {path.stem for path in (assets_folder() / "guide").glob("*.md")} == set(GUIDE)
    assert list(chapters()) == [*GUIDE, *PAPERS]
    assert all(chapter.title and chapter.text for chapter in chapters().values())


def test_links_between_chapters_open_chapters() -> None:
    known = set(chapters())
    for chapter in chapters().values():
        code_taken_out = re.sub(r"^```.*?^```|`[^`\n]*`", "", chapter.text, flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)\s]+)\)", code_taken_out):
            if target.startswith("guide?chapter="):
                assert target.removeprefix("guide?chapter=") in known
            else:
                assert re.match(r"https?://|#", target), f"{chapter.name}: {target}"


@pytest.mark.parametrize("name", [*GUIDE, *PAPERS])
def test_a_chapter_is_shown_and_is_in_the_address(open_page: OpenPage, name: str) -> None:
    page = open_page("guide", chapter=name)
    assert not page.error
    assert page.header[0].value == chapters()[name].title
    assert page.markdown[-1].value == chapters()[name].text


def test_an_unknown_chapter_becomes_the_first(open_page: OpenPage) -> None:
    page = open_page("guide", chapter="nonsense")
    assert not page.error
    assert page.header[0].value == chapters()[GUIDE[0]].title


def test_choosing_a_chapter_changes_the_page(open_page: OpenPage) -> None:
    page = open_page("guide")
    page.radio(key="chapter").set_value("importance").run()
    assert page.header[0].value == "Importance"


def test_the_next_chapter_is_a_click_away(open_page: OpenPage) -> None:
    page = open_page("guide", chapter="first-steps")
    page.button(key="next_chapter").click().run()
    assert page.header[0].value == "Bring your data"
    assert page.radio(key="chapter").value == "bring-your-data"
