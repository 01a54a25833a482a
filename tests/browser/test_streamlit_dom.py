"""Canaries: what `style.css` and our scripts rely on in Streamlit's page is there, and does what it is needed for.

One that fails after an update of Streamlit names what is gone and who needs it.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from playwright.sync_api import Page, expect

import dashboard as package
from tests.browser.screenshots import _settled
from tests.browser.test_pages import PATIENT, cards, visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]

FOLDER = Path(package.__file__).parent
PAGES_WITH_ALL = ("Prune", "Importance", "Guide")  # a primary button; a picker of several with tags; code

# The element of a component of ours: what Streamlit calls `parentElement` hangs on it.
_HOST = """() => [...document.querySelectorAll("*")].find(node =>
    node.shadowRoot?.querySelector(".gallery") && !node.closest("#first-view"))"""


def gone(what: str, user: str) -> str:
    """What to say when a canary fails."""
    return f"Streamlit {st.__version__}: {what}; needed by dashboard/{user}"


def rules() -> dict[str, str]:
    """Selector -> declarations of style.css."""
    css = re.sub(r"/\*.*?\*/", "", (FOLDER / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    return {one.strip(): declared for group, declared in blocks for one in group.split(",")}


def dark_colour(declared: str) -> str:
    """What a browser makes of light-dark(#light, #dark) on a dark page."""
    (hexadecimal,) = re.findall(r"light-dark\(#\w{6}, #(\w{6})\)", declared)
    return "rgb({}, {}, {})".format(*bytes.fromhex(hexadecimal))


def computed(page: Page, selector: str, property_name: str) -> str:
    """The value that counts for the first element a selector finds."""
    value = page.locator(selector).first.evaluate("(node, name) => getComputedStyle(node)[name]", property_name)
    return str(value)


def test_every_selector_of_our_style_sheet_finds_something_and_counts(
    watched: Callable[..., Any], dashboard: str
) -> None:
    page = visit(watched, dashboard, dark=True).page
    missing, wrong = set(rules()), {}
    assert missing
    for name in PAGES_WITH_ALL:
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENT)
        _settled(page)
        if name == "Guide":
            page.get_by_text("Bring your data").first.click()  # all kinds of code
            page.locator(".token.property").first.wait_for(timeout=PATIENT)
        there = {selector for selector in rules() if page.locator(selector).count()}
        missing -= there
        for selector in (one for one in there if "color:" in rules()[one]):
            if (colour := computed(page, selector, "color")) != dark_colour(rules()[selector]):
                wrong[selector] = colour
    assert not missing, gone(f"nothing on {' and '.join(PAGES_WITH_ALL)} matches {sorted(missing)}", "style.css")
    assert not wrong, gone(f"a rule of Streamlit counts more than ours: {wrong}", "style.css")
    padding = computed(page, ".stMainBlockContainer", "paddingTop")
    assert padding == "67.2px", gone(f"padding above a page is {padding}, not our 4.2rem", "style.css")


def test_the_theme_is_kept_where_the_first_view_looks(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, dashboard).page
    page.wait_for_function("() => Object.keys(localStorage).some(name => name.startsWith('stActiveTheme'))")
    kept = page.evaluate("() => localStorage.getItem('stActiveTheme-/-v2')")
    told = gone("the chosen theme is not kept as stActiveTheme-<path>-v2", "static/streamlit.js")
    assert kept is not None, told
    assert json.loads(kept) == "System", told
    page.evaluate("""() => localStorage.setItem('stActiveTheme-/-v2', '"Dark"')""")
    page.route("**/static/js/index.*.js", lambda route: route.abort())
    page.goto(dashboard, wait_until="commit")
    expect(page.locator("#first-view")).to_have_attribute("data-theme", "dark")
    page.unroute("**/static/js/index.*.js")
    page.goto(dashboard)
    expect(cards(page)).to_have_count(16, timeout=PATIENT)
    assert computed(page, ".stApp", "backgroundColor") == "rgb(14, 19, 23)", told


def test_the_title_of_a_page_is_its_only_first_heading(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, dashboard).page
    assert page.locator("h1").all_inner_texts() == ["Prototypes"], gone("st.title is no h1", "static/streamlit.js")


def test_components_get_the_colours_and_fonts_of_the_theme(watched: Callable[..., Any], dashboard: str) -> None:
    files = [*(FOLDER / "static").glob("*.css"), *(FOLDER / "static").glob("*.js")]
    used = {name for file in files for name in re.findall(r"--st-[a-z-]+", file.read_text(encoding="utf-8"))}
    assert used
    page = visit(watched, dashboard).page
    values = page.evaluate(
        f"names => {{ const style = getComputedStyle(({_HOST})());"
        " return Object.fromEntries(names.map(name => [name, style.getPropertyValue(name)])); }",
        sorted(used),
    )
    missing = [name for name, value in values.items() if not value]
    assert not missing, gone(f"components have no {missing}", "static/viewer.css")
    assert values["--st-primary-color"].strip().lower() == "#0f766e", gone(
        "the configuration beside the script is not read", ".streamlit/config.toml"
    )


def test_a_component_keeps_its_element_until_it_leaves_the_page(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, dashboard).page
    page.evaluate(f"() => {{ window.host = ({_HOST})(); }}")
    assert page.evaluate("() => window.host instanceof HTMLElement"), gone(
        "components have no shadow root", "static/mounting.js"
    )
    page.get_by_text("Gauge-free").click()
    page.wait_for_function("() => location.search.includes('gauge-free')")
    _settled(page)
    assert page.evaluate(f"() => window.host.isConnected && window.host === ({_HOST})()"), gone(
        "an update gives a component another element", "static/mounting.js"
    )
    page.get_by_role("link", name="Method").click()
    expect(page.get_by_role("heading", name="Method", level=1)).to_be_visible(timeout=PATIENT)
    page.wait_for_function("() => !window.host.isConnected")
