"""Taking results away: a button for each form that a result can be written in, rarer ones a click further."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.drawing.style import Drawing
from dashboard.export.explanation_forms import ExplainedNetwork
from dashboard.export.formats import Form, Subject, forms_of
from dashboard.export.prototype_forms import NETWORK_FILE, Background, Prototypes
from dashboard.session.session import Session
from dashboard.widgets.downloads import download
from dashboard.widgets.response_exports import response_exports
from rbfcore.distributions.recorded import recorded_fingerprint
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation


def export_bar(
    subject: Subject,
    key: str,
    *,
    rare: bool = False,
    complete: Callable[[Subject], Subject] = lambda subject: subject,
) -> None:
    """Download buttons in a row, one for each form of the subject; a file is made when its button is pressed.

    Args:
        key: names this row among those on the page.
        rare: the rarer forms instead of the usual ones.
        complete: adds what takes time to find, before a file is made.
    """
    with st.container(horizontal=True):
        form_buttons(subject, key, rare=rare, complete=complete)


def form_buttons(
    subject: Subject,
    key: str,
    *,
    rare: bool = False,
    complete: Callable[[Subject], Subject] = lambda subject: subject,
) -> None:
    """The buttons of `export_bar`, in whatever row they are drawn."""
    for form in forms_of(type(subject)):
        if form.rare == rare:
            form_button(form, subject, key, complete)


def form_button(
    form: Form[Subject],
    subject: Subject,
    key: str,
    complete: Callable[[Subject], Subject] = lambda subject: subject,
) -> None:
    """One form: left out where it makes no sense, disabled with the reason where the reason can be dealt with."""
    lacking = form.lacking(subject)
    if lacking is None or not lacking.hides:
        impossible = "" if lacking is None else lacking.otherwise
        download(
            form.label,
            form.file_name(subject),
            lambda: form.content(complete(subject)),
            f"{key}_{form.name}",
            impossible=impossible,
            media=form.media_type,
        )


def network_downloads(
    name: str, network: Parameters, *, key: str, drawing: Drawing | None = None, env: Environment | None = None
) -> None:
    """A network, and its prototypes where they are drawn.

    Args:
        name: what the files are called.
        key: names this row among those on the page.
        drawing: how to draw the prototypes. Without it no pictures are offered, and no table of prototypes.
        env: the lattice, for the page that opens without a server.
    """
    shown = Prototypes(name, network, env, drawing)
    with st.container(horizontal=True):
        form_buttons(shown, key, complete=with_background)
        if drawing is None:
            return
        with st.popover("More", icon=":material/more_horiz:"):
            export_bar(shown, key, rare=True)
            response_exports(name, network, env, key)


def explanation_downloads(
    name: str, network: Parameters, explanation: "Explanation", env: Environment | None, *, key: str
) -> None:
    """What was computed about a network: a page, all numbers, the table of its inputs, and the code."""
    with st.container(horizontal=True):
        form_buttons(ExplainedNetwork(name, network, explanation, env), key)
        with st.popover("More", icon=":material/more_horiz:"):
            form_button(NETWORK_FILE, Prototypes(name, network), key)
            response_exports(name, network, env, key)


def with_background(shown: Prototypes) -> Prototypes:
    """The same with what this visit knows of the large network behind the prototypes."""
    from dashboard.shelf.explanations import explanations

    session, network = Session(), shown.network
    large = (session.parent(network) or (None, None))[1]
    under = recorded_fingerprint(network.card, network.n_inputs)
    background = Background(
        large=large,
        explained=explanations().find(large, under) if large is not None and under is not None else None,
        curve=session.curve(network.card.parent or ""),
    )
    return replace(shown, background=background)
