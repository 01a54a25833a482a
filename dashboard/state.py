"""Session: what one browser tab is looking at. The only user of st.session_state."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.jobs import Job, Work, job_registry
from dashboard.navigation import page
from dashboard.shelf import Shelf, shelves
from rbfcore.data.bundled import assets_folder
from rbfcore.parameters import Parameters
from rbfcore.storage import read_parameters

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

NETWORK_KEY = "network"  # widget keys that are also names in the address
LARGE_KEY = "large"
PROTOTYPE_KEY = "prototype"
_SHELF_KEY = "shelf"
_RUN_KEY = "run"


class Session:
    """The visitor's shelf, runs and selection, found again after a page switch, a reload or in a second tab.

    The address carries `?shelf=` once there is something on the shelf, and `?run=` while a run is shown.
    """

    def __init__(self) -> None:
        token = st.query_params.get(_SHELF_KEY) or st.session_state.get("_shelf_token")
        self.shelf: Shelf = shelves().get(token)
        st.session_state["_shelf_token"] = self.shelf.token
        if len(self.shelf) and st.query_params.get(_SHELF_KEY) != self.shelf.token:
            st.query_params[_SHELF_KEY] = self.shelf.token

    def networks(self) -> dict[str, Parameters]:
        """Bundled networks, then the visitor's own, by name."""
        return {**bundled_networks(), **self.shelf.networks()}

    def job(self, kind: str) -> Job | None:
        """The run of this kind that the address names, else the one this tab started last."""
        for job_id in (st.query_params.get(_RUN_KEY), st.session_state.get(f"_run_{kind}")):
            job = job_registry().get(job_id)
            if job is not None and job.work.kind == kind:
                self._remember(job)
                return job
        return None

    def start(self, work: Work) -> Job:
        """Start a run and show it from now on.

        Raises:
            ValueError: too many runs are going.
        """
        job = job_registry().start(work)
        self._remember(job)
        return job

    def _remember(self, job: Job) -> None:
        st.session_state[f"_run_{job.work.kind}"] = job.id
        if st.query_params.get(_RUN_KEY) != job.id:
            st.query_params[_RUN_KEY] = job.id

    def look_at(self, network: str, prototype: int | None = None) -> None:
        """Make the pickers of the next page show this network and this prototype (1 ... M)."""
        st.session_state[NETWORK_KEY] = network
        if prototype is not None:
            st.session_state[PROTOTYPE_KEY] = prototype

    def open_gallery(self, network: str) -> None:
        """Leave this page for the gallery."""
        self.look_at(network)
        st.switch_page(page("prototypes"))

    def open_pruning(self, network: str) -> None:
        """Leave this page for pruning this network."""
        st.session_state[LARGE_KEY] = network
        st.switch_page(page("prune"))

    def offer_for_pruning(self, network: str) -> None:
        """Make the prune page start from this network, once."""
        if self.changed("offered", network):
            st.session_state[LARGE_KEY] = network

    def open_inspector(self, network: str, prototype: int) -> None:
        """Leave this page for the inspector."""
        self.look_at(network, prototype)
        st.switch_page(page("inspect"))

    def step_prototype(self, by: int, count: int) -> None:
        """Move the inspector's selection, around the end."""
        now = int(st.session_state.get(PROTOTYPE_KEY) or 1)
        st.session_state[PROTOTYPE_KEY] = (now - 1 + by) % count + 1

    def has_choice(self, key: str) -> bool:
        """Whether something has been picked under `key`; a picker then needs no default."""
        return key in st.session_state

    def keep_choice(self, key: str, options: Sequence[object]) -> None:
        """Forget what was picked under `key` when it is no longer on offer, so that the picker starts afresh."""
        if key in st.session_state and st.session_state[key] not in options:
            del st.session_state[key]

    def uploads(self) -> dict[str, tuple[bool, str]]:
        """Uploads dealt with so far: id -> whether it worked, and what to say about it."""
        seen: dict[str, tuple[bool, str]] = st.session_state.setdefault("_uploads", {})
        return seen

    def changed(self, name: str, value: Any) -> bool:
        """Whether `value` differs from the one given under this name before. False the first time for None."""
        key = f"_seen_{name}"
        before = st.session_state.get(key)
        st.session_state[key] = value
        return bool(value != before)


@st.cache_resource(show_spinner=False)
def bundled_networks() -> dict[str, Parameters]:
    """The networks that ship with the program, by file name. Shared: not to be changed."""
    files = (Path(assets_folder()) / "networks").glob("*.safetensors")
    return {path.stem: read_parameters(path) for path in sorted(files, key=lambda path: path.stem)}


@st.cache_resource(show_spinner=False, max_entries=4)
def bundled_dataset(name: str) -> "DataSet":
    """A data set that ships with the program. Shared: not to be changed."""
    from rbfcore.data.load import load_dataset

    return load_dataset(name)
