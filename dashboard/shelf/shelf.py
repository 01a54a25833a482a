"""What a visitor has made or uploaded, kept on the server so that a reload or a second tab finds it again."""

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import PruningPath

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

MAX_SHELVES = 64
MAX_ENTRIES = 64
MOST_UNDONE = 8  # deletions that can be taken back


class Shelf:
    """Networks and data sets by name, and ids of runs. Used by page scripts and by the threads of runs."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(12)
        self._lock = threading.Lock()
        self._lattices: dict[str, dict[str, Any]] = {}
        self._bin: list[tuple[str, str, Any]] = []
        self._networks: dict[str, Parameters] = {}
        self._datasets: dict[str, DataSet] = {}
        self._runs: list[str] = []
        self._curves: dict[str, PruningPath] = {}

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
        """By name; those that name a lattice of this shelf carry its sites along in their run card."""
        with self._lock:
            return {name: self._with_sites(network) for name, network in self._networks.items()}

    def datasets(self) -> "dict[str, DataSet]":
        with self._lock:
            return dict(self._datasets)

    def add_curve(self, curve: PruningPath) -> None:
        """Keep a pruning path, one for each large network."""
        with self._lock:
            self._curves[curve.parent] = curve

    def curves(self) -> dict[str, PruningPath]:
        """PruningPath curves by the fingerprint of the large network."""
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

    def add_lattice(self, name: str, description: dict[str, Any]) -> str:
        """Keep the sites of a lattice (see `described_environment`) for networks that name it; a namesake goes."""
        with self._lock:
            name = _clean(name)
            if name not in self._lattices and len(self._lattices) >= MAX_ENTRIES:
                raise ValueError(f"the shelf holds {len(self._lattices)} lattices, the most it takes")
            self._lattices[name] = description
            return name

    def lattices(self) -> dict[str, dict[str, Any]]:
        """Descriptions of the visitor's own lattices by name."""
        with self._lock:
            return dict(self._lattices)

    def remove_network(self, name: str) -> None:
        self._remove("network", name)

    def remove_dataset(self, name: str) -> None:
        self._remove("data set", name)

    def remove_lattice(self, name: str) -> None:
        self._remove("lattice", name)

    def last_removed(self) -> tuple[str, str] | None:
        """Kind and name of what `restore` would bring back."""
        with self._lock:
            return self._bin[-1][:2] if self._bin else None

    def restore(self) -> str:
        """Bring back what was removed last. Returns the name it goes by.

        Raises:
            ValueError: nothing was removed, or the shelf is full.
        """
        with self._lock:
            if not self._bin:
                raise ValueError("nothing was deleted in this visit")
            kind, name, thing = self._bin[-1]
            kept = self._of(kind)
            name = _free_name(name, kept)
            kept[name] = thing
            self._bin.pop()
            return name

    def rename(self, kind: str, old: str, new: str) -> str:
        """Give a network, data set or lattice another name; it keeps its place. Returns the name it goes by."""
        with self._lock:
            kept = self._of(kind)
            if _clean(new) == old or old not in kept:
                return old
            name = _free_name(new, kept)
            items = [(name if known == old else known, thing) for known, thing in kept.items()]
            kept.clear()
            kept.update(items)
            return name

    def annotate(self, name: str, **facts: Any) -> None:
        """Change entries of a network's run card, such as its tags; None takes an entry away."""
        with self._lock:
            network = self._networks.get(name)
            if network is not None:
                card = {**network.metadata, **facts}
                card = {key: value for key, value in card.items() if value is not None}
                self._networks[name] = replace(network, metadata=card)

    def _remove(self, kind: str, name: str) -> None:
        with self._lock:
            thing = self._of(kind).pop(name, None)
            if thing is not None:
                self._bin = [*self._bin[1 - MOST_UNDONE :], (kind, name, thing)]

    def _of(self, kind: str) -> dict[str, Any]:
        kept: dict[str, dict[str, Any]] = {
            "network": self._networks,
            "data set": self._datasets,
            "lattice": self._lattices,
        }
        return kept[kind]

    def _with_sites(self, network: Parameters) -> Parameters:
        sites = self._lattices.get(network.card.lattice or "")
        return network if sites is None else replace(network, metadata={**network.metadata, "numbering": sites})

    def __len__(self) -> int:
        with self._lock:
            counted = len(self._networks) + len(self._datasets) + len(self._runs)
            return counted + len(self._curves) + len(self._lattices)


def _clean(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "unnamed"


def _free_name(wanted: str, taken: dict[str, Any]) -> str:
    if len(taken) >= MAX_ENTRIES:
        raise ValueError(f"the shelf holds {len(taken)} entries, the most it takes: delete some in the Library")
    stem = _clean(wanted)
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
