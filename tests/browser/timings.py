"""How long a visitor waits, beside the targets: python -m tests.browser.timings, on an otherwise idle machine."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.browser.conftest import ROOT, WEBGL_IN_SOFTWARE, _chromium_path
from tests.browser.meter import HEAD, Meter, Row, browser_process, cpu_seconds, megabytes
from tests.servers import free_port, until_healthy

REPEATS = 5
PAGES = ("Prototypes", "Inspect", "Importance", "Train", "Prune", "Compare", "Library", "Method", "Guide")

# Milliseconds from an action until an attribute of a component changes and the frame after it has been shown.
_UNTIL_DRAWN = """(root, [name, clicked]) => new Promise(resolve => {
    const before = root.dataset[name], began = performance.now();
    const look = () => root.dataset[name] === before ? requestAnimationFrame(look)
        : requestAnimationFrame(() => resolve(performance.now() - began));
    const turn = new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true });
    if (clicked) document.querySelector(clicked).click();
    else root.querySelector(".card").dispatchEvent(turn);
    look();
})"""


@contextmanager
def fresh_server() -> Iterator[tuple[str, int, float]]:
    """Address, process and seconds until healthy of a server started as a user starts it."""
    port = free_port()
    address, began = f"http://127.0.0.1:{port}", time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "app", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until_healthy(address, pause=0.02)
        yield address, process.pid, time.monotonic() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def until_idle(pid: int) -> None:
    """Until a server has loaded what it loads ahead, a few seconds after the first page."""
    time.sleep(5)
    for _ in range(30):
        before = cpu_seconds(pid)
        time.sleep(1)
        if cpu_seconds(pid) - before < 0.05:
            return


def settled(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def seen(page: Page, address: str) -> None:
    """Until the first prototypes are painted, before or by the page itself."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".gallery[data-paints]")


def complete(page: Page) -> None:
    """Until the page's own gallery is painted and nothing lies over it."""
    page.locator("#first-view").wait_for(state="detached")
    page.wait_for_selector(".gallery[data-paints]")


def opened(page: Page, address: str) -> None:
    seen(page, address)
    complete(page)


def switched(page: Page, name: str) -> None:
    """Until the page's title is there and all of it has been sent."""
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    settled(page)


def measure_drawing(meter: Meter, page: Page, address: str) -> None:
    """Gallery, inspector and what-if: until the frame that shows the change."""
    for size, target in ((16, 50), (64, 260)):
        page.goto(f"{address}/?m={size}")
        page.wait_for_selector(f".gallery .card:nth-child({size})")
        settled(page)
        gallery = page.locator(".gallery")
        gallery.evaluate(_UNTIL_DRAWN, ["paints", None])

        def repaint(gallery: Locator = gallery) -> float:
            return float(statistics.median(gallery.evaluate(_UNTIL_DRAWN, ["paints", None]) for _ in range(REPEATS)))

        meter.take(f"Gallery repaint {size} x 4", target, repaint, unit="ms")
    page.goto(f"{address}/inspect")
    page.wait_for_selector(".inspector[data-draws]")
    settled(page)
    inspector = page.locator(".inspector")

    def steps() -> float:
        found = []
        for _ in range(REPEATS):
            found.append(inspector.evaluate(_UNTIL_DRAWN, ["draws", ".st-key-next button"]))
            settled(page)
        return float(statistics.median(found))

    meter.take(f"Inspector step (median of {REPEATS})", 0.5, steps)
    page.goto(f"{address}/inspect?view=what-if&env=24859902")
    page.wait_for_selector(".what-if[data-draws]")
    settled(page)
    bar = page.get_by_role("listbox", name="Share of each site").get_by_role("option")

    def click(site: int) -> float:
        root = page.locator(".what-if")
        seq = int(root.get_attribute("data-seq") or 0)
        bar.nth(site).click()
        page.wait_for_selector(f".what-if[data-seq='{seq + 1}']")
        return float(root.get_attribute("data-answer-ms") or "nan")

    click(0)
    meter.take(
        f"What-if click, K = 4096 (median of {REPEATS})",
        0.4,
        lambda: float(statistics.median(click(site) for site in range(1, 1 + REPEATS))),
    )


def measure_pruning(meter: Meter, page: Page) -> None:
    """K = 4096 to 16 with ten restarts, watched."""
    switched(page, "Prune")

    def until_moving() -> None:
        page.get_by_role("button", name="Start pruning").click()
        page.wait_for_selector(".gallery[data-paints] .card")

    began = time.monotonic()
    meter.take("Pruning: Start to first prototypes", 1.5, until_moving)
    first = time.monotonic()
    page.locator(".gallery").evaluate(
        """root => { window.framesSeen = 0;
            const count = new MutationObserver(() => (window.framesSeen += 1));
            count.observe(root, { attributes: true, attributeFilter: ["data-paints"] }); }"""
    )
    meter.take("Pruning: first prototypes to result", None, lambda: page.get_by_text("On the shelf as").wait_for())
    end = time.monotonic()
    frames = int(page.evaluate("() => window.framesSeen"))
    meter.add(Row("Pruning K = 4096 to 16, ten restarts", end - began, "s", 10))
    meter.add(Row("Pruning: prototypes move", frames / (end - first), "frames/s", 4, at_least=True))


def compute_importance(page: Page) -> None:
    """Under a p(x) for which nothing is prepared."""
    page.get_by_label("q", exact=True).fill("0.45")
    page.get_by_label("q", exact=True).press("Enter")
    page.get_by_role("button", name="Compute", exact=True).click()
    page.wait_for_selector(".importance[data-paints]")
    settled(page)


def visit_all(meter: Meter, page: Page) -> None:
    """Every page for the first time, then again and again."""
    for name in PAGES[1:]:
        meter.take(f"{name}, first visit", None, lambda name=name: switched(page, name))
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    for _, name in product(range(REPEATS), PAGES):
        began = time.monotonic()
        switched(page, name)
        found[name].append(time.monotonic() - began)
    for name, seconds in found.items():
        slowest = f"median of {REPEATS}, slowest {max(seconds):.2f}"
        meter.add(Row(f"{name}, again ({slowest})", statistics.median(seconds), "s", 0.5))


def first_prototypes(browser: Browser, meter: Meter, address: str) -> BrowserContext:
    """A browser that has never been here, and one that has."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = []
    for visit in range(1 + REPEATS):
        page = context.new_page()
        meter.watch(page)
        began = time.monotonic()
        seen(page, address)
        first = time.monotonic() - began
        complete(page)
        found.append((first, time.monotonic() - began))
        settled(page)
        page.close()
        if visit < 2:  # what is loaded ahead
            until_idle(meter.server)
        else:
            time.sleep(1)
    (fresh, *warm), (fresh_whole, *warm_whole) = zip(*found, strict=True)
    meter.add(Row("First prototypes, fresh browser", fresh, "s", 2.5))
    meter.add(Row("… and the whole page", fresh_whole, "s", None))
    slowest = f"median of {REPEATS}, slowest {max(warm):.2f}"
    meter.add(Row(f"First prototypes, warm ({slowest})", statistics.median(warm), "s", 1.0))
    slowest = f"median of {REPEATS}, slowest {max(warm_whole):.2f}"
    meter.add(Row(f"… and the whole page ({slowest})", statistics.median(warm_whole), "s", None))
    return context


def measure(parts: set[str]) -> None:
    print(f"{os.cpu_count()} cores, load {' '.join(f'{load:.1f}' for load in os.getloadavg())} before\n{HEAD}")
    with fresh_server() as (address, server, healthy), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium_path(), args=WEBGL_IN_SOFTWARE)
        meter = Meter(server, browser_process())
        meter.add(Row("Server start to healthy", healthy, "s", 2, server=cpu_seconds(server)))
        context = first_prototypes(browser, meter, address)
        meter.add(Row("Memory of the server, first page seen", megabytes(server), "MB", None))
        page = context.new_page()
        meter.watch(page)
        opened(page, address)
        settled(page)
        if "pages" in parts:
            visit_all(meter, page)
        if "drawing" in parts:
            measure_drawing(meter, page, address)
        opened(page, address)
        if "importance" in parts:
            switched(page, "Importance")
            meter.take("Importance, K = 4096", None, lambda: compute_importance(page))
            switched(page, "Prototypes")
            meter.take("Importance again, with its results", 0.5, lambda: switched(page, "Importance"))
        if "pruning" in parts:
            measure_pruning(meter, page)
        meter.add(Row("Memory of the server, everything visited", megabytes(server), "MB", 900))
        browser.close()
    print(f"load {' '.join(f'{load:.1f}' for load in os.getloadavg())} after")


PARTS = ("pages", "drawing", "importance", "pruning")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this (may be repeated)")
    measure(set(parser.parse_args().part or PARTS))


if __name__ == "__main__":
    main()
