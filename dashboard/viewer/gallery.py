"""All prototypes side by side, each from four viewpoints, painted with true alpha by the browser."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.drawing.scene import scene
from dashboard.viewer.modules import module_loader
from rbfcore.lattice import Environment, Viewpoint
from rbfcore.parameters import Parameters


def prototype_gallery(
    prototypes: Parameters,
    env: Environment | None,
    *,
    palette: str = "red-blue",
    opacity_name: str = "paper",
    viewpoints: Sequence[Viewpoint] | None = None,
    columns: int | None = None,
    order: Sequence[int] | None = None,
    selected: int | None = None,
    input_names: Sequence[str] | None = None,
    unit: str | None = None,
    titles: Sequence[tuple[str, str]] | None = None,
    notes: Sequence[str] | None = None,
    turn: str | None = None,
    on_turn: Callable[[str], None] | None = None,
    frames: str | None = None,
    key: str = "prototype_gallery",
) -> int | None:
    """Draw the prototypes; calling again with the same key and new values repaints in place.

    Args:
        prototypes: a pruned network of M centroids over D inputs.
        env: the lattice whose sites the inputs are; None for other tables, drawn as bars.
        palette: "red-blue" or "orange-blue".
        opacity_name: "paper" or "gauge-free" (see `scene`).
        viewpoints: directions to look from, by default those of the lattice; dragging turns them all.
        columns: cards in a row; as many as fit by default.
        order: which prototypes to draw and in what order, 0-based.
        selected: the prototype to mark, 0-based; by default the one last picked.
        input_names: (D,) names of the inputs.
        unit: unit of beta; by default its run card's.
        titles: (M,) name and headline of each card; by default the number and the weight.
        notes: (M,) a few words for each card; none where empty.
        turn: how all are turned at first, as `on_turn` has told it.
        on_turn: called with the new turn when a drag has come to rest; "" when it is turned back.
        frames: address of a run's newest prototypes (`frames_address`), which the gallery draws by itself until the run
            ends; then the page is run once more.
        key: names this gallery among those on the page.

    Returns:
        The 0-based index of the prototype just picked by click or Enter, in that one run; otherwise None.

    Raises:
        ValueError: see `scene`.
    """
    data = scene(
        prototypes,
        env,
        palette=palette,
        opacity_name=opacity_name,
        viewpoints=viewpoints,
        order=order,
        input_names=input_names,
        unit=unit,
    )
    if titles is not None:
        for drawn in data["prototypes"]:
            before = f"prototype {drawn['number']}, {drawn['headline']}"
            drawn["number"], drawn["headline"] = titles[drawn["index"]]
            drawn["summary"] = drawn["summary"].replace(before, f"{drawn['number']}, {drawn['headline']}", 1)
    if notes is not None:
        for drawn in data["prototypes"]:
            drawn["note"] = notes[drawn["index"]]
    component = st.components.v2.component(
        "rbfscope_gallery", js=module_loader("gallery.js", st.get_option("server.baseUrlPath"))
    )
    result = component(
        key=key,
        data={"scene": data, "columns": columns, "selected": selected, "turn": turn, "frames": frames},
        default={"turn": turn},
        on_turn_change=_rerun_only,
        on_picked_change=_rerun_only,
        on_ended_change=_rerun_only,
    )
    if on_turn is not None and result.turn is not None:
        on_turn(str(result.turn))
    return None if result.picked is None else int(result.picked)


def _rerun_only() -> None:
    """What the browser tells needs no callback of its own: the run that follows reads it."""
