"""Train a network on barrier data and watch the error fall."""

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.train.errors_on_test import errors_on_test
from dashboard.app_pages.train.interrupted import interrupted_trainings
from dashboard.drawing.words import duration, pace
from dashboard.figures.training_chart import training_curve
from dashboard.pickers.dataset_picker import dataset_picker
from dashboard.runs.expected_time import epoch_seconds
from dashboard.runs.jobs import Status
from dashboard.runs.work import TrainChoice, train_work
from dashboard.session.session import Session
from dashboard.widgets.data_story import data_in_figures, data_story
from dashboard.widgets.dropdown import dropdown
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import network_downloads
from dashboard.widgets.progress import live, run_header
from dashboard.widgets.unfolding import unfolding
from dashboard.widgets.whole_number import whole_number

if TYPE_CHECKING:
    from dashboard.runs.outcomes import TrainJob, TrainView
    from rbfcore.data.dataset import DataSet
    from rbfcore.training.train import TrainStep

_RECIPES = {
    "fast": "Fast: batches of 256, cosine rate over a fixed number of epochs",
    "paper": "Paper: Adam, batches of 64, rate × 0.1 after ten epochs without improvement",
}

_WHAT_HAPPENS = r"""
Training fits

$$
f(x) = \alpha + \sum_{i=1}^{K} \beta_i \, e^{-\gamma |x - \theta_i|^2}
$$

to the training rows by least squares; the network with the best validation error is kept and judged on test rows that
share no symmetric image with any row it has seen. Choose data and settings, then start: the curve appears here.
"""


_SYMMETRY: dict[str, dict[str, object]] = {
    "Tie symmetric centroids": {"tied_orbits": True},
    "Show random symmetric images": {"symmetric_images": True},
    "Rows as stored": {},
}
_SYMMETRY_HELP = (
    "Symmetric images of an environment have the same barrier, but the rows hold one image of each. Tied centroids "
    "make the network exactly symmetric (K is a multiple of the symmetry's order, 4 for FCC); random images teach the "
    "symmetry; rows as stored, as in the paper, leave the network ignorant of other orientations."
)


def train_page() -> None:
    session = Session()
    st.title("Train")
    settings, stage = st.columns([1.1, 2.6], gap="large")
    job = session.job("train")
    with settings:
        data = dataset_picker(session)
        data_in_figures(data)
        choice = train_settings(session, len(data), on_lattice=data.lattice is not None)
        busy = job is not None and job.view().active
        possible = False
        with one_line_on_error():
            if not busy:
                st.caption(expected_time(choice, data))
            possible = not busy
        if st.button("Start training", type="primary", disabled=not possible, width="stretch"):
            with st.spinner("Starting"), one_line_on_error():
                job = session.start(train_work(data, choice, session.shelf))
                st.rerun()
    with stage:
        if not busy:
            interrupted_trainings(session)
        if job is None:
            st.markdown(_WHAT_HAPPENS)
            st.subheader(f"The rows of {data.name}")
            data_story(data)
        else:
            shown = run_header(job)
            live(job, shown, lambda view: show_training(job, view))
            show_trained(session, job, shown)
            unfolding(f"The rows of {data.name}", "rows", lambda: data_story(data))


def train_settings(session: Session, n_rows: int, *, on_lattice: bool) -> TrainChoice:
    """K, recipe, symmetry, seed, split."""
    recipe = dropdown(session.address, "Recipe", "recipe", list(_RECIPES), explanation="; ".join(_RECIPES.values()))
    k_field, seed_field = st.columns(2)
    k = whole_number(session.address, "Centroids K", "train_k", 1024, 1, 8192, k_field)
    seed = whole_number(session.address, "Seed", "train_seed", 0, 0, place=seed_field)
    overrides: dict[str, object] = {}
    if on_lattice:
        symmetry = dropdown(
            session.address, "Symmetry of the lattice", "symmetry", list(_SYMMETRY), explanation=_SYMMETRY_HELP
        )
        overrides.update(_SYMMETRY[symmetry])
    with st.expander("Split and limits"):
        n_train = st.number_input("Training rows", 1, n_rows, int(0.8 * n_rows), key=f"n_train_{n_rows}")
        n_validation = st.number_input("Validation rows", 1, n_rows, int(0.1 * n_rows), key=f"n_validation_{n_rows}")
        st.caption("All other rows are the test set. Symmetric images of a row stay on its side.")
        epochs = st.number_input(
            "At most so many epochs", 1, None, None, placeholder="as the recipe says", key="epochs"
        )
    if epochs is not None:
        overrides["max_epochs"] = epochs
    return TrainChoice(k, recipe, seed, n_train, n_validation, overrides)


def expected_time(choice: TrainChoice, data: "DataSet") -> str:
    """How long a training will take, by the pace of a few batches tried on this machine.

    Raises:
        ValueError: settings that do not fit the data.
    """
    from rbfcore.training.pace import PLATEAU_EPOCHS
    from rbfcore.training.settings import train_settings as settings_of

    # Limit and seed do not change the pace: what was measured with others serves.
    paced = {name: value for name, value in choice.overrides.items() if name != "max_epochs"}
    settings = settings_of(choice.n_centroids, choice.recipe, 0, data.coding, **paced)
    rows = choice.n_train or len(data), choice.n_validation or 0
    epoch = epoch_seconds(settings, *rows, data.n_inputs, data.lattice)
    limit = choice.overrides.get("max_epochs", settings.max_epochs)
    if limit is not None:
        return f"Takes about {duration(max(1, limit * epoch))}: {limit} epochs at most, {pace(epoch)} each."
    return f"Takes about {duration(max(1, PLATEAU_EPOCHS * epoch))}: {pace(epoch)} an epoch, often {PLATEAU_EPOCHS}."


def show_training(job: "TrainJob", view: "TrainView") -> None:
    """The curve so far and what can honestly be said about the time left."""
    step, unit = view.snapshot, job.work.about.unit
    if step is None:
        st.caption("Getting ready: the first epoch is on its way.")
        return
    epoch, best, each = st.columns(3)
    epoch.metric("Epoch", step.epoch)
    best.metric(f"Best validation RMSE{', ' + unit if unit else ''}", f"{step.best_validation_rmse:.4f}")
    seconds = _epoch_seconds(job, view)
    each.metric("Time per epoch", "…" if seconds is None else pace(seconds))
    st.plotly_chart(training_curve(view.history, unit), key="training_curve", config={"displayModeBar": False})
    st.caption(_outlook(job, view, step))


def _epoch_seconds(job: "TrainJob", view: "TrainView") -> float | None:
    """Time of an epoch in this run, without those that an interrupted one had behind it; None before the first."""
    done = 0 if view.snapshot is None else view.snapshot.epoch - job.work.about.resumed_after
    return view.seconds / done if done > 0 else None


def _outlook(job: "TrainJob", view: "TrainView", step: "TrainStep") -> str:
    about = job.work.about
    rows = f"{about.n_train:,} training, {about.n_validation:,} validation, {about.n_test:,} test"
    since = f" since it went on after epoch {about.resumed_after}" if about.resumed_after else " so far"
    passed = f"{rows} rows. {duration(view.seconds)}{since}"
    if not view.active:
        return f"{passed}."
    epoch = _epoch_seconds(job, view)
    if about.max_epochs and epoch is not None:
        left = (about.max_epochs - step.epoch) * epoch
        return f"{passed}; at most {duration(left)} more for {about.max_epochs} epochs."
    if about.max_epochs:
        return f"{passed}."
    return (
        f"{passed}. The run ends when the learning rate, now {step.learning_rate:.0e}, falls below "
        f"{about.stop_below:.0e}; when that happens depends on the data."
    )


def show_trained(session: Session, job: "TrainJob", view: "TrainView") -> None:
    """Test error beside what the simplest models reach, and the way on."""
    outcome = view.outcome
    if view.status not in (Status.FINISHED, Status.STOPPED) or outcome is None:
        return
    with one_line_on_error():
        name = session.shelf.add_network(outcome.name, outcome.network)
        errors_on_test(outcome, job.work.about.unit)
        st.markdown(f":material/inventory_2: On the shelf as **{name}**.")
        with st.container(horizontal=True):
            if st.button("Prune it to prototypes", icon=":material/content_cut:"):
                session.open_pruning(name)
            network_downloads(name, outcome.network, key="trained")
