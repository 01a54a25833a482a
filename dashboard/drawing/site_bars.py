"""Opacity of each site averaged over prototypes (Fig. 5), as plain HTML: the landing page does without plotly."""

import math
from html import escape

from dashboard.drawing.colours import TEAL
from rbfcore.explain.prototypes import site_opacity
from rbfcore.lattice import Environment
from rbfcore.lattice.groups import groups_of_inputs
from rbfcore.parameters import Parameters

_HEIGHT, _LABEL = 136, 16  # pixels of the plot, and what the labels below the bars take of them
_BAR = f"position:relative;background:{TEAL};border-radius:2px 2px 0 0;"
_HOLLOW = (
    f"background:repeating-linear-gradient(135deg,{TEAL} 0 2px,transparent 2px 5px);outline:1px solid {TEAL};"
    "outline-offset:-1px;"
)


def site_bars_html(network: Parameters, env: Environment | None, *, gauge_free: bool = False) -> str:
    """The bars as an HTML element in the colour of its surroundings."""
    opacity = site_opacity(network, gauge_free=gauge_free)
    names = env.names if env is not None else tuple(str(d + 1) for d in range(network.n_inputs))
    top = max(0.1, math.ceil(10 * float((opacity.mean + opacity.std).max())) / 10)
    blocks = []
    for number, (title, sites) in enumerate(groups_of_inputs(env, network.n_inputs).items()):
        bars = "".join(_bar(names[s], opacity.mean[s] / top, opacity.std[s] / top, number > 0) for s in sites.tolist())
        mean = float(opacity.mean[sites].mean())
        blocks.append(
            f'<div style="flex:{len(sites)} 1 {max(len(sites) * 14, 90)}px;min-width:0">'
            f'<div style="display:flex;gap:2px;align-items:flex-end;height:{_HEIGHT}px;'
            f'border-top:1px dotted currentColor;border-bottom:1px solid currentColor">{bars}</div>'
            f'<div style="font-size:.8rem;opacity:.8;margin-top:.3rem">{escape(title)}: mean {mean:.2f}</div></div>'
        )
    scale = f'<div style="font-size:.7rem;opacity:.8;line-height:1;margin-top:-.35rem">{top:.1f}</div>'
    return f'<div style="display:flex;flex-wrap:wrap;gap:.8rem">{scale}{"".join(blocks)}</div>'


def _bar(name: str, mean: float, std: float, hollow: bool) -> str:
    """Heights as shares of the plot."""
    full = _HEIGHT - _LABEL
    height = round(mean * full)
    above, below = min(round(std * full), full - height), min(round(std * full), height)
    whisker = (
        f'<div style="position:absolute;left:50%;width:1px;background:currentColor;opacity:.7;'
        f'top:{-above}px;height:{above + below}px"></div>'
    )
    return (
        f'<div style="flex:1;display:flex;flex-direction:column;justify-content:flex-end;height:100%">'
        f'<div style="{_BAR}{_HOLLOW if hollow else ""}height:{height}px">{whisker}</div>'
        f'<div style="font-size:.62rem;text-align:center;line-height:16px;height:{_LABEL}px;opacity:.85">'
        f"{escape(name)}</div></div>"
    )
