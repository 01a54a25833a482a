"""Measured actions as lines of a table: seconds on the clock, and what server and browser spent meanwhile."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.screenshots import PATIENT


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds on the clock, and what the server and the browser spent meanwhile."""

    what: str
    value: float
    unit: str
    target: float | None
    at_least: bool = False
    server: float | None = None
    browser: float | None = None
    kilobytes: float | None = None

    def line(self) -> str:
        if self.target is None:
            aim, verdict = "", ""
        else:
            sign = "≥" if self.at_least else "≤"
            aim = f"{sign} {self.target:g}"
            met = self.value >= self.target if self.at_least else self.value <= self.target
            verdict = "" if met else "missed"
        spent = [("" if part is None else f"{part:.2f}") for part in (self.server, self.browser)]
        size = "" if self.kilobytes is None else f"{self.kilobytes:.0f}"
        figure = f"{self.value:.0f}" if self.value >= 20 else f"{self.value:.2f}"
        return f"{self.what:<52}{figure:>8} {self.unit:<9}{aim:>7}  {verdict:<7}{spent[0]:>8}{spent[1]:>9}{size:>9}"


HEAD = f"{'':<52}{'':>8} {'':<9}{'target':>7}  {'':<7}{'server':>8}{'browser':>9}{'sent':>9}\n" + (
    f"{'':<52}{'':>8} {'':<9}{'':>7}  {'':<7}{'CPU s':>8}{'CPU s':>9}{'kB':>9}"
)


class Meter:
    """Measures actions on one page of one browser against one server."""

    def __init__(self, server: int, browser: int | None) -> None:
        self.server, self.browser = server, browser
        self.received = 0

    def watch(self, page: Page) -> None:
        """Count what the server sends to this page."""
        page.set_default_timeout(PATIENT)
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, payload: bytes | str) -> None:
        self.received += len(payload)

    def add(self, row: Row) -> None:
        print(row.line(), flush=True)

    def take(self, what: str, target: float | None, act: Callable[[], object], unit: str = "s") -> None:
        """Time an action; if it returns milliseconds of its own, those count."""
        before = (cpu_seconds(self.server), cpu_seconds(self.browser), self.received, time.monotonic())
        found = act()
        wall = time.monotonic() - before[3]
        value = wall if not isinstance(found, float) else found / 1000 if unit == "s" else found
        server, browser = cpu_seconds(self.server) - before[0], cpu_seconds(self.browser) - before[1]
        kilobytes = (self.received - before[2]) / 1000
        self.add(Row(what, value, unit, target, server=server, browser=browser, kilobytes=kilobytes))


def cpu_seconds(pid: int | None) -> float:
    """Processor seconds of a process and its living children, from Linux's /proc; 0 elsewhere."""
    if pid is None or not Path("/proc/self/stat").exists():
        return 0.0
    return sum(_ticks(one) for one in _family(pid)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0  # it has ended
    return int(fields[11]) + int(fields[12])


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for tasks in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in tasks.read_text().split())
            except OSError:
                continue
    return found


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1000


def browser_process() -> int | None:
    """The newest child of this process that runs the browser; Playwright does not tell."""
    me = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    children = me.read_text().split() if me.exists() else []
    return int(children[-1]) if children else None
