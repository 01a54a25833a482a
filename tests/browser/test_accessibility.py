"""Every page under axe-core: no serious or critical finding but those that Streamlit itself makes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_script
from tests.browser.screenshots import PAGES, PATIENT, _settled, running_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]

# Findings in markup that Streamlit writes and a page cannot change: rule -> (part of the element, reason). No one is
# left in Streamlit 1.67 with the colours of our theme.
OF_STREAMLIT: dict[str, tuple[str, str]] = {}
_HEAVY = {"Prune"}  # its preparation is a whole run; the page is looked at as it opens

_RUN = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations
        .filter((one) => ["serious", "critical"].includes(one.impact))
        .flatMap((one) => one.nodes.map((node) => ({
            rule: one.id, impact: one.impact, html: node.html.slice(0, 300), why: node.failureSummary,
        })));
}"""


@pytest.fixture(scope="module")
def dashboard() -> Iterator[str]:
    with running_dashboard() as address:
        yield address


@pytest.fixture(scope="module")
def axe() -> Path:
    return axe_script()


def findings(page: Page, axe: Path) -> list[dict[str, Any]]:
    """Serious and critical findings that are ours."""
    page.evaluate(axe.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [one for one in found if not is_of_streamlit(one)]


def is_of_streamlit(one: dict[str, Any]) -> bool:
    part, _reason = OF_STREAMLIT.get(one["rule"], ("\0", ""))
    return part in one["html"]


def test_no_serious_finding_in_light_and_dark(watched: Callable[..., Any], dashboard: str, axe: Path) -> None:
    page = watched().page
    page.set_default_timeout(PATIENT)
    page.goto(dashboard)
    found = {}
    for name, prepare in PAGES.items():
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENT)
        _settled(page, 250)
        if prepare is not None and name not in _HEAVY:
            prepare(page)
            _settled(page, 250)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(250)
            if ours := findings(page, axe):
                found[f"{name}, {theme}"] = ours
    assert found == {}


def test_axe_finds_what_is_wrong(watched: Callable[..., Any], axe: Path) -> None:
    """The check can fail: an image without a text and a button without a name."""
    page = watched().page
    page.set_content("<html lang='en'><title>t</title><main><h1>x</h1><img src=''><button></button></main></html>")
    assert {one["rule"] for one in findings(page, axe)} == {"image-alt", "button-name"}
