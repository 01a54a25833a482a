"""The list of pages, read off their folders: `dashboard/app_pages/<name>/__init__.py` says how a page shows."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules


@dataclass(frozen=True)
class Entry:
    """How a page shows in the navigation.

    Attributes:
        title: its name on screen.
        icon: as Streamlit names icons, such as ":material/school:".
        place: pages stand in rising order; the first one is the landing page.
    """

    title: str
    icon: str
    place: int


@lru_cache(maxsize=1)
def entries() -> dict[str, Entry]:
    """Folder name -> entry of every page, in the order of the navigation. Loads none of the pages."""
    pages = import_module("dashboard.app_pages")
    told = {
        module.name: import_module(f"dashboard.app_pages.{module.name}").ENTRY
        for module in iter_modules(pages.__path__)
        if module.ispkg
    }
    return dict(sorted(told.items(), key=lambda item: item[1].place))


def page_module(name: str) -> str:
    """The module that draws the page `name`; its function is `<name>_page`."""
    return f"dashboard.app_pages.{name}.page"


def landing() -> str:
    """The page that opens first."""
    return next(iter(entries()))
