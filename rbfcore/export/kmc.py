"""Event tables for kinetic Monte Carlo: environments with barriers and rates, as csv and in the forms two codes read.

Neither form has been run with the code it is named after: they follow what is published about their input.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.rates import rate
from rbfcore.run_card import versions

MOST_ENUMERATED = 16  # sites of which all environments fit a table that one can read
_NEAR = 1e-6

COLUMNS = """# occupation: one character per site, site 1 first; 1 filled, 0 empty
# barrier_eV: forward barrier, the network's response; barrier_reverse_eV: that of the jump back, in which the
#   surroundings are seen from the other end; dE_eV: barrier minus reverse barrier, the energy change of the jump
# rate_Hz, rate_reverse_Hz: prefactor * exp(-barrier / kT) at temperature_K and prefactor_Hz
# warning: "negative" where a barrier is below 0, empty otherwise; such rates exceed the prefactor, set them by hand
"""


def all_environments(n_sites: int) -> NDArray[np.int8]:
    """(2**D, D) of -1 and +1.

    Raises:
        ValueError: more than 16 sites.
    """
    from rbfcore.explain.enumeration import environments

    if n_sites > MOST_ENUMERATED:
        raise ValueError(
            f"an event table of all 2^{n_sites} environments is too long (at most 2^{MOST_ENUMERATED}): give the "
            "environments you meet, or use the table of all responses (rbfscope table)"
        )
    return environments(np.arange(2**n_sites), n_sites)


def kmc_events(
    network: Parameters, env: Environment | None, x: ArrayLike, temperature_K: float, prefactor_Hz: float
) -> pd.DataFrame:
    """One row per distinct environment; the columns are those of `COLUMNS`.

    Args:
        network: predicts barriers in eV, D inputs.
        env: the lattice whose sites the inputs are; without one that has a reversed jump there are no reverse columns.
        x: (N, D) occupations -1/+1; repeated rows are listed once, in order of first appearance.
        temperature_K, prefactor_Hz: see `rbfcore.rate`.

    Raises:
        ValueError: x is not (N, D) of -1 and +1, or temperature or prefactor is not positive.
    """
    from rbfcore.network import RBFN

    rows = np.asarray(x)
    if rows.ndim != 2 or rows.shape[1] != network.n_inputs or not len(rows):
        raise ValueError(f"x must be (N, {network.n_inputs}), got {rows.shape}: one column per site")
    if not np.isin(rows, (-1, 1)).all():
        raise ValueError("x must hold occupations -1 (empty) and +1 (filled) only")
    _, first = np.unique(rows, axis=0, return_index=True)
    rows = rows[np.sort(first)].astype(np.float64)
    net = RBFN.from_plain(network)
    barrier = net.predict(rows).astype(np.float64)
    table = pd.DataFrame({"occupation": _texts(rows), "barrier_eV": barrier})
    lowest = barrier
    if env is not None and len(env.reverse):
        table["barrier_reverse_eV"] = net.predict(rows[:, env.reverse[0]]).astype(np.float64)
        table["dE_eV"] = table["barrier_eV"] - table["barrier_reverse_eV"]
        lowest = np.minimum(barrier, table["barrier_reverse_eV"])
    table["rate_Hz"] = rate(barrier, temperature_K, prefactor_Hz)
    if "dE_eV" in table:
        table["rate_reverse_Hz"] = rate(table["barrier_reverse_eV"], temperature_K, prefactor_Hz)
    table["temperature_K"], table["prefactor_Hz"] = float(temperature_K), float(prefactor_Hz)
    table["warning"] = np.where(lowest < 0, "negative", "")
    return table


def as_csv(table: pd.DataFrame, network: Parameters) -> str:
    """The table of `kmc_events` with its meaning and origin in comment lines (read with `comment="#"`)."""
    numbers = table.select_dtypes("number").columns
    written = table.copy()
    written[numbers] = written[numbers].map(lambda value: f"{value:.9g}")
    return f"{_origin(network)}{COLUMNS}{written.to_csv(index=False, lineterminator=chr(10))}"


def as_spparks(table: pd.DataFrame, env: Environment, network: Parameters) -> str:
    """Lines "barrier hop I J Q" of SPPARKS's app_style diffusion: mean barrier by two coordination numbers.

    I and J count the filled nearest neighbours of the start and of the target without the hopping atom. This keeps two
    numbers of each environment; what they leave out is written beside every line as a standard deviation.

    Raises:
        ValueError: the table has another number of sites than the lattice.
    """
    x = _bits(table, env.n_sites)
    near = np.linalg.norm(env.target)
    starts = np.abs(np.linalg.norm(env.positions, axis=1) - near) < _NEAR
    targets = np.abs(np.linalg.norm(env.positions - env.target, axis=1) - near) < _NEAR
    found = pd.DataFrame({"I": x[:, starts].sum(1), "J": x[:, targets].sum(1), "Q": table["barrier_eV"].to_numpy()})
    by_pair = found.groupby(["I", "J"])["Q"]
    within = float(np.sqrt(np.mean((found["Q"] - by_pair.transform("mean")) ** 2)))
    head = [
        "# SPPARKS, app_style diffusion: barrier hop I J Q, Q in eV; not run with SPPARKS.",
        "# I, J: filled nearest neighbours of start and target, the hopping atom not counted. The way back is",
        "# the line J I, so do not add energies (ecoord). Pairs I J that are not listed did not occur.",
        f"# Two coordination numbers leave an RMS of {within:.4f} eV within the groups (sd over all "
        f"{found['Q'].std(ddof=0):.4f} eV).",
    ]
    lines = [
        f"barrier hop {i} {j} {max(float(q.mean()), 0.0):.6f}  # environments {len(q)}, sd {q.std(ddof=0):.4f} eV"
        for (i, j), q in ((pair, group.to_numpy()) for pair, group in by_pair)
    ]
    return _origin(network) + "\n".join([*head, *lines]) + "\n"


def as_kmcpy(table: pd.DataFrame, network: Parameters) -> str:
    """JSON in the form of kMCpy's tabulated model: one entry per environment, barriers in meV.

    Site 0 is the start, site 1 the target, site d + 1 the environment's site d (1 ... D). Occupations +1 (filled) and
    -1 (empty) are listed in that order; "rbfscope" says so inside the file.
    """
    n_sites = len(table["occupation"].iloc[0])
    x = _bits(table, n_sites)
    entries = [
        {
            "mobile_ion_indices": [0, 1],
            "local_env_indices": list(range(2, n_sites + 2)),
            "occupations": [1, -1, *(2 * row - 1).tolist()],
            "properties": {"barrier": round(1000 * float(barrier), 6)},
        }
        for row, barrier in zip(x, table["barrier_eV"], strict=True)
    ]
    content: dict[str, Any] = {
        "format": "kmcpy.model_file",
        "model_type": "tabulated",
        "tabulated": {
            "@module": "kmcpy.models.tabulated_model",
            "@class": "TabulatedModel",
            "name": "TabulatedModel",
            "lookup_key": "event_local_occupation",
            "default_property": "barrier",
            "probability_mode": "barrier_arrhenius",
            "probability_property": "barrier",
            "entries": entries,
        },
        "rbfscope": {
            "barrier_unit": "meV",
            "filled": 1,
            "empty": -1,
            "sites": "0 start, 1 target, d + 1 the environment's site d",
            "tested_with_kmcpy": False,
            **_facts(network),
        },
    }
    return json.dumps(content) + "\n"


def _texts(rows: NDArray[np.float64]) -> list[str]:
    return ["".join("1" if value > 0 else "0" for value in row) for row in rows]


def _bits(table: pd.DataFrame, n_sites: int) -> NDArray[np.int64]:
    texts = table["occupation"].tolist()
    if any(len(text) != n_sites for text in texts):
        raise ValueError(f"the events have {len(texts[0])} sites, expected {n_sites}")
    return np.array([[int(character) for character in text] for text in texts], dtype=np.int64)


def _facts(network: Parameters) -> dict[str, Any]:
    known: dict[str, Any] = {
        name: network.metadata[name] for name in ("dataset", "lattice", "potential") if name in network.metadata
    }
    return {"network": network.fingerprint(), "centroids": network.n_centroids, **known, "versions": versions()}


def _origin(network: Parameters) -> str:
    return "".join(f"# {name}: {value}\n" for name, value in _facts(network).items())
