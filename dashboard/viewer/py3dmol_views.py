"""Views through py3Dmol and as files: four linked viewpoints, and a page that opens without a server."""

import json
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from dashboard.drawing.scene import scene
from dashboard.viewer.modules import import_map, inlined_name, modules_folder
from dashboard.viewer.script import FETCH_COMMAND, has_local_script, script_text, viewer_script
from dashboard.viewer.served import STATIC_FOLDER
from rbfcore.lattice import Environment, Viewpoint
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    import py3Dmol

_START = "standalone.js"
_PLACE = re.compile(r"@@(\w+)@@")


def linked_grid_html(
    prototypes: Parameters,
    env: Environment,
    *,
    prototype: int = 0,
    palette: str = "red-blue",
    opacity_name: str = "paper",
    background: str = "#ffffff",
    height: int = 640,
    base_path: str = "",
) -> str:
    """HTML of one prototype from the four viewpoints in a py3Dmol grid: turning one turns all.

    For an iframe on a page of the dashboard, which serves 3Dmol.js.

    Args:
        prototypes: a pruned network of M centroids over D inputs.
        env: the lattice whose sites the inputs are.
        prototype: which one to show, 0-based.
        palette: "red-blue" or "orange-blue".
        opacity_name: "paper" or "gauge-free" (see `scene`).
        background: colour behind the sites, #rrggbb.
        height: of the whole grid, in pixels.
        base_path: the path under which the dashboard is served (Streamlit's server.baseUrlPath).

    Raises:
        ValueError: 3Dmol.js has not been fetched (the iframe would stay blank); see also `scene`.
    """
    if not has_local_script():
        raise ValueError(f"the py3Dmol view needs 3Dmol.js on this machine: run `{FETCH_COMMAND}` once, then reload")
    import py3Dmol

    drawn = scene(prototypes, env, palette=palette, opacity_name=opacity_name, order=[prototype])
    grid = py3Dmol.view(
        width="100%", height=f"{height}px", viewergrid=(2, 2), linked=True, js=viewer_script(base_path).url
    )
    ink = "#31333f" if _is_light(background) else "#e6e8eb"
    _fill_cells(grid, drawn, background, ink, f"{modules_folder(base_path)}/grid.js")
    labels = "".join(
        f'<div style="position:absolute;left:{50 * (i % 2)}%;top:{height // 2 * (i // 2)}px;padding:6px 10px;'
        f'opacity:.7">{escape(viewpoint.name)}</div>'
        for i, viewpoint in enumerate(env.viewpoints)
    )
    return (
        f'<div style="position:relative;font:12px system-ui,sans-serif;color:{ink};background:{escape(background)}">'
        f'{grid.write_html()}<div style="position:absolute;inset:0;pointer-events:none">{labels}</div></div>'
    )


def _fill_cells(grid: "py3Dmol.view", drawn: dict[str, Any], background: str, ink: str, module: str) -> None:
    """Have the cells of a py3Dmol grid filled by our own script, served at `module`, once they are there.

    Relies on: `startjs`, to which py3Dmol adds what each of its calls does, and its names for element and cells.
    If it broke: the grid would stay empty. `tests/dashboard/viewer/test_py3dmol_views.py` says which of them is gone.
    """
    grid.startjs += f"""
const shown = {_json(drawn)};
const container = document.getElementById("3dmolviewer_UNIQUEID");
const cells = viewergrid_UNIQUEID.flat();
for (const cell of cells) cell.setBackgroundColor({_json(background)}, 1);
import(new URL({_json(module)}, document.baseURI).href).then(({{ fillGrid }}) =>
  fillGrid({{ container, viewers: cells, scene: shown, prototype: shown.prototypes[0], ink: {_json(ink)} }}),
).catch((error) => container.replaceChildren("The view could not start (" + error.message + "). Reload this page."));
"""


def standalone_html(
    prototypes: Parameters,
    env: Environment,
    *,
    palette: str = "red-blue",
    opacity_name: str = "paper",
    viewpoints: Sequence[Viewpoint] | None = None,
    title: str = "Prototypes",
) -> str:
    """One HTML file with everything inside: choose a prototype, see it from four linked viewpoints, offline.

    Args:
        prototypes: a pruned network of M centroids over D inputs.
        env: the lattice whose sites the inputs are.
        palette: "red-blue" or "orange-blue".
        opacity_name: "paper" or "gauge-free" (see `scene`).
        viewpoints: four directions to look from; by default those of the lattice.
        title: of the page.

    Raises:
        ValueError: 3Dmol.js has not been fetched, there are not four viewpoints; see also `scene`.
    """
    looks = env.viewpoints if viewpoints is None else viewpoints
    if len(looks) != 4:
        raise ValueError(f"the page shows four viewpoints, got {len(looks)}")
    library = script_text()
    drawn = scene(prototypes, env, palette=palette, opacity_name=opacity_name, viewpoints=looks)
    page = (STATIC_FOLDER / "standalone.html").read_text(encoding="utf-8")
    parts = {
        "TITLE": escape(title),
        "LIBRARY": _inside_script(library),
        "MODULES": _json({"imports": import_map(_START)}),
        "SCENE": _json(drawn),
        "START": inlined_name(_START),
    }
    return _PLACE.sub(lambda place: parts[place[1]], page)


def _inside_script(text: str) -> str:
    """JavaScript that no HTML parser mistakes for the end of its script element."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _json(value: Any) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def _is_light(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 128
