"""The pages by name. A page's module is imported when it is opened, so that one page does not pay for another."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import Page


@dataclass(frozen=True)
class Entry:
    """One page: its title and its icon."""

    title: str
    icon: str


_ENTRIES = {
    "prototypes": Entry("Prototypes", ":material/grid_view:"),
    "inspect": Entry("Inspect", ":material/view_in_ar:"),
    "importance": Entry("Importance", ":material/bar_chart:"),
    "train": Entry("Train", ":material/show_chart:"),
    "prune": Entry("Prune", ":material/content_cut:"),
    "compare": Entry("Compare", ":material/compare_arrows:"),
    "library": Entry("Library", ":material/shelves:"),
    "method": Entry("Method", ":material/school:"),
}
LANDING = "prototypes"


def page(name: str) -> Page:
    """The page `name`: its function is `<name>_page` in `dashboard.app_pages.<name>.page`."""
    entry = _ENTRIES[name]
    return st.Page(_opener(name), title=entry.title, icon=entry.icon, url_path=name, default=name == LANDING)


def all_pages() -> list[Page]:
    return [page(name) for name in _ENTRIES]


def is_landing(shown: Page) -> bool:
    """Whether this is the page one sees first."""
    return shown.title == _ENTRIES[LANDING].title


def _opener(name: str) -> Callable[[], None]:
    def open_page() -> None:
        getattr(import_module(f"dashboard.app_pages.{name}.page"), f"{name}_page")()

    return open_page
