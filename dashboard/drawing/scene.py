"""What the painters draw, as plain values that JSON can hold: sites, viewpoints, colours, prototypes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.palettes import palette_named
from rbfcore.explain.prototypes import FULL_OPACITY_AT, gauge_free_opacity, opacity
from rbfcore.lattice import Environment, Viewpoint
from rbfcore.parameters import Parameters, peaks, slopes

_MINUS = "\N{MINUS SIGN}"
_TANH = "|tanh 2\N{GREEK SMALL LETTER GAMMA}θ|"
OPACITIES = {
    "paper": {"label": "min(|θ| / 2, 1)", "quantity": "|θ|", "full_at": FULL_OPACITY_AT},
    "gauge-free": {"label": _TANH, "quantity": _TANH, "full_at": 1.0},
}
SITE_RADIUS = 0.19  # FCC lattice constants; neighbours that overlap on the screen stay apart
ATOM_RADIUS = 0.105
_NEIGHBOURS = 0.5**0.5  # their distance in FCC
NEARER_IS_LARGER = 0.14  # stacked sites then show as concentric rings, though the projection is orthographic
_STRONGEST = 3


def scene(
    prototypes: Parameters,
    env: Environment | None,
    *,
    palette: str = "red-blue",
    opacity_name: str = "paper",
    viewpoints: Sequence[Viewpoint] | None = None,
    order: Sequence[int] | None = None,
    input_names: Sequence[str] | None = None,
    unit: str | None = None,
) -> dict[str, Any]:
    """Everything a painter needs to draw the prototypes.

    Args:
        prototypes: a pruned network of M centroids over D inputs.
        env: the lattice whose D sites the inputs are; None for other tables, drawn as bars.
        palette: "red-blue" or "orange-blue".
        opacity_name: "paper" for min(|theta| / 2, 1), "gauge-free" for |tanh(2 gamma theta)|.
        viewpoints: directions to look from; by default those of the lattice.
        order: which prototypes to draw and in what order, 0-based; all, as stored, by default.
        input_names: (D,) names; by default those of the sites, or "1" ... "D".
        unit: unit of beta; by default its run card's, or none.

    Returns:
        A dictionary with the keys kind ("lattice" or "bars"), names, positions, centre, extent, radii,
        shells, layers, groups, jump, viewpoints (name and rotation with rows right, up, towards the eye), palette,
        opacity, unit, and prototypes: index, number, beta, headline, values, alpha (the opacity, in [0, 1]),
        slopes, summary.

    Raises:
        ValueError: the network does not fit the lattice, or a name or an index is not known.
    """
    colours = palette_named(palette)
    if opacity_name not in OPACITIES:
        raise ValueError(f"unknown opacity {opacity_name!r}: expected one of {', '.join(OPACITIES)}")
    n_inputs = prototypes.n_inputs
    if env is not None and env.n_sites != n_inputs:
        raise ValueError(
            f"this lattice has {env.n_sites} sites but the prototypes have {n_inputs} inputs: "
            "choose the environment the network was trained on, or draw bars without a lattice"
        )
    names = _names(input_names, env, n_inputs)
    drawn: dict[str, Any] = {
        "kind": "bars" if env is None else "lattice",
        "names": names,
        "palette": {
            "name": colours.name,
            "positive": colours.positive,
            "negative": colours.negative,
            "neutral": colours.neutral,
        },
        "opacity": {"name": opacity_name, **OPACITIES[opacity_name]},
        "unit": (prototypes.card.unit or "") if unit is None else unit,
        "viewpoints": [],
        "groups": [{"name": "inputs", "sites": list(range(n_inputs))}],
    }
    if env is not None:
        drawn |= _lattice(env, viewpoints)
    drawn["prototypes"] = _prototypes(
        prototypes, opacity_name, _order(order, prototypes), names, drawn["unit"], env is not None
    )
    return drawn


def drawn_size(env: Environment) -> float:
    """How much larger sites are drawn than in FCC, whose neighbours are 0.71 lattice constants apart."""
    return env.spacing / _NEIGHBOURS


def beta_text(beta: float, unit: str) -> str:
    """A weight as shown everywhere: always with its sign, three significant digits."""
    size = f"{abs(beta):.3g}"
    return f"{_MINUS if beta < 0 else '+'}{size}{' ' + unit if unit else ''}"


def _names(input_names: Sequence[str] | None, env: Environment | None, n_inputs: int) -> list[str]:
    if input_names is None:
        return list(env.names) if env is not None else [str(i + 1) for i in range(n_inputs)]
    if len(input_names) != n_inputs:
        raise ValueError(f"expected {n_inputs} input names, one per input, got {len(input_names)}")
    return [str(name) for name in input_names]


def _order(order: Sequence[int] | None, prototypes: Parameters) -> list[int]:
    wanted = list(range(prototypes.n_centroids)) if order is None else [int(i) for i in order]
    if any(not 0 <= i < prototypes.n_centroids for i in wanted):
        raise ValueError(f"order must hold numbers from 0 to {prototypes.n_centroids - 1}, got {wanted}")
    return wanted


def _lattice(env: Environment, viewpoints: Sequence[Viewpoint] | None) -> dict[str, Any]:
    centre = env.target / 2
    looks = env.viewpoints if viewpoints is None else viewpoints
    return {
        "positions": _rounded(env.positions),
        "centre": _rounded(centre),
        "extent": round(float(np.linalg.norm(env.positions - centre, axis=1).max()), 4),
        "radii": {
            "site": round(SITE_RADIUS * drawn_size(env), 4),
            "atom": round(ATOM_RADIUS * drawn_size(env), 4),
            "nearer": NEARER_IS_LARGER,
        },
        "shells": env.shell.tolist(),
        "layers": {surface: layer.tolist() for surface, layer in env.layer.items()},
        "groups": [{"name": name, "sites": sites.tolist()} for name, sites in env.groups.items()],
        "jump": {"start": [0.0, 0.0, 0.0], "target": _rounded(env.target)},
        "viewpoints": [{"name": v.name, "rotation": _rounded(v.rotation(), 9)} for v in looks],
    }


def _prototypes(
    network: Parameters, opacity_name: str, order: list[int], names: list[str], unit: str, occupations: bool
) -> list[dict[str, Any]]:
    alphas = opacity(network.centroids) if opacity_name == "paper" else gauge_free_opacity(network)
    slope = slopes(network)
    peak = peaks(network) if occupations else None
    drawn = []
    for index in order:
        values, weight = network.centroids[index], beta_text(float(network.beta[index]), unit)
        # On occupations beta belongs to a point between environments and depends on gamma; the peak is what counts.
        headline = f"β {weight}" if peak is None else f"peak {beta_text(float(peak[index]), unit)} (β {weight})"
        drawn.append(
            {
                "index": index,
                "number": index + 1,
                "beta": float(network.beta[index]),
                "headline": headline,
                "values": _rounded(values),
                "alpha": _rounded(alphas[index]),
                "slopes": _rounded(slope[index]),
                "summary": f"prototype {index + 1}, {headline}, {_strongest(values, alphas[index], names)}",
            }
        )
    return drawn


def _strongest(values: NDArray[np.floating], alpha: NDArray[np.float64], names: list[str]) -> str:
    first = np.argsort(-np.abs(values), kind="stable")[:_STRONGEST]
    marks = [names[i] + ("+" if values[i] > 0 else _MINUS) for i in first if alpha[i] > 0]
    return f"strongest sites {', '.join(marks) or 'none'}"


def _rounded(values: NDArray[np.floating], digits: int = 4) -> list[Any]:
    rounded: list[Any] = np.round(np.asarray(values, dtype=np.float64), digits).tolist()
    return rounded
