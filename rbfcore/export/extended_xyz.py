"""Prototypes as atoms: extended XYZ with properties per site, one frame per prototype, for OVITO and ASE."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from rbfcore.explain.prototypes import gauge_free_opacity, opacity
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters, peaks, slopes

_SITE, _ATOM, _TARGET = 0, 1, 2
_PROPERTIES = "species:S:1:pos:R:3:kind:I:1:site:I:1:shell:I:1:theta:R:1:opacity:R:1:slope:R:1:opacity_gauge_free:R:1"


def extended_xyz(network: Parameters, env: Environment, element: str = "Cu") -> str:
    """Extended XYZ text, one frame per prototype.

    Args:
        network: a pruned network of M centroids over D inputs.
        env: the lattice whose D sites the inputs are.
        element: of the migrating atom; all sites and the target are "X", because a prototype says which sites ask for
            an atom and not what is there.

    Returns:
        M frames of D + 2 lines: sites (kind 0, in order), the migrating atom (kind 1), its target (kind 2). Lengths in
        lattice constants. Columns site (1 ... D, else 0), shell, theta, opacity (the paper's), slope (2 gamma theta),
        opacity_gauge_free; the comment line holds prototype, beta, peak, gamma and alpha.

    Raises:
        ValueError: the lattice has another number of sites.
    """
    if env.n_sites != network.n_inputs:
        raise ValueError(f"the lattice has {env.n_sites} sites, the network {network.n_inputs} inputs")
    shown, free, slope, peak = opacity(network.centroids), gauge_free_opacity(network), slopes(network), peaks(network)
    gamma = np.broadcast_to(network.gamma, (network.n_centroids,))
    unit = network.card.unit_in_words
    lines: list[str] = []
    for index in range(network.n_centroids):
        lines.append(str(env.n_sites + 2))
        lines.append(
            f"Properties={_PROPERTIES} prototype={index + 1} beta={float(network.beta[index]):.9g} "
            f"peak={float(peak[index]):.9g} gamma={float(gamma[index]):.9g} alpha={network.alpha:.9g} "
            f'unit="{unit}" length_unit="lattice constant" fingerprint={network.fingerprint()} pbc="F F F"'
        )
        for site, position in enumerate(env.positions):
            numbers = (network.centroids[index, site], shown[index, site], slope[index, site], free[index, site])
            lines.append(_line("X", position, _SITE, site + 1, int(env.shell[site]), numbers))
        lines.append(_line(element, np.zeros(3), _ATOM, 0, 0, (0, 0, 0, 0)))
        lines.append(_line("X", env.target, _TARGET, 0, 0, (0, 0, 0, 0)))
    return "\n".join(lines) + "\n"


def sites_xyz(env: Environment, columns: Mapping[str, ArrayLike], facts: Mapping[str, float | str]) -> str:
    """One frame: the sites of a lattice with what is known about each, for OVITO and ASE.

    Atoms and gaps are both X, so that gaps are kept. The migrating atom comes first, as site 0 with zeros.

    Args:
        columns: (D,) values by name; whole numbers and truth values become integers.
        facts: entries of the comment line.

    Raises:
        ValueError: a column has another length.
    """
    table = {name: np.asarray(values) for name, values in columns.items()}
    for name, values in table.items():
        if values.shape != (env.n_sites,):
            raise ValueError(f"{name} must be ({env.n_sites},): one value per site, got {values.shape}")
    whole = {name: values.dtype.kind in "bui" for name, values in table.items()}
    properties = "".join(f":{name}:{'I' if whole[name] else 'R'}:1" for name in table)
    said = " ".join(f"{name}={_fact(value)}" for name, value in facts.items())
    lines = [str(env.n_sites + 1), f'Properties=species:S:1:pos:R:3:site:I:1{properties} {said} pbc="F F F"']
    for site in range(env.n_sites + 1):
        x, y, z = (0.0, 0.0, 0.0) if site == 0 else env.positions[site - 1]
        row = [0 if site == 0 else values[site - 1] for values in table.values()]
        numbers = [str(int(v)) if whole[name] else f"{float(v):.9g}" for name, v in zip(table, row, strict=True)]
        lines.append(" ".join([f"X {x:.8f} {y:.8f} {z:.8f} {site}", *numbers]))
    return "\n".join(lines) + "\n"


def _fact(value: float | str) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', "'").replace("\n", " ") + '"'
    return f"{value:.9g}"


def _line(
    species: str, position: np.ndarray, kind: int, site: int, shell: int, numbers: tuple[float | np.floating, ...]
) -> str:
    place = " ".join(f"{value:.8f}" for value in position)
    return f"{species} {place} {kind} {site} {shell} " + " ".join(f"{float(value):.9g}" for value in numbers)
