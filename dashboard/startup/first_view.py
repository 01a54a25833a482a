"""The first prototypes, in the page that the browser gets before any script of Streamlit has started.

Streamlit's scripts take a second or two to start and to draw. Until they have, the gallery of the landing page stands
where it will be: the same network, drawn by the same script, without the controls.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from dashboard.session.streamlit_internals import index_html, taken_apart
from dashboard.viewer.modules import module_paths
from dashboard.viewer.served import prefix_of

_SCRIPT = "first_view.js"
# Streamlit's scripts, which keep the browser busy for a second, wait for the first view, but not for long.
_START = """<script>
const startStreamlit = () => {
  if (document.querySelector("script[data-streamlit]")) return;
  const script = Object.assign(document.createElement("script"), { type: "module", crossOrigin: "", src: ADDRESS });
  script.dataset.streamlit = "";
  document.head.append(script);
  document.head.insertAdjacentHTML("beforeend", MODULES);
};
document.addEventListener("gallerypainted", () => setTimeout(startStreamlit), { once: true });
setTimeout(startStreamlit, 1500);
</script>"""
_COLOURS = {"text-color": "textColor", "background-color": "backgroundColor", "border-color": "borderColor"}


def first_view_routes(base_path: str = "") -> Sequence[BaseRoute]:
    """For the server's list of routes, before Streamlit's own; `base_path` as in its option server.baseUrlPath."""

    def answer(request: Request) -> HTMLResponse:
        # What an address with a query shows is for the page itself to say.
        page = index_html() if request.query_params else page_with_first_view(base_path)
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return [Route(f"{prefix_of(base_path)}/", answer)]


@lru_cache(maxsize=1)
def page_with_first_view(base_path: str) -> str:
    """Streamlit's page with the first prototypes; without them where there are none, or no place for them."""
    page, drawn = taken_apart(index_html()), first_gallery()
    if drawn is None or page is None:
        return index_html()
    files = module_paths(_SCRIPT, base_path)
    loads = [f'<link rel="modulepreload" href="{path}">' for path in files[1:] if path.endswith(".js")]
    loads += [f'<link rel="preload" as="style" href="{path}">' for path in files if path.endswith(".css")]
    data = json.dumps(drawn, ensure_ascii=False).replace("<", "\\u003c")
    parts = [
        page.before,
        f"<style>{_style(page.font)}</style>",
        *loads,
        '<div id="first-view" inert aria-hidden="true">',
        "<strong>Prototypes</strong><p>Controls follow in a moment.</p><div></div></div>",
        f'<script type="application/json" id="first-view-data">{data}</script>',
        f'<script type="module" async src="{files[0]}"></script>',
        _START.replace("ADDRESS", json.dumps(page.script)).replace("MODULES", json.dumps(page.modules)),
    ]
    return "\n".join(parts) + page.after


def first_gallery() -> dict[str, Any] | None:
    """What the gallery of the landing page draws for a visitor who has chosen nothing; None where it draws none."""
    # Not at the top: the server answers sooner than these are loaded.
    from dashboard.app_pages.prototypes.page import COLUMNS, first_choice
    from dashboard.drawing.scene import scene
    from dashboard.shelf.bundled import bundled_networks
    from rbfcore.lattice.of_network import environment_of

    name = first_choice(bundled_networks())
    if name is None:
        return None
    network = bundled_networks()[name]
    return {"scene": scene(network, environment_of(network)), "columns": COLUMNS}


def _style(font: str | None) -> str:
    """Colours and font of the page to come."""
    light, dark = (
        "".join(f"--st-{name}: {st.get_option(f'theme.{kind}.{option}')};" for name, option in _COLOURS.items())
        for kind in ("light", "dark")
    )
    face = f'@font-face {{ font-family: "First view"; src: url("{font}"); font-weight: 200 900; }}' if font else ""
    return f"""{face}
#first-view {{ {light} --st-font: "First view", sans-serif; }}
#first-view[data-theme="dark"] {{ {dark} }}
@media (prefers-color-scheme: dark) {{ #first-view:not([data-theme]) {{ {dark} }} }}
#first-view {{
  position: fixed; inset: 0; z-index: 1; overflow: hidden; visibility: hidden;
  color: var(--st-text-color); background: var(--st-background-color); font-family: var(--st-font);
}}
#first-view > * {{ position: absolute; margin: 0; inset-inline: clamp(1rem, 3.5vw, 5rem); }}
#first-view strong {{ padding-top: 1.25rem; font-size: 2.2rem; font-weight: 700; line-height: 1.2; }}
#first-view p {{ opacity: 0.7; }}"""
