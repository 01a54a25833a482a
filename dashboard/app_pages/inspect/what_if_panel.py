"""What if: an environment to change site by site, with barrier, rate, way back, and what it rests on."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.app_pages.inspect.prototype_view import LOOK_KEY, MOST_SITES_APART, Inspected
from dashboard.app_pages.inspect.what_if_forms import AskedEnvironment
from dashboard.app_pages.inspect.what_if_start import start_controls
from dashboard.drawing.words import scientific
from dashboard.export.prototype_forms import NETWORK_FILE, Prototypes
from dashboard.session.address import ENVIRONMENT_KEY
from dashboard.session.history import History, Visit
from dashboard.session.notes import told
from dashboard.session.session import Session
from dashboard.shelf.training_rows import training_rows
from dashboard.viewer.what_if import KEY, what_if_data, what_if_view
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import form_button, form_buttons
from rbfcore.data.nearest import MOST_INPUTS, Neighbours
from rbfcore.distributions.recorded import UNIFORM, distribution_text, is_of_occupations
from rbfcore.explain.what_if import Answer, ask, contradictions
from rbfcore.lattice.codes import code_of, filled_of
from rbfcore.parameters import Parameters
from rbfcore.rates import rate

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

_FAR = 0.05  # share of training environments as far from their nearest; below it, an environment counts as far
_REFERENCES = {"alike": "p(x) of the prototypes", "data": "sites filled as in the data"}
_MODELS = {"network": "Network f_K", "prototypes": "Prototypes f_M"}


def what_if_panel(session: Session, shown: Inspected) -> None:
    """The whole view. Only this part is drawn again after a click."""
    if shown.env is None and not is_of_occupations(distribution_text(shown.network.card)):
        st.info(
            "What if works on inputs that are −1 or +1 (sites, or a network pruned under bernoulli:…). The inputs of "
            "this network are real numbers: see its prototypes under Prototype, its indices with `rbfscope explain`.",
            icon=":material/info:",
        )
        return
    place = st.empty()
    place.caption("Loading what computes exact shares: a few seconds, the first time only.")
    import rbfcore.explain.case  # noqa: F401 - torch, so that a click does not wait for it

    place.empty()
    st.fragment(lambda: _panel(session, shown), key="what_if_panel")()


def _panel(session: Session, shown: Inspected) -> None:
    opened = session.notes.take("opened")
    if opened is not None:
        session.address.change(view="prototype", prototype=opened)
    n_sites = shown.network.n_inputs
    neighbours = training_rows(session.shelf.datasets(), shown.chosen.parent, shown.network)
    history = _history(session, shown, neighbours)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        history = start_controls(session, shown, history, neighbours)
        network = _model(session, shown)
        p = _reference(session, shown, neighbours)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        place = st.container(horizontal=True, gap="medium", width="content")
        temperature, prefactor = _conditions(session)
    session.address.publish(ENVIRONMENT_KEY, history.now, default=None)
    filled = filled_of(history.now, n_sites)
    with one_line_on_error():
        answer = ask(network, shown.network, p, filled, shown.env)
        with place:
            figures(shown, answer, temperature, prefactor)
        _warn(answer, neighbours, filled, network.card.unit or "")
        _draw(session, shown, answer, network, filled, history)
        if n_sites <= MOST_INPUTS:
            name = shown.chosen.file_name if network is shown.network else str(shown.chosen.parent_name)
            asked = AskedEnvironment(name, history.now, network, shown.env, filled, answer, p.describe())
            with st.container(horizontal=True):
                form_buttons(asked, "what_if")
                form_button(NETWORK_FILE, Prototypes(name, network), "what_if")


def _history(session: Session, shown: Inspected, neighbours: Neighbours | None) -> History:
    n_sites = shown.network.n_inputs
    visit = Visit(n_sites)
    pattern = code_of(shown.network.centroids[shown.index] > 0)

    def start() -> int:
        if neighbours is None:
            return pattern
        row = neighbours.nearest(filled_of(pattern, n_sites), 1).row[0]
        return code_of(neighbours.data.x[row] > 0)

    try:
        visit.begin(start)
    except ValueError as error:
        st.warning(f"{error} (shown instead: the environment nearest to this prototype)", icon=":material/link_off:")
    asked = session.notes.take("environment")
    if asked is not None:
        visit.go(int(asked))
    return visit.history()


def _model(session: Session, shown: Inspected) -> Parameters:
    """Which function is asked: the large network where it is at hand, or the prototypes themselves."""
    large = shown.chosen.parent
    if large is None or large is shown.network:
        return shown.network
    has_value = session.address.recall("model", list(_MODELS))
    model = st.segmented_control(
        "Ask",
        list(_MODELS),
        format_func=_MODELS.__getitem__,
        default=None if has_value else "network",
        required=True,
        key="model",
        help="Barrier, rate, shares and way back are those of this function; the other prediction is shown beside.",
    )
    session.address.publish("model", model, default="network")
    return large if model == "network" else shown.network


def _reference(session: Session, shown: Inspected, neighbours: Neighbours | None) -> "InputDistribution":
    """The p(x) that Shapley values compare with."""
    import rbfcore as rc

    text = distribution_text(shown.network.card)
    if neighbours is not None:
        has_value = session.address.recall("reference", list(_REFERENCES))
        chosen = st.selectbox(
            "Shares compare with",
            list(_REFERENCES),
            index=None if has_value else 0,
            format_func=_REFERENCES.__getitem__,
            key="reference",
            width=215,
            help="p(x) of the mean that the Shapley values start from. In the data, equivalent sites count together.",
        )
        session.address.publish("reference", chosen, default="alike")
        if chosen == "data":
            q = (neighbours.data.x > 0).mean(0, dtype=np.float64)
            if shown.env is not None:
                q = q[shown.env.symmetry].mean(0)
            return rc.Bernoulli(np.clip(q, 1e-6, 1 - 1e-6))
    return rc.parse_distribution(text if text is not None and is_of_occupations(text) else UNIFORM)


def _conditions(session: Session) -> tuple[float, float]:
    session.address.recall_number("T", 300.0, 1.0, 5000.0)
    session.address.recall_number("nu0", 1e13, 1.0, 1e20)
    temperature = st.number_input("T, K", 1.0, 5000.0, key="T", step=50.0, format="%.0f", width=95)
    prefactor = st.number_input(
        "Prefactor ν₀, Hz", 1.0, 1e20, key="nu0", step=1e12, format="%.1e", width=115, help="10¹² to 10¹³ is usual."
    )
    session.address.publish("T", temperature, default=300.0)
    session.address.publish("nu0", prefactor, default=1e13)
    return temperature, prefactor


def figures(shown: Inspected, answer: Answer, temperature: float, prefactor: float) -> None:
    """Barrier, rate, way back and the rest, side by side."""
    case = answer.case
    unit = shown.network.card.unit or ""
    in_unit = f", {unit}" if unit else ""
    is_barrier = unit == "eV"
    st.metric(f"{'Barrier E' if is_barrier else 'Prediction'}{in_unit}", _number(case.value), width="content")
    if is_barrier:
        speed = float(rate(case.value, temperature, prefactor))
        st.metric(
            f"Rate at {temperature:.0f} K, Hz",
            scientific(speed),
            width="content",
            help=f"Eq. (1), ν₀ exp(−E/kT). One jump every {scientific(1 / speed) if speed else '∞'} s.",
        )
    if case.reverse is not None and case.reaction is not None:
        st.metric(f"Way back{in_unit}", _number(case.reverse), width="content")
        st.metric(
            f"E_final − E_initial{in_unit}",
            _number(case.reaction),
            width="content",
            help="Forward less reverse barrier.",
        )
        st.metric(
            f"Spread over {len(case.images)} images{in_unit}",
            _number(case.spread),
            width="content",
            help="Largest less smallest prediction of the symmetric images, which have one and the same barrier: "
            + ", ".join(_number(value) for value in case.images),
        )


def _warn(answer: Answer, neighbours: Neighbours | None, filled: np.ndarray, unit: str) -> None:
    if unit == "eV":
        for line in contradictions(answer.case, unit):
            st.warning(line, icon=":material/warning:")
    if neighbours is None:
        st.caption("How far this is from the training data is not known: its data set is not at hand.")
        return
    nearest = neighbours.nearest(filled, 1)
    distance, share = int(nearest.distance[0]), neighbours.share_at_least(int(nearest.distance[0]))
    value = f"{neighbours.data.y[nearest.row[0]]:.4f} {unit}".strip()
    if distance == 0:
        st.caption(f":material/database: A training environment: {value} in the data.")
        return
    usual = "less than 0.5 %" if share < 0.005 else f"{share:.0%}".replace("%", " %")
    sites = "site" if distance == 1 else "sites"
    line = (
        f"The nearest training environment differs in {distance} {sites} ({value} in the data); {usual} of the "
        "training environments are as far from the nearest other one."
    )
    if share < _FAR:
        st.warning(f"Far from the data. {line}", icon=":material/explore_off:")
    else:
        st.caption(f":material/database: {line}")


def _draw(
    session: Session, shown: Inspected, answer: Answer, network: Parameters, filled: np.ndarray, history: History
) -> None:
    visit = Visit(len(filled))
    data = what_if_data(
        network,
        shown.env,
        filled,
        answer.case,
        flips=answer.flips,
        terms=answer.terms,
        term_names=[str(number) for number in answer.numbers],
        terms_title=_terms_title(shown, answer),
        title=f"Environment {history.now}",
        palette=shown.drawing.palette,
    )

    def on_change() -> None:
        change = told(KEY, "change")
        if change is not None and visit.is_news(int(change["seq"])):
            visit.go(code_of(sign == "1" for sign in change["filled"]))

    def on_step() -> None:
        back = (told(KEY, "step") or 0) < 0
        (visit.undo if back else visit.redo)()

    def on_prototype() -> None:
        number = told(KEY, "prototype")
        if number is not None:
            session.notes.leave("opened", answer.numbers[int(number)])

    def on_look() -> None:
        session.address.publish(LOOK_KEY, told(KEY, "look") or MOST_SITES_APART, default=MOST_SITES_APART)

    what_if_view(
        data | {"seq": visit.last_click()},
        surface=shown.network.card.surface,
        look=session.address.asked(LOOK_KEY) or MOST_SITES_APART,
        on_change=on_change,
        on_step=on_step,
        on_prototype=on_prototype,
        on_look=on_look,
    )


def _terms_title(shown: Inspected, answer: Answer) -> str:
    if shown.network.n_centroids > len(answer.terms):
        return f"Largest {len(answer.terms)} of the {shown.network.n_centroids} terms of the network"
    gap = answer.pruned_value - answer.case.value
    off = f", {_number(abs(gap))} {'above' if gap > 0 else 'below'} the network" if abs(gap) > 1e-9 else ""
    alpha = _number(answer.terms_offset)
    return f"What the prototypes add: α + Σ = {alpha} + terms = {_number(answer.pruned_value)}{off}"


def _number(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")
