"""The prototypes that a visitor sees before Streamlit has started: those of the page, where the page has them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_pages import PATIENT, cards

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]

# Canvases of a gallery as they are painted, and where it stands; `own` tells the page's from the first view's.
_SEEN = """own => {
    const painted = node => node.shadowRoot?.querySelector(".gallery[data-paints]");
    const roots = [...document.querySelectorAll("*")].filter(painted);
    const host = roots.find(node => own === !node.closest("#first-view"));
    if (!host) return null;
    const { x, y, width } = host.getBoundingClientRect();
    const canvases = [...host.shadowRoot.querySelectorAll("canvas")].map(canvas => canvas.toDataURL());
    return { place: [x, y, width].map(Math.round), canvases, text: host.shadowRoot.querySelector(".cards").innerText };
}"""


def held(watched: Callable[..., Any], **options: Any) -> tuple[Page, Any, list[Route]]:
    """A page on which Streamlit's own script does not arrive: the page, its record, and the requests that wait."""
    shown = watched(**options)
    page = shown.page
    page.set_default_timeout(PATIENT)
    waiting: list[Route] = []
    page.route("**/static/js/index.*.js", lambda route: waiting.append(route))
    return page, shown, waiting


@pytest.mark.parametrize("dark", [False, True])
def test_prototypes_stand_there_before_streamlit_does(watched: Callable[..., Any], dashboard: str, dark: bool) -> None:
    page, shown, waiting = held(watched, dark=dark)
    page.goto(dashboard, wait_until="commit")
    page.locator("#first-view .gallery[data-paints]").wait_for()
    page.evaluate("() => document.fonts.ready.then(() => {})")  # painted anew if the font came late
    page.wait_for_timeout(300)
    first = page.evaluate(_SEEN, False)
    assert len(first["canvases"]) == 16
    assert cards(page).count() == 0  # a picture, not yet something to use
    let_go(page, waiting)
    expect(cards(page)).to_have_count(16)
    page.locator("#first-view").wait_for(state="detached")
    for _ in range(50):  # the page's own gallery paints again when its font or its width comes late
        own = page.evaluate(_SEEN, True)
        if own["canvases"] == first["canvases"]:
            break
        page.wait_for_timeout(100)
    assert own["text"] == first["text"]
    assert own["canvases"] == first["canvases"]
    assert not shown.complaints
    assert not shown.foreign


def test_the_next_time_they_stand_where_they_will_stay(watched: Callable[..., Any], dashboard: str) -> None:
    page, _, waiting = held(watched, width=1180)
    page.goto(dashboard, wait_until="commit")
    page.locator("#first-view .gallery[data-paints]").wait_for()
    let_go(page, waiting)
    page.wait_for_function("() => localStorage.getItem('rbfscope-first-view')")
    page.goto(dashboard, wait_until="commit")
    page.locator("#first-view .gallery[data-paints]").wait_for()
    first = page.evaluate(_SEEN, False)
    page.locator("#first-view").wait_for(state="detached")
    page.wait_for_timeout(1000)
    assert page.evaluate(_SEEN, True)["place"] == pytest.approx(first["place"], abs=2)


def test_an_address_that_asks_for_something_is_left_to_the_page(watched: Callable[..., Any], dashboard: str) -> None:
    page, *_ = held(watched)
    page.goto(f"{dashboard}/?m=8", wait_until="commit")
    page.wait_for_selector("#root", state="attached")
    assert page.locator("#first-view").count() == 0


@pytest.mark.parametrize("lost", ["first_view.js", "gallery.js"])
def test_without_its_script_the_page_starts_all_the_same(
    watched: Callable[..., Any], dashboard: str, lost: str
) -> None:
    page = watched().page
    page.set_default_timeout(PATIENT)
    page.route(f"**/{lost}*", lambda route: route.abort())
    page.goto(dashboard)
    expect(page.get_by_role("heading", name="Prototypes", level=1)).to_be_visible(timeout=PATIENT)
    page.locator("#first-view:visible").wait_for(state="detached")


def let_go(page: Page, waiting: list[Route]) -> None:
    """Streamlit's scripts arrive."""
    page.route("**/static/js/index.*.js", lambda route: route.continue_())
    for route in waiting:
        route.continue_()
