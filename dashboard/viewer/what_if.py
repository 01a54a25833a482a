"""One environment to click on: its sites on the lattice with their shares in the prediction, and the charts."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.drawing.scene import scene
from dashboard.viewer.modules import module_loader
from dashboard.viewer.script import FETCH_COMMAND, content_network, viewer_script
from rbfcore.explain.case import Case
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

KEY = "what_if"


def what_if_data(
    network: Parameters,
    env: Environment | None,
    filled: NDArray[np.bool_],
    case: Case,
    *,
    flips: NDArray[np.float64],
    terms: NDArray[np.float64],
    term_names: Sequence[str],
    terms_title: str,
    title: str,
    palette: str = "red-blue",
) -> dict[str, Any]:
    """What the component draws, as plain values.

    Args:
        network: the one that `case` explains; only its inputs and unit are used.
        flips: (D,) prediction when one site is changed.
        terms: (M,) what each prototype adds; term_names: (M,).
    """
    base = scene(network, env, palette=palette, order=[])
    unit = str(base["unit"])
    total = float(case.shapley.sum())
    return {
        "scene": base,
        "filled": [bool(full) for full in filled],
        "shares": [round(float(share), 6) for share in case.shapley],
        "full": nice_above(float(np.abs(case.shapley).max())),
        "flips": [round(float(value), 6) for value in flips],
        "sum": f"they add up to {_signed(total)} = {_plain(case.value)} − {_plain(case.mean)}, prediction less mean",
        "unit": unit,
        "title": title,
        "words": in_words(base, filled, case, unit),
        "terms": {
            "values": [round(float(term), 6) for term in terms],
            "names": list(term_names),
            "full": nice_above(float(np.abs(terms).max()) if len(terms) else 1.0),
            "title": terms_title,
        },
    }


def what_if_view(
    data: dict[str, Any],
    *,
    surface: str | None = None,
    look: str | None = None,
    on_change: Callable[[], None],
    on_step: Callable[[], None],
    on_prototype: Callable[[], None],
    on_look: Callable[[], None],
) -> None:
    """Draw it; changes arrive in the callbacks, which read them with `told`.

    Args:
        data: from `what_if_data`, with `seq`, the number of the last change that has been taken in.
        surface: whose layers to show first; look: viewpoint, "1" ... or a quaternion.
    """
    base_path = st.get_option("server.baseUrlPath")
    sources = [viewer_script(base_path)]
    if sources[0].local:
        sources.append(content_network())
    component = st.components.v2.component("rbfscope_what_if", js=module_loader("what_if.js", base_path))
    component(
        key=KEY,
        data={
            **data,
            "surface": surface,
            "look": look,
            "sources": [asdict(source) for source in sources],
            "fetch_command": FETCH_COMMAND,
        },
        on_change_change=on_change,
        on_step_change=on_step,
        on_prototype_change=on_prototype,
        on_look_change=on_look,
    )


def in_words(base: dict[str, Any], filled: NDArray[np.bool_], case: Case, unit: str) -> str:
    """The picture for somebody who does not see it."""
    counts = [
        f"{int(filled[group['sites']].sum())} of {len(group['sites'])} {group['name']}" for group in base["groups"]
    ]
    strongest = np.argsort(-np.abs(case.shapley), kind="stable")[:4]
    said = [
        f"{base['names'][site]} ({'filled' if filled[site] else 'empty'}, {_signed(float(case.shapley[site]))} {unit})"
        for site in strongest
    ]
    return (
        f"{int(filled.sum())} of {len(filled)} sites filled: {', '.join(counts)}. "
        f"Prediction {_plain(case.value)} {unit}; largest shares at {', '.join(said)}."
    )


def nice_above(value: float) -> float:
    """1, 2 or 5 times a power of ten, at least `value`: where an axis ends. Axes then seldom change between clicks."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value * (1 - 1e-9))


def _plain(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.4f}"
