"""Pictures of all pages, light and dark, on a wide and a narrow screen: python -m tests.browser.screenshots FOLDER."""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ROOT, WEBGL_IN_SOFTWARE, _chromium_path
from tests.servers import free_port, until_healthy

WIDTHS = (1400, 1024)
PATIENT = 90_000  # ms


def _settled(page: Page, rest: int = 900) -> None:
    """Until Streamlit has stopped running the script and drawn what it sent."""
    page.wait_for_timeout(200)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENT)
    page.wait_for_timeout(rest)


def _compute_importance(page: Page) -> None:
    button, shown = page.get_by_role("button", name="Compute", exact=True), page.locator(".importance[data-paints]")
    button.or_(shown).first.wait_for(timeout=PATIENT)
    if button.count():
        button.click()
    shown.wait_for(timeout=PATIENT)
    page.get_by_role("button", name=re.compile(r"^\d+–\d+ ")).first.click()


def _open_library(page: Page) -> None:
    page.get_by_text("Self-test").first.click()


def _open_chapter(page: Page) -> None:
    page.get_by_text("Bring your data").first.click()
    page.locator(".token.property").first.wait_for(timeout=PATIENT)


def _prune(page: Page) -> None:
    page.get_by_text("Preview what it assumes").click()
    page.get_by_role("img", name="environment 8: ").wait_for(timeout=PATIENT)
    _settled(page)
    page.get_by_role("button", name="Start pruning").click()
    page.get_by_text("On the shelf as").wait_for(timeout=PATIENT)


def _train(page: Page) -> None:
    page.get_by_text("Split and limits").click()
    for label, value in (("Centroids K", "64"), ("At most so many epochs", "8")):
        page.get_by_label(label).fill(value)
        page.get_by_label(label).press("Enter")
        _settled(page)
    page.get_by_role("button", name="Start training").click()
    page.get_by_text("On the shelf as").wait_for(timeout=PATIENT)


# What to do on a page before its picture is taken.
PAGES: dict[str, Callable[[Page], None] | None] = {
    "Prototypes": None,
    "Inspect": None,
    "Prune": _prune,
    "Importance": _compute_importance,
    "Train": _train,
    "Compare": None,
    "Library": _open_library,
    "Method": None,
    "Guide": _open_chapter,
}


@contextmanager
def running_dashboard() -> Iterator[str]:
    """The address of a server of our own, with the configuration that ships."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py"), f"--server.port={port}"],
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until_healthy(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


# The pictures in README.md: where to go, what to do there, and the theme.
README_PICTURES: dict[str, tuple[str, Callable[[Page], None] | None, str]] = {
    "what-if": ("inspect?view=what-if&env=24859902", None, "light"),
    "pruning": ("prune", _prune, "dark"),
    "importance": ("importance", _compute_importance, "dark"),
    "compare": ("compare", None, "light"),
}


def take_for_readme(folder: Path) -> None:
    """Write FOLDER/page-<name>.webp: a quarter of the size that png would have."""
    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium_path(), args=WEBGL_IN_SOFTWARE)
        for name, (where, prepare, theme) in README_PICTURES.items():
            context = browser.new_context(viewport={"width": 1400, "height": 1130}, color_scheme=theme)
            page = context.new_page()
            page.set_default_timeout(PATIENT)
            page.goto(f"{address}/{where}")
            page.get_by_role("heading", level=1).wait_for()
            _settled(page, 3000)
            if prepare is not None:
                prepare(page)
                _settled(page)
            page.get_by_test_id("stMain").evaluate("element => element.scrollTo(0, 0)")
            content = page.screenshot(animations="disabled")
            file = folder / f"page-{name}.webp"
            Image.open(BytesIO(content)).convert("RGB").save(file, quality=88, method=6)
            print(file)
            context.close()
        browser.close()


def _whole_page(page: Page, width: int) -> None:
    """Make the window as tall as the page, so that one picture holds all of it."""
    height = page.get_by_test_id("stMain").evaluate("element => element.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(900, height), 4000)})
    page.wait_for_timeout(700)


def take(
    folder: Path, names: list[str], widths: tuple[int, ...] = WIDTHS, themes: tuple[str, ...] = ("light", "dark")
) -> None:
    """Write FOLDER/<page>-<theme>-<width>.png for every page named."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium_path(), args=WEBGL_IN_SOFTWARE)
        for theme in themes:
            for width in widths:
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
                page = context.new_page()
                page.set_default_timeout(PATIENT)
                page.goto(address)
                for name in names:
                    page.set_viewport_size({"width": width, "height": 900})
                    page.get_by_role("link", name=name, exact=True).first.click()
                    page.get_by_role("heading", name=name, level=1).wait_for()
                    _settled(page)
                    prepare = PAGES[name]
                    if prepare is not None:
                        prepare(page)
                        _settled(page)
                    _whole_page(page, width)
                    file = folder / f"{name.lower()}-{theme}-{width}.png"
                    page.screenshot(path=file, animations="disabled")
                    print(file)
                context.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", action="append", choices=list(PAGES), help="only this page (may be repeated)")
    parser.add_argument("--width", action="append", type=int)
    parser.add_argument("--theme", action="append", choices=["light", "dark"])
    parser.add_argument("--readme", action="store_true", help="only the pictures in README.md")
    given = parser.parse_args()
    if given.readme:
        take_for_readme(given.folder)
        return
    take(
        given.folder,
        given.page or list(PAGES),
        tuple(given.width or WIDTHS),
        tuple(given.theme or ("light", "dark")),
    )


if __name__ == "__main__":
    main()
