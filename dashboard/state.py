"""Session: what one browser tab is looking at. The only user of st.session_state."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.jobs import Job, Work, job_registry
from dashboard.navigation import page
from dashboard.shelf import Shelf, shelves
from rbfcore.data.bundled import assets_folder
from rbfcore.parameters import Parameters
from rbfcore.storage import read_parameters

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

NETWORK_KEY = "network"  # names of choices, in the address too
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
        self._name_shelf_in_address()

    def _name_shelf_in_address(self) -> None:
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
        self.shelf.add_run(job.id)
        self._name_shelf_in_address()
        self._remember(job)
        return job

    def runs(self) -> list[Job]:
        """Runs started from this shelf that the server still knows, newest first."""
        found = (job_registry().get(job_id) for job_id in reversed(self.shelf.runs()))
        return [job for job in found if job is not None]

    def open_run(self, job: Job) -> None:
        """Leave this page for the one that shows this run."""
        st.session_state[f"_run_{job.work.kind}"] = job.id
        st.switch_page(page(job.work.kind))

    def _remember(self, job: Job) -> None:
        st.session_state[f"_run_{job.work.kind}"] = job.id
        if st.query_params.get(_RUN_KEY) != job.id:
            st.query_params[_RUN_KEY] = job.id

    def open_gallery(self, network: str) -> None:
        """Leave this page for the gallery of this network."""
        self._open("prototypes", {NETWORK_KEY: network})

    def open_inspector(self, network: str, prototype: int) -> None:
        """Leave this page for one prototype (1 ... M) of this network."""
        self._open("inspect", {NETWORK_KEY: network, PROTOTYPE_KEY: prototype})

    def open_pruning(self, network: str) -> None:
        """Leave this page for pruning this network."""
        self._open("prune", {LARGE_KEY: network})

    def _open(self, name: str, choices: dict[str, object]) -> None:
        self._chosen().update(choices)
        st.switch_page(page(name))

    def step_prototype(self, by: int, count: int) -> None:
        """Move the inspector's selection, around the end."""
        now = int(st.session_state.get(PROTOTYPE_KEY) or 1)
        st.session_state[PROTOTYPE_KEY] = (now - 1 + by) % count + 1

    def recall(self, name: str, options: Sequence[object], widget: str | None = None) -> bool:
        """Before a picker is drawn: give it what was chosen under this name on another page, or what the address asks
        for; forget what is no longer on offer.

        Streamlit's own binding of widgets to the address refuses to leave a page from code, hence this one.

        Args:
            name: what the choice is called in the address.
            options: what is on offer.
            widget: key of the picker, `name` by default.

        Returns:
            Whether the picker has a value; if not, it needs a default.
        """
        key = widget or name
        if key not in st.session_state:
            asked = self._chosen().get(name, st.query_params.get(name))
            for option in options:
                if str(option) == str(asked):
                    st.session_state[key] = option
        elif st.session_state[key] not in options:
            del st.session_state[key]
        return key in st.session_state

    def publish(self, name: str, value: object, default: object) -> None:
        """After a picker: remember its value, and put it into the address unless it is the default."""
        self._chosen()[name] = value
        if value == default:
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)

    def recall_text(self, name: str, default: str, widget: str) -> None:
        """As `recall`, before a field of text: what was written, or the address says, or the default."""
        if widget not in st.session_state:
            st.session_state[widget] = str(self._chosen().get(name, st.query_params.get(name, default)))

    def recall_several(self, name: str, options: Sequence[str], default: Sequence[str]) -> None:
        """As `recall`, before a picker of several: what was chosen, or the address asks for, or the default."""
        if name not in st.session_state:
            asked = str(self._chosen().get(name, st.query_params.get(name, "")))
            st.session_state[name] = [part for part in asked.split(",") if part in options] or list(default)
        else:
            st.session_state[name] = [part for part in st.session_state[name] if part in options]

    def _chosen(self) -> dict[str, object]:
        chosen: dict[str, object] = st.session_state.setdefault("_chosen", {})
        return chosen

    def uploads(self) -> dict[str, tuple[bool, str]]:
        """Uploads dealt with so far: id -> whether it worked, and what to say about it."""
        seen: dict[str, tuple[bool, str]] = st.session_state.setdefault("_uploads", {})
        return seen


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
