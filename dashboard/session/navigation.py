"""The pages by name. A page's module is imported when it is opened, so that one page does not pay for another."""

from collections.abc import Callable
from importlib import import_module

import streamlit as st

from dashboard.session.pages import entries, landing, page_module


def page(name: str) -> st.Page:
    """The page `name`, see `dashboard.session.pages`."""
    entry = entries()[name]
    return st.Page(_opener(name), title=entry.title, icon=entry.icon, url_path=name, default=name == landing())


def all_pages() -> list[st.Page]:
    return [page(name) for name in entries()]


def is_landing(shown: st.Page) -> bool:
    """Whether this is the page one sees first."""
    return shown.title == entries()[landing()].title


def _opener(name: str) -> Callable[[], None]:
    def open_page() -> None:
        getattr(import_module(page_module(name)), f"{name}_page")()

    return open_page
