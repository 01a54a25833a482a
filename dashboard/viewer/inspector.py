"""One prototype in interactive 3D beside its per-site chart, linked both ways."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import streamlit as st

from dashboard.drawing.scene import scene
from dashboard.viewer.modules import module_loader
from dashboard.viewer.script import FETCH_COMMAND, content_network, viewer_script
from rbfcore.lattice import Environment, Viewpoint
from rbfcore.parameters import Parameters


def prototype_inspector(
    prototypes: Parameters,
    env: Environment | None,
    *,
    prototype: int = 0,
    palette: str = "red-blue",
    opacity_name: str = "paper",
    viewpoints: Sequence[Viewpoint] | None = None,
    selected: int | None = None,
    input_names: Sequence[str] | None = None,
    unit: str | None = None,
    words: str | None = None,
    look: str | None = None,
    on_look: Callable[[str], None] | None = None,
    key: str = "prototype_inspector",
) -> int | None:
    """Draw one prototype; calling again with the same key updates it in place and keeps the camera.

    Args:
        prototypes: a pruned network of M centroids over D inputs.
        env: the lattice whose sites the inputs are; None for other tables, shown by the chart alone.
        prototype: which one to show, 0-based.
        palette: "red-blue" or "orange-blue".
        opacity_name: "paper" or "gauge-free" (see `scene`).
        viewpoints: directions offered as buttons and keys 1, 2, ...; by default those of the lattice.
        selected: site to mark at first, 0-based; the user's own choice then stays.
        input_names: (D,) names of the inputs.
        unit: unit of beta; by default its run card's.
        words: the picture in words, shown below it; by default one line with the strongest sites.
        look: where to look from at first: "1" ... for a viewpoint, or a quaternion as `on_look` has told it.
        on_look: called with the new look after the view has been turned.
        key: names this inspector among those on the page.

    Returns:
        The 0-based site the user has selected, or None.

    Raises:
        ValueError: see `scene`.
    """
    data = scene(
        prototypes,
        env,
        palette=palette,
        opacity_name=opacity_name,
        viewpoints=viewpoints,
        order=[prototype],
        input_names=input_names,
        unit=unit,
    )
    if words is not None:
        data["prototypes"][0]["words"] = words
    base_path = st.get_option("server.baseUrlPath")
    sources = [viewer_script(base_path)]
    if sources[0].local:
        sources.append(content_network())
    component = st.components.v2.component("rbfscope_inspector", js=module_loader("inspector.js", base_path))
    result = component(
        key=key,
        data={
            "scene": data,
            "selected": selected,
            "surface": prototypes.card.surface,
            "look": look,
            "sources": [asdict(source) for source in sources],
            "fetch_command": FETCH_COMMAND,
        },
        default={"site": selected, "look": look},
        on_site_change=_rerun_only,
        on_look_change=_rerun_only,
    )
    if on_look is not None and result.look:
        on_look(str(result.look))
    return None if result.site is None else int(result.site)


def _rerun_only() -> None:
    """A selection needs no callback of its own: the run that follows reads it."""
