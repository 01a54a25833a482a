"""A real Chromium for the tests: one browser for the session, a fresh context for each test."""

import io
import mimetypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

from dashboard.commands.fetch_viewer import fetch_viewer
from dashboard.viewer.modules import modules_folder
from tests.servers import free_port, until_healthy

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "dashboard" / "static"
HARNESS = "http://lattice.test"
WEBGL_IN_SOFTWARE = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]

_APP = """
from pathlib import Path
import streamlit as st
from dashboard.viewer.modules import module_routes

app = st.App(Path(__file__).with_name("page.py"), routes=module_routes())
"""


def _chromium_path() -> str | None:
    """RBFSCOPE_CHROMIUM, else the system's Chromium, else None for Playwright's own."""
    named = os.environ.get("RBFSCOPE_CHROMIUM")
    if named:
        return named
    return "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium_path(), args=WEBGL_IN_SOFTWARE)
        yield browser
        browser.close()


class Watched:
    """A page with a record of what it asked for and complained about."""

    def __init__(self, page: Page, own_hosts: tuple[str, ...]) -> None:
        self.page = page
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self._own_hosts = own_hosts
        page.on("request", self._on_request)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)

    def _on_request(self, request: Any) -> None:
        if not request.url.startswith((*self._own_hosts, "data:", "blob:", "ws://127.0.0.1")):
            self.foreign.append(request.url)


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Make pages: watched(width=, height=, dark=, scale=)."""
    contexts = []

    def make(width: int = 1400, height: int = 1000, dark: bool = False, scale: float = 1) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            device_scale_factor=scale,
        )
        contexts.append(context)
        return Watched(context.new_page(), (HARNESS, "http://127.0.0.1"))

    yield make
    for context in contexts:
        context.close()


def serve_static(route: Route) -> None:
    """An empty page, and below it our scripts and what Streamlit would serve, for a page of the host HARNESS."""
    path = route.request.url.removeprefix(HARNESS).split("?")[0]
    path = path.removeprefix("/app/static/").removeprefix(f"{modules_folder()}/")
    if path == "/":
        route.fulfill(content_type="text/html", body="<!doctype html><title>harness</title><body></body>")
    elif not (STATIC / path).is_file():
        route.fulfill(status=404)
    else:
        kind = mimetypes.guess_type(path)[0]
        route.fulfill(content_type=kind, body=(STATIC / path).read_bytes())


@pytest.fixture
def harness(watched: Callable[..., Watched]) -> Callable[..., Watched]:
    """A page that runs one of our modules as Streamlit would, without Streamlit.

    harness("gallery.js", data) mounts window.component and keeps what it sends up in window.sent;
    window.update(data) sends it new data, as a rerun does. `before` is JavaScript that runs before anything else;
    `asked` is filled with the addresses that the page asks for.
    """

    def mount(
        module: str, data: dict[str, Any], before: str = "", asked: list[str] | None = None, **options: Any
    ) -> Watched:
        shown = watched(**options)
        page = shown.page
        if asked is not None:
            page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(before)
        page.route(f"{HARNESS}/**", serve_static)
        page.goto(f"{HARNESS}/")
        page.evaluate(
            """async ([module, data]) => {
                document.body.style.margin = "0";
                const parentElement = document.createElement("div");
                parentElement.style.padding = "12px";
                document.body.append(parentElement);
                window.sent = [];
                const send = (name, value) => window.sent.push([name, value]);
                const { default: component } = await import(module);
                window.component = component;
                window.update = (data) => {
                    window.lastData = data;
                    component({ parentElement, data, setTriggerValue: send, setStateValue: send });
                };
                window.update(data);
            }""",
            [f"{modules_folder()}/{module}", data],
        )
        return shown

    return mount


def picture(page: Page) -> Image.Image:
    """What is on the screen, in device pixels."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


@pytest.fixture
def colour_at() -> Callable[[Page, float, float], tuple[int, int, int]]:
    """RGB of what is on the screen at a point of the page."""

    def pixel(page: Page, x: float, y: float) -> tuple[int, int, int]:
        red, green, blue = picture(page).getpixel((round(x), round(y)))
        return red, green, blue

    return pixel


@pytest.fixture
def measured_alpha() -> Callable[..., list[float]]:
    """measured_alpha(page, set_background, points): opacity of what is drawn at points of the page.

    It is what the difference between a white and a black background no longer shows through, whatever the colour
    and the shading of the drawing.
    """

    def measure(page: Page, set_background: Callable[[str], None], points: list[tuple[float, float]]) -> list[float]:
        seen = []
        for colour in ("#ffffff", "#000000"):
            set_background(colour)
            shot = picture(page)
            seen.append([shot.getpixel((round(x), round(y))) for x, y in points])
        return [
            1 - sum(w - b for w, b in zip(white, black, strict=True)) / 3 / 255
            for white, black in zip(*seen, strict=True)
        ]

    return measure


@pytest.fixture(scope="session")
def streamlit_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start a Streamlit script beside a copy of the static folder, served as the dashboard is; returns its address.

    With routes=False Streamlit runs the script by itself.
    """
    started = []

    def start(source: str, routes: bool = True) -> str:
        folder = tmp_path_factory.mktemp("app")
        (folder / "page.py").write_text(source, encoding="utf-8")
        (folder / "app.py").write_text(_APP, encoding="utf-8")
        shutil.copytree(STATIC, folder / "static")
        port = free_port()
        options = {
            "server.port": port,
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "server.enableStaticServing": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py" if routes else "page.py", *flags],
            cwd=folder,
            env={**os.environ, "RBFSCOPE_STATE": str(tmp_path_factory.mktemp("state")), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        address = f"http://127.0.0.1:{port}"
        until_healthy(address)
        return address

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own, with the configuration that ships."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py"), f"--server.port={port}"],
        cwd="/",
        env={
            **os.environ,
            "RBFSCOPE_STATE": str(tmp_path_factory.mktemp("state")),
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    until_healthy(address)
    yield address
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="session")
def fetched_script() -> Path:
    """3Dmol.js, fetched once when a developer has not done it."""
    return fetch_viewer()
