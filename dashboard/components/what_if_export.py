"""Taking a what-if away: its sites as csv, the lattice as extended XYZ, and a script that finds the numbers again."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.what_if import Answer
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters


def what_if_downloads(
    name: str,
    code: int,
    network: Parameters,
    env: Environment | None,
    filled: NDArray[np.bool_],
    answer: Answer,
    distribution: str,
) -> None:
    """Download buttons in a row; a file is made when its button is pressed.

    Args:
        name: of the network that was asked.
        code: of the environment, which names the files.
        distribution: what the shares compare with, as `rbfcore.parse_distribution` reads it.
    """
    stem = f"{name}-environment-{code}"
    names = env.names if env is not None else tuple(str(d + 1) for d in range(len(filled)))
    with st.container(horizontal=True):
        _button(
            "Sites (.csv)", f"{stem}.csv", lambda: site_shares(names, filled, answer).to_csv(index=False), "text/csv"
        )
        if env is not None:
            _button("Lattice (.xyz)", f"{stem}.xyz", lambda: extended_xyz(env, filled, answer), "chemical/x-xyz")
        _button("Script (.py)", f"{stem}.py", lambda: script(name, network, code, distribution), "text/x-python")


def _button(label: str, file_name: str, make: Callable[[], str], mime: str) -> None:
    st.download_button(
        label,
        lambda: make().encode(),
        file_name,
        mime,
        key=f"what_if_{label}",
        on_click="ignore",
        icon=":material/download:",
    )


def site_shares(names: tuple[str, ...], filled: NDArray[np.bool_], answer: Answer) -> pd.DataFrame:
    """One row per site: filled (0 or 1), Shapley value, and the prediction when this site is changed."""
    return pd.DataFrame(
        {"site": names, "filled": filled.astype(int), "shapley": answer.case.shapley, "changed": answer.flips}
    )


def extended_xyz(env: Environment, filled: NDArray[np.bool_], answer: Answer) -> str:
    """The sites with their shares, for OVITO and ASE; positions in lattice constants.

    Atoms and gaps are both X, so that gaps are kept: the column `filled` tells them apart. The migrating atom comes
    first, as site 0.
    """
    case = answer.case
    head = (
        f"Properties=species:S:1:pos:R:3:site:I:1:filled:I:1:shapley:R:1 barrier={case.value:.8f} mean={case.mean:.8f} "
        'pbc="F F F"'
    )
    lines = [str(env.n_sites + 1), head, "X 0.0 0.0 0.0 0 1 0.0"]
    for site, (position, full, share) in enumerate(zip(env.positions, filled, case.shapley, strict=True)):
        x, y, z = position
        lines.append(f"X {x:.6f} {y:.6f} {z:.6f} {site + 1} {int(full)} {share:.8f}")
    return "\n".join(lines) + "\n"


def script(name: str, network: Parameters, code: int, distribution: str) -> str:
    """A few lines of Python that find the same numbers again, from the network's file."""
    return f'''"""What the network {name} says about environment {code}."""

import rbfcore as rc

stored = rc.read_parameters("{name}.safetensors")
assert stored.fingerprint() == "{network.fingerprint()}", "another version of the network"
x = rc.environments([{code}], {network.n_inputs})  # -1 empty, +1 filled
shares = rc.shapley_values(stored, rc.parse_distribution("{distribution}"), x)[0]
print("prediction", stored.alpha + rc.contributions(stored, x).sum())
for site, share in enumerate(shares, start=1):
    print(site, int(x[0, site - 1] > 0), share)
'''
