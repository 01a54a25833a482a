"""Event tables for kinetic Monte Carlo: environments with barriers and rates, as csv and in the forms two codes read.

kMCpy's form is read and run by kMCpy 0.3.0 (tests/rbfcore/export/test_kmcpy.py). SPPARKS's form was compared with its
source and manual, not run with it.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.rates import BOLTZMANN_EV, rate
from rbfcore.storage.run_card import versions

TESTED_KMCPY = "0.3.0"
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

    Compared with SPPARKS's app_diffusion.cpp and input.cpp (commit 0064a3b), app_lattice.cpp and the manual's pages
    barrier, temperature and app_style diffusion, not executed: number and order of arguments; the hopping atom left out
    at both ends (propensities use ncoord(i) - 1 and ncoord(j) after the exchange); exp(-Q / temperature), so that
    temperature is kT in the unit of Q and time comes in units of 1 / prefactor; "#" ends a line; pairs without a line
    keep Q = 0, so the first line sets all; I or J above the lattice's number of neighbours is dropped without a word.

    Raises:
        ValueError: the table has another number of sites than the lattice.
    """
    x = _bits(table, env.n_sites)
    near = np.linalg.norm(env.target)
    starts = np.abs(np.linalg.norm(env.positions, axis=1) - near) < _NEAR
    targets = np.abs(np.linalg.norm(env.positions - env.target, axis=1) - near) < _NEAR
    coordination = pd.DataFrame(
        {"I": x[:, starts].sum(1), "J": x[:, targets].sum(1), "Q": table["barrier_eV"].to_numpy()}
    )
    by_pair = coordination.groupby(["I", "J"])["Q"]
    within = float(np.sqrt(np.mean((coordination["Q"] - by_pair.transform("mean")) ** 2)))
    temperature, prefactor = table["temperature_K"].iloc[0], table["prefactor_Hz"].iloc[0]
    head = [
        "# SPPARKS, app_style diffusion: barrier hop I J Q, Q in eV. Compared with SPPARKS's source, not run with it.",
        f"# Use app_style diffusion off hop, a lattice of {starts.sum() + 1} neighbours, a solve_style, and",
        "# include this file after create_sites. Site values: 1 empty, 2 filled.",
        f"# temperature is kT in eV: {BOLTZMANN_EV * temperature:.8g} at {temperature:g} K. Times are in units of "
        f"1/prefactor, here {1 / prefactor:g} s.",
        "# I, J: filled nearest neighbours of start and target, the hopping atom not counted. The way back is",
        "# the line J I, so add no energies (estyle linear or nonlinear).",
        f"# Two coordination numbers leave an RMS of {within:.4f} eV within the groups (sd over all "
        f"{coordination['Q'].std(ddof=0):.4f} eV).",
        f"# Pairs I J without a line of their own did not occur in {len(table)} environments; the first line gives",
        "# them the mean barrier, as SPPARKS would take 0.",
        f"barrier hop {max(float(coordination['Q'].mean()), 0.0):.6f}",
    ]
    lines = [_spparks_line(f"{i} {j}", group.to_numpy()) for (i, j), group in by_pair]
    return _origin(network) + "\n".join([*head, *lines]) + "\n"


def as_kmcpy(table: pd.DataFrame, network: Parameters, env: Environment | None = None) -> str:
    """A model file of kMCpy 0.3.0 (JSON): a LocalBarrierModel with one rule per environment and direction.

    A rule's pattern is the start, the target, then the sites 1 ... D, as an event of kMCpy lists its sites: states 0
    (filled) and 1 (empty), barriers in meV. Two rules first answer for pairs that cannot jump, of which kMCpy asks the
    barrier before it sets their rate to 0. There is no default: kMCpy stops with a KeyError at an environment that the
    table lacks. It compares rules one by one, so its time grows with the table. What a run needs besides (temperature,
    prefactor, places of the sites, how to list events) is in "rbfscope", which kMCpy skips.

    Args:
        table: as from `kmc_events`; without a reverse barrier there are no rules for the way back.
        network: for the record of origin.
        env: the lattice, for the places of the sites.
    """
    x = _bits(table, len(table["occupation"].iloc[0]))
    states = (1 - x).tolist()
    rules = [_rule("mobile_ion", [0, 0], 0.0), _rule("mobile_ion", [1, 1], 0.0)]
    both_ways = "barrier_reverse_eV" in table
    ways = {"barrier_eV": (0, 1), **({"barrier_reverse_eV": (1, 0)} if both_ways else {})}
    for column, ends in ways.items():
        rules += [_rule("canonical", [*ends, *row], e) for row, e in zip(states, table[column], strict=True)]
    content: dict[str, Any] = {
        "filetype": "kmcpy.model_file",
        "model_type": "local_barrier",
        "local_barrier": {
            "@module": "kmcpy.models.local_barrier_model",
            "@class": "LocalBarrierModel",
            "name": "rbfscope",
            "default_property": "barrier",
            "probability_mode": "barrier_arrhenius",
            "probability_property": "barrier",
            "rules": rules,
        },
        "rbfscope": {
            "tested_with_kmcpy": TESTED_KMCPY,
            "barrier_unit": "meV",
            "filled": 0,
            "empty": 1,
            "pattern": "start, target, then the environment's sites 1 ... D in order",
            "both_ways": both_ways,
            "events": "mobile_ion_indices: start, target; local_env_indices: sites at positions, turned onto the jump; "
            "each pair of neighbours once, as kMCpy jumps both ways along it; site_mapping: atom before vacancy",
            "runtime": {
                "temperature": float(table["temperature_K"].iloc[0]),
                "attempt_frequency": float(table["prefactor_Hz"].iloc[0]),
            },
            "negative_barriers": int((table["warning"] == "negative").sum()),
            **({} if env is None else _places(env)),
            **_facts(network),
        },
    }
    return json.dumps(content, separators=(",", ":")) + "\n"


def _rule(sites: str, pattern: list[int], barrier_eV: float) -> dict[str, Any]:
    barrier = round(1000 * float(barrier_eV), 6)
    return {"type": "pattern", "sites": sites, "pattern": pattern, "properties": {"barrier": barrier}}


def _places(env: Environment) -> dict[str, Any]:
    return {"length_unit": "lattice constant", "target": env.target.tolist(), "positions": env.positions.tolist()}


def _spparks_line(pair: str, barriers: NDArray[np.float64]) -> str:
    mean = float(barriers.mean())
    clipped = f", mean {mean:.6f} set to 0" if mean < 0 else ""
    note = f"environments {len(barriers)}, sd {barriers.std():.4f} eV{clipped}"
    return f"barrier hop {pair} {max(mean, 0.0):.6f}  # {note}"


def _texts(rows: NDArray[np.float64]) -> list[str]:
    return ["".join("1" if value > 0 else "0" for value in row) for row in rows]


def _bits(table: pd.DataFrame, n_sites: int) -> NDArray[np.int64]:
    texts = table["occupation"].tolist()
    if any(len(text) != n_sites for text in texts):
        raise ValueError(f"the events have {len(texts[0])} sites, expected {n_sites}")
    return np.array([[int(character) for character in text] for text in texts], dtype=np.int64)


def _facts(network: Parameters) -> dict[str, Any]:
    known = network.card.taken(("dataset", "lattice", "potential"))
    return {"network": network.fingerprint(), "centroids": network.n_centroids, **known, "versions": versions()}


def _origin(network: Parameters) -> str:
    return "".join(f"# {name}: {value}\n" for name, value in _facts(network).items())
