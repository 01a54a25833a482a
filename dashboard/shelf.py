"""What a visitor has made or uploaded, kept on the server so that a reload or a second tab finds it again."""

import re
import secrets
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import streamlit as st

from rbfcore.fidelity import Fidelity
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

MAX_SHELVES = 64
MAX_ENTRIES = 64


class Shelf:
    """Networks and data sets by name, and ids of runs. Used by page scripts and by the threads of runs."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(12)
        self._lock = threading.Lock()
        self._networks: dict[str, Parameters] = {}
        self._datasets: dict[str, DataSet] = {}
        self._runs: list[str] = []
        self._curves: dict[str, Fidelity] = {}

    def add_network(self, name: str, network: Parameters) -> str:
        """Keep a network; an equal one already here is not doubled. Returns the name it goes by.

        Raises:
            ValueError: the shelf is full.
        """
        with self._lock:
            for known, kept in self._networks.items():
                if kept.fingerprint() == network.fingerprint():
                    return known
            name = _free_name(name, self._networks)
            self._networks[name] = network
            return name

    def add_dataset(self, name: str, dataset: "DataSet") -> str:
        """Keep a data set. Returns the name it goes by.

        Raises:
            ValueError: the shelf is full.
        """
        with self._lock:
            name = _free_name(name, self._datasets)
            self._datasets[name] = dataset
            return name

    def networks(self) -> dict[str, Parameters]:
        with self._lock:
            return dict(self._networks)

    def datasets(self) -> "dict[str, DataSet]":
        with self._lock:
            return dict(self._datasets)

    def add_curve(self, curve: Fidelity) -> None:
        """Keep a fidelity curve, one for each large network."""
        with self._lock:
            self._curves[curve.parent] = curve

    def curves(self) -> dict[str, Fidelity]:
        """Fidelity curves by the fingerprint of the large network."""
        with self._lock:
            return dict(self._curves)

    def add_run(self, job_id: str) -> None:
        """Remember a run, so that it is found again when its address is lost."""
        with self._lock:
            if job_id not in self._runs:
                self._runs.append(job_id)

    def runs(self) -> list[str]:
        with self._lock:
            return list(self._runs)

    def remove_network(self, name: str) -> None:
        with self._lock:
            self._networks.pop(name, None)

    def remove_dataset(self, name: str) -> None:
        with self._lock:
            self._datasets.pop(name, None)

    def __len__(self) -> int:
        with self._lock:
            return len(self._networks) + len(self._datasets) + len(self._runs) + len(self._curves)


def _free_name(wanted: str, taken: "dict[str, Parameters] | dict[str, DataSet]") -> str:
    if len(taken) >= MAX_ENTRIES:
        raise ValueError(f"the shelf holds {len(taken)} entries, the most it takes: delete some in the Library")
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-.") or "unnamed"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


class Shelves:
    """All shelves of this server by an unguessable token; the ones unused for longest are forgotten."""

    def __init__(self, at_most: int = MAX_SHELVES) -> None:
        self._lock = threading.Lock()
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()
        self._at_most = at_most

    def get(self, token: str | None) -> Shelf:
        """The shelf with this token, or a new one with a token of its own."""
        with self._lock:
            shelf = self._shelves.get(token or "")
            if shelf is None:
                shelf = Shelf()
                self._shelves[shelf.token] = shelf
            self._shelves.move_to_end(shelf.token)
            while len(self._shelves) > self._at_most:
                self._shelves.popitem(last=False)
            return shelf


@st.cache_resource(show_spinner=False)
def shelves() -> Shelves:
    """The one collection of shelves of this server."""
    return Shelves()
