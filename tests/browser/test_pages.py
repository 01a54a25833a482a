"""The dashboard as a visitor meets it, in a real Chromium."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched_script")]

PATIENT = 90_000  # ms; a run starts by importing torch, on a machine that may be busy with other tests
STEP = 1  # which of the figures above the curve counts steps


def cards(page: Page) -> Locator:
    return page.get_by_role("option", name=re.compile(r"^prototype \d+, ", re.IGNORECASE))


def visit(watched: Callable[..., Any], dashboard: str, name: str = "Prototypes", **options: Any) -> Any:
    """A page reached as a visitor does: from the landing page, by its link."""
    shown = watched(**options)
    shown.page.set_default_timeout(PATIENT)
    shown.page.goto(dashboard)
    expect(cards(shown.page)).to_have_count(16, timeout=PATIENT)
    if name != "Prototypes":
        shown.page.get_by_role("link", name=name).click()
    expect(shown.page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENT)
    return shown


def figure(page: Page, number: int) -> str:
    return page.get_by_test_id("stMetricValue").nth(number).inner_text()


def is_drawn(picture: Locator) -> bool:
    """Whether the browser could read a picture, and it takes room on the page."""
    size = picture.evaluate("image => image.decode().then(() => image.naturalWidth * image.clientHeight)")
    return bool(size > 0)


def start_long_run(page: Page) -> None:
    """The paper's schedule on a bundled network: it goes on for far longer than a test looks."""
    page.get_by_text("Seed and method").click()
    page.get_by_text("The paper's Adam schedule").click()
    for label, value in (("Prototypes M", "4"), ("Restarts", "8")):
        field = page.get_by_label(label)
        field.fill(value)
        field.press("Enter")
    page.get_by_role("button", name="Start pruning").click()
    expect(page.get_by_text("cu100 to 4 prototypes")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("button", name="Pause")).to_be_enabled(timeout=PATIENT)
    wait_for_steps(page)


def wait_for_steps(page: Page, beyond: int = 0) -> int:
    end = time.monotonic() + PATIENT / 1000
    while time.monotonic() < end:
        values = page.get_by_test_id("stMetricValue").all_inner_texts()
        if len(values) > STEP and values[STEP].isdigit() and int(values[STEP]) > beyond + 2:
            return int(values[STEP])
        page.wait_for_timeout(50)
    raise AssertionError("the run does not move")


def prototypes_move(page: Page) -> None:
    """Frames come by themselves, and the first prototype is another one after some."""
    page.locator(".gallery .card").first.wait_for()
    page.locator(".gallery").evaluate(
        """root => new Promise((resolve, reject) => {
            const before = root.querySelector(".card").getAttribute("aria-label");
            const paints = Number(root.dataset.paints), began = performance.now();
            const look = setInterval(() => {
                const label = root.querySelector(".card").getAttribute("aria-label");
                if (Number(root.dataset.paints) > paints + 4 && label !== before) { clearInterval(look); resolve(); }
                else if (performance.now() - began > 60_000) { clearInterval(look); reject(Error("they stand still")); }
            }, 50); })"""
    )


def test_landing_shows_sixteen_prototypes_and_asks_nobody(watched: Callable[..., Any], dashboard: str) -> None:
    shown = watched()
    shown.page.goto(dashboard)
    expect(cards(shown.page)).to_have_count(16, timeout=PATIENT)
    assert _is_painted(shown.page)
    shown.page.wait_for_timeout(1000)
    assert (shown.foreign, shown.complaints) == ([], [])


def held_step(page: Page) -> str:
    """The step at which a paused run stands: shown unchanged for as long as many steps take."""
    for _ in range(10):
        before = figure(page, STEP)
        page.wait_for_timeout(5000)
        if figure(page, STEP) == before:
            return before
    raise AssertionError("the paused run goes on")


def _is_painted(page: Page) -> bool:
    """Whether the first card's canvas holds saturated colour."""
    return bool(
        page.locator("canvas").first.evaluate(
            """canvas => {
                const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                for (let i = 0; i < pixels.length; i += 4)
                    if (Math.abs(pixels[i] - pixels[i + 2]) > 80 && pixels[i + 3] > 80) return true;
                return false;
            }"""
        )
    )


def test_a_click_on_a_prototype_opens_it_and_the_address_remembers(watched: Callable[..., Any], dashboard: str) -> None:
    shown = visit(watched, dashboard)
    page = shown.page
    page.get_by_text("{110}").click()
    expect(page).to_have_url(re.compile("network=cu110-16"))
    cards(page).nth(2).click()
    expect(page).to_have_url(re.compile("/inspect.*prototype=3"), timeout=PATIENT)
    page.get_by_role("button", name="Next").click()
    expect(page).to_have_url(re.compile("prototype=4"), timeout=PATIENT)
    page.reload()
    expect(page.get_by_label("Prototype of 16")).to_have_value("4", timeout=PATIENT)
    page.get_by_role("link", name="Prototypes").click()
    expect(page).to_have_url(re.compile("network=cu110-16"), timeout=PATIENT)


@pytest.mark.parametrize("name", ["Prototypes", "Prune"])
def test_choices_show_when_the_page_is_asked_for_twice(watched: Callable[..., Any], dashboard: str, name: str) -> None:
    """What is sent while the browser already asks again is lost: no picker may be left without its choice."""
    page = watched().page
    page.set_default_timeout(PATIENT)
    for _ in range(4):
        page.goto(dashboard if name == "Prototypes" else f"{dashboard}/{name.lower()}")
        page.get_by_role("link", name=name, exact=True).first.click()
        if name == "Prune":
            expect(page.get_by_label("Prototypes M")).to_have_value("16", timeout=PATIENT)
            expect(page.get_by_label("q", exact=True)).to_have_value("0.5", timeout=PATIENT)
        else:
            expect(cards(page)).to_have_count(16, timeout=PATIENT)
            expect(page.locator("[role=radiogroup] [aria-checked=true]")).to_have_count(4, timeout=PATIENT)


def test_assumptions_are_drawn(watched: Callable[..., Any], dashboard: str) -> None:
    page = visit(watched, dashboard, "Prune").page
    page.get_by_text("Preview what it assumes").click()
    pictures = page.get_by_role("img", name=re.compile(r"^environment \d+: "))
    expect(pictures).to_have_count(9, timeout=PATIENT)  # eight draws, and the mean filling
    assert all(is_drawn(picture) for picture in pictures.all())


def test_a_run_pauses_resumes_survives_and_lands_on_the_shelf(watched: Callable[..., Any], dashboard: str) -> None:
    shown = visit(watched, dashboard, "Prune")
    page = shown.page
    start_long_run(page)
    prototypes_move(page)

    page.get_by_label("q", exact=True).press("p")  # a letter of a text, not the key for pause
    page.get_by_role("heading", name="Prune", level=1).click()
    wait_for_steps(page, beyond=int(figure(page, STEP)))
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENT)
    held = held_step(page)
    assert is_drawn(page.get_by_role("img", name=re.compile("^Exact RMS gap by step: .* between ")))

    page.reload()
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENT)
    assert figure(page, STEP) == held
    page.get_by_role("button", name="Resume").click()
    steps = wait_for_steps(page, beyond=int(held))

    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Train", level=1)).to_be_visible(timeout=PATIENT)
    page.get_by_role("link", name="Prune").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=PATIENT)
    wait_for_steps(page, beyond=steps)
    prototypes_move(page)

    page.get_by_role("button", name="Stop run").click()
    expect(page.get_by_text("On the shelf as")).to_be_visible(timeout=PATIENT)
    page.get_by_role("button", name="Open in the inspector").click()
    expect(page).to_have_url(re.compile("/inspect.*network=cu100-M4"), timeout=PATIENT)
    expect(page.get_by_label("Prototype of 4")).to_have_value("1", timeout=PATIENT)
    page.reload()
    expect(page.get_by_label("Prototype of 4")).to_have_value("1", timeout=PATIENT)
    page.get_by_role("link", name="Prototypes").click()
    expect(cards(page)).to_have_count(4, timeout=PATIENT)
    assert shown.foreign == []


def test_two_tabs_see_one_run(watched: Callable[..., Any], dashboard: str) -> None:
    first = visit(watched, dashboard, "Prune").page
    start_long_run(first)
    second = watched().page
    second.set_default_timeout(PATIENT)
    second.goto(first.url)
    expect(second.get_by_role("button", name="Pause")).to_be_enabled(timeout=PATIENT)
    wait_for_steps(second)
    second.get_by_role("button", name="Stop run").click()
    for page in (first, second):
        expect(page.get_by_text("stopped, best so far kept")).to_be_visible(timeout=PATIENT)
        expect(page.get_by_text("On the shelf as")).to_be_visible(timeout=PATIENT)
    assert figure(first, STEP) == figure(second, STEP)


@pytest.mark.parametrize(("width", "dark"), [(1400, True), (1024, False)], ids=["wide and dark", "narrow and light"])
def test_pages_fit_and_do_not_complain(watched: Callable[..., Any], dashboard: str, width: int, dark: bool) -> None:
    shown = visit(watched, dashboard, width=width, dark=dark)
    page = shown.page
    for name in ("Inspect", "Train", "Prune", "Importance", "Compare", "Library", "Method", "Guide", "Prototypes"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENT)
        page.wait_for_timeout(700)
        assert page.get_by_test_id("stException").count() == 0, name
        main = page.get_by_test_id("stMain")
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth"), name
    assert shown.foreign == []
    assert shown.complaints == []


def test_a_table_is_there_once_it_is_opened_and_stays_open(watched: Callable[..., Any], dashboard: str) -> None:
    page = watched(height=1300).page
    page.set_default_timeout(PATIENT)
    page.goto(f"{dashboard}/inspect?prototype=2")
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 2", timeout=PATIENT)
    table = page.locator(".st-key-site_table").get_by_test_id("stDataFrame")
    page.get_by_text("Table of sites").click()
    expect(table).to_be_visible(timeout=PATIENT)
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator(".inspector-title")).to_contain_text("Prototype 3", timeout=PATIENT)
    expect(table).to_be_visible(timeout=PATIENT)
    page.get_by_text("Table of sites").click()
    expect(table).to_be_hidden(timeout=PATIENT)
