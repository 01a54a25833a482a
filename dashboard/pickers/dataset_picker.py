"""Choosing a data set: what ships with the program, or what is on the shelf."""

from typing import TYPE_CHECKING

from dashboard.session.address import DATA_KEY
from dashboard.session.session import Session
from dashboard.shelf.bundled import bundled_dataset
from dashboard.widgets.dropdown import dropdown
from rbfcore.data.bundled import bundled_names

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet


def dataset_picker(session: Session, key: str = DATA_KEY) -> "DataSet":
    """A bundled data set or one from the shelf."""
    own = session.shelf.datasets()
    names = [*bundled_names(), *own]
    name = dropdown(session.address, "Data set", key, names)
    return own[name] if name in own else bundled_dataset(name)
