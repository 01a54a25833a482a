"""One prototype in numbers and in words."""

import re
from html import escape

import numpy as np
import streamlit as st

from dashboard.drawing.scene import beta_text
from rbfcore.explain.prototypes import gauge_free_opacity, opacity
from rbfcore.explain.ranking import Ranking
from rbfcore.lattice import Environment
from rbfcore.lattice.groups import groups_of_inputs
from rbfcore.parameters import Parameters, peaks

_SEEN = 0.5  # share of the firmest site's opacity from which a site is worth a word


def prototype_facts(network: Parameters, env: Environment | None, ranking: Ranking, index: int) -> None:
    """Weight, width, importance and symmetry as a list; on occupations those that need p(x) too."""
    unit = network.card.unit or ""
    gamma = np.broadcast_to(network.gamma, (network.n_centroids,))[index]
    rows = [
        ("weight β", beta_text(float(network.beta[index]), unit)),
        ("width γ", f"{gamma:.4g}"),
        ("mean opacity", f"{opacity(network.centroids)[index].mean():.3f}"),
    ]
    if env is not None:
        share = f"{100 * ranking.share[index]:.1f} % of the variance".replace("-", "−")
        rows += [
            ("peak", beta_text(float(peaks(network)[index]), unit)),
            ("standard deviation of its contribution", f"{ranking.spread[index]:.4f} {unit}".strip()),
            ("contribution", share),
            ("gauge-free opacity, mean", f"{gauge_free_opacity(network)[index].mean():.3f}"),
            ("symmetry score", f"{ranking.symmetry[index]:.3f} of 1"),
        ]
        names = _element_names(env)
        rows += [
            (f"agreement after {_unbroken(name)}", f"{value:+.3f}".replace("-", "−"))
            for name, value in zip(names[1:], ranking.images[index, 1:], strict=True)
        ]
    items = "".join(
        f'<dt style="opacity:.7">{escape(name)}</dt><dd style="margin:0;text-align:right">{escape(value)}</dd>'
        for name, value in rows
    )
    st.html(
        '<dl style="display:grid;grid-template-columns:1fr max-content;gap:.15rem 1.2rem;margin:0;padding:0;'
        f'font-variant-numeric:tabular-nums;font-size:.92rem">{items}</dl>'
    )


def _unbroken(name: str) -> str:
    """Miller indices stay on one line: mirror (1 -1 0)."""
    return re.sub(r"[(\[].*[)\]]", lambda indices: indices[0].replace(" ", "\u00a0"), name)


def _element_names(env: Environment) -> tuple[str, ...]:
    from rbfcore.symmetry.elements import element_names

    return element_names(env)


def in_words(network: Parameters, env: Environment | None, index: int, *, gauge_free: bool) -> str:
    """What the picture of a prototype shows, for somebody who does not see it."""
    alpha = (gauge_free_opacity(network) if gauge_free else opacity(network.centroids))[index]
    theta = network.centroids[index]
    names = env.names if env is not None else tuple(str(d + 1) for d in range(network.n_inputs))
    parts = []
    for sign, asks in (
        (1, "asks for atoms at" if env else "wants high values of"),
        (-1, "for gaps at" if env else "low ones of"),
    ):
        groups = []
        for title, sites in groups_of_inputs(env, network.n_inputs).items():
            seen = sorted(
                (s for s in sites if theta[s] * sign > 0 and alpha[s] >= _SEEN * alpha.max()), key=lambda s: -alpha[s]
            )
            if seen:
                groups.append(f"{', '.join(names[s] for s in seen)}{f' ({title})' if env else ''}")
        parts.append(f"{asks} {'; '.join(groups)}" if groups else f"{asks} no site firmly")
    raises = "raises" if network.beta[index] > 0 else "lowers"
    firmest = f"The firmest site has opacity {alpha.max():.2f}."
    return (
        f"Prototype {index + 1} {raises} the prediction for surroundings like it: it {', and '.join(parts)}. {firmest}"
    )
