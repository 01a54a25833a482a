"""Session: what one browser tab is looking at."""

from typing import TYPE_CHECKING, Any, Literal, overload

import streamlit as st

from dashboard.runs.jobs import AboutT, Job, OutcomeT, SnapshotT, Work, job_registry
from dashboard.session.address import (
    DATA_KEY,
    FIRST_KEY,
    LARGE_KEY,
    NETWORK_KEY,
    PROTOTYPE_KEY,
    SIZE_KEY,
    VIEW_KEY,
    Address,
)
from dashboard.session.navigation import page
from dashboard.session.notes import Notes
from dashboard.shelf.bundled import bundled_curves, bundled_networks
from dashboard.shelf.shelf import Shelf, shelves
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import PruningPath

if TYPE_CHECKING:
    from dashboard.runs.outcomes import PathJob, PruneJob, TrainJob

_SHELF_KEY = "shelf"
_RUN_KEY = "run"
_PAGE_OF = {"path": "prototypes"}  # where runs are shown whose kind is not the name of a page


class Session:
    """The visitor's shelf, runs and selection, found again after a page switch, a reload or in a second tab.

    The address carries `?shelf=` once there is something on the shelf, and `?run=` while a run is shown.

    Attributes:
        shelf: what the visitor has.
        address: the choices of the pickers.
        notes: what one run of a page leaves for the next.
    """

    def __init__(self) -> None:
        self.address = Address()
        self.notes = Notes()
        token = st.query_params.get(_SHELF_KEY) or st.session_state.get("_shelf_token")
        self.shelf: Shelf = shelves().get(token)
        st.session_state["_shelf_token"] = self.shelf.token
        self._name_shelf_in_address()

    def _name_shelf_in_address(self) -> None:
        if len(self.shelf) and st.query_params.get(_SHELF_KEY) != self.shelf.token:
            st.query_params[_SHELF_KEY] = self.shelf.token

    def networks(self) -> dict[str, Parameters]:
        """Bundled networks, then the visitor's own, by name."""
        return {**bundled_networks(), **self.shelf.networks()}

    def parent(self, network: Parameters) -> tuple[str, Parameters] | None:
        """Name and parameters of the network that this one was pruned from, if it is at hand."""
        wanted = network.card.parent
        for name, candidate in self.networks().items():
            if wanted and wanted in (candidate.card.fingerprint, candidate.fingerprint()):
                return name, candidate
        return None

    def curve(self, parent: str) -> PruningPath | None:
        """The pruning path of the large network with this fingerprint."""
        return self.shelf.curves().get(parent) or bundled_curves().get(parent)

    @overload
    def job(self, kind: Literal["prune"]) -> "PruneJob | None": ...
    @overload
    def job(self, kind: Literal["path"]) -> "PathJob | None": ...
    @overload
    def job(self, kind: Literal["train"]) -> "TrainJob | None": ...
    def job(self, kind: str) -> Job[Any, Any, Any] | None:
        """The run of this kind that the address names, else the one this tab started last."""
        for job_id in (st.query_params.get(_RUN_KEY), st.session_state.get(f"_run_{kind}")):
            job = job_registry().get(job_id)
            if job is not None and job.work.kind == kind:
                self._remember(job)
                return job
        return None

    def start(self, work: Work[SnapshotT, OutcomeT, AboutT]) -> Job[SnapshotT, OutcomeT, AboutT]:
        """Start a run and show it from now on.

        Raises:
            ValueError: too many runs are going.
        """
        job = job_registry().start(work)
        self.shelf.add_run(job.id)
        self._name_shelf_in_address()
        self._remember(job)
        return job

    def runs(self) -> list[Job[Any, Any, Any]]:
        """Runs started from this shelf that the server still knows, newest first."""
        known = (job_registry().get(job_id) for job_id in reversed(self.shelf.runs()))
        return [job for job in known if job is not None]

    def open_run(self, job: Job[Any, Any, Any]) -> None:
        """Leave this page for the one that shows this run."""
        st.session_state[f"_run_{job.work.kind}"] = job.id
        st.switch_page(page(_PAGE_OF.get(job.work.kind, job.work.kind)))

    def _remember(self, job: Job[Any, Any, Any]) -> None:
        st.session_state[f"_run_{job.work.kind}"] = job.id
        if st.query_params.get(_RUN_KEY) != job.id:
            st.query_params[_RUN_KEY] = job.id

    def open_gallery(self, network: str) -> None:
        """Leave this page for the gallery of this network."""
        self._open("prototypes", {NETWORK_KEY: network})

    def open_inspector(self, network: str, prototype: int, size: int | None = None) -> None:
        """Leave this page for one prototype (1 ... M) of this network, or of another size on its pruning path."""
        choices: dict[str, object] = {NETWORK_KEY: network, PROTOTYPE_KEY: prototype, VIEW_KEY: "prototype"}
        self._open("inspect", choices if size is None else choices | {SIZE_KEY: size})

    def open_pruning(self, network: str) -> None:
        """Leave this page for pruning this network."""
        self._open("prune", {LARGE_KEY: network})

    def open_training(self, dataset: str) -> None:
        """Leave this page for training on this data set."""
        self._open("train", {DATA_KEY: dataset})

    def open_comparison(self, network: str) -> None:
        """Leave this page for the comparison of this pruned network with another one."""
        self._open("compare", {FIRST_KEY: network})

    def _open(self, name: str, choices: dict[str, object]) -> None:
        self.address.choose(choices)
        st.switch_page(page(name))
