"""Session: what one browser tab is looking at. The only user of st.session_state."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard.runs.jobs import Job, Work, job_registry
from dashboard.session.history import History, read_code
from dashboard.session.navigation import page
from dashboard.session.streamlit_internals import page_shown
from dashboard.shelf.bundled import bundled_curves, bundled_networks
from dashboard.shelf.shelf import Shelf, shelves
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import PruningPath

NETWORK_KEY = "network"  # names of choices, in the address too
LARGE_KEY = "large"
DATA_KEY = "data"
PROTOTYPE_KEY = "prototype"
SIZE_KEY = "m"
FIRST_KEY, SECOND_KEY = "a", "b"
VIEW_KEY = "view"
ENVIRONMENT_KEY = "env"
_SHELF_KEY = "shelf"
_RUN_KEY = "run"
_PAGE_OF = {"path": "prototypes"}  # where runs are shown whose kind is not the name of a page


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

    def parent(self, network: Parameters) -> tuple[str, Parameters] | None:
        """Name and parameters of the network that this one was pruned from, if it is at hand."""
        wanted = network.metadata.get("parent")
        for name, candidate in self.networks().items():
            if wanted and wanted in (candidate.metadata.get("fingerprint"), candidate.fingerprint()):
                return name, candidate
        return None

    def curve(self, parent: str) -> PruningPath | None:
        """The pruning path of the large network with this fingerprint."""
        return self.shelf.curves().get(parent) or bundled_curves().get(parent)

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
        st.switch_page(page(_PAGE_OF.get(job.work.kind, job.work.kind)))

    def _remember(self, job: Job) -> None:
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

    def change(self, **choices: object) -> None:
        """Change choices of this page, by their names in the address, and draw it anew."""
        self.note("changes", choices)
        st.rerun(scope="app")

    def apply_changes(self) -> None:
        """At the top of a page: what `change` has asked for, before any picker is drawn."""
        changes = self.note("changes") or {}
        for name in changes:
            for key in (name, f"{name}_list", f"{name}_buttons"):
                st.session_state.pop(key, None)
        self._chosen().update(changes)

    def history(self, n_sites: int, start: Callable[[], int]) -> History:
        """The what-if environments of this visit, beginning with the one in the address.

        Raises:
            ValueError: the address names no environment of these sites; `start` is shown from then on.
        """
        key = f"_history_{n_sites}"
        if key not in st.session_state:
            asked = st.query_params.get(ENVIRONMENT_KEY)
            try:
                st.session_state[key] = History((), read_code(asked, n_sites) if asked else start())
            except ValueError:
                st.session_state[key] = History((), start())
                raise
        history: History = st.session_state[key]
        return history

    def remember(self, history: History, n_sites: int) -> None:
        st.session_state[f"_history_{n_sites}"] = history

    def sequence(self, number: int | None = None) -> int:
        """Number of the last change by click that has been taken in; remembers a new one."""
        if number is not None:
            st.session_state["_sequence"] = number
        return int(st.session_state.get("_sequence", 0))

    def entered(self, widget: str) -> object:
        """What stands in a field; for its callback."""
        return st.session_state.get(widget)

    def told(self, component: str, name: str) -> Any:
        """What a component of our own has just told under this name; for its callbacks."""
        state = st.session_state.get(component)
        return None if state is None else state.get(name)

    def note(self, name: str, value: object = None) -> Any:
        """Leave a note for the next run, or take the one that is there."""
        if value is not None:
            st.session_state[f"_note_{name}"] = value
            return value
        return st.session_state.pop(f"_note_{name}", None)

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
        if not self._drawn_here(key):
            st.session_state.pop(key, None)
            asked = self._chosen().get(name, st.query_params.get(name))
            for option in options:
                if str(option) == str(asked):
                    st.session_state[key] = option
        elif st.session_state[key] not in options:
            del st.session_state[key]
        return key in st.session_state

    def suggest(self, widget: str, value: object) -> None:
        """Before a picker without a value is drawn: the value to begin with."""
        st.session_state.setdefault(widget, value)

    def size(self, curve: PruningPath) -> int:
        """Which size of a pruning path is looked at; see `recall` and `suggest`."""
        return int(st.session_state.get(SIZE_KEY, curve.sizes[-1]))

    def recall_number(self, name: str, default: float, low: float, high: float) -> None:
        """As `recall`, for a field of numbers, whole ones where the default is one: what is out of bounds or no number
        becomes the default."""
        if not self._drawn_here(name):
            try:
                asked = type(default)(float(str(self._chosen().get(name, st.query_params.get(name, default)))))
            except (ValueError, OverflowError):
                asked = default
            st.session_state[name] = asked if low <= asked <= high else default

    def _drawn_here(self, key: str) -> bool:
        """Whether this page has drawn the picker before. What Streamlit still holds under the key of a picker of
        another page does not reach a picker of this one, even if it looks the same; of this one it is sent again."""
        here = page_shown()
        pages: dict[str, str] = st.session_state.setdefault("_drawn_on", {})
        known = pages.get(key) == here and key in st.session_state
        pages[key] = here
        if known:
            _tell_again(key)
        return known

    def asked(self, name: str) -> str | None:
        """A choice without a picker, as it was published or as the address has it."""
        value = self._chosen().get(name, st.query_params.get(name))
        return None if value is None else str(value)

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
        else:
            _tell_again(widget)

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


def _tell_again(widget: str) -> None:
    """Send the browser a value that it should have by now. It forgets what the first run of a page sent when a second
    one follows at once, as when a link is clicked while its page is still coming, and would show no choice."""
    st.session_state[widget] = st.session_state[widget]
