"""Taking a what-if away: sites, all numbers, the lattice, and a script with its network that finds them again."""

import json

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.widgets.downloads import download
from dashboard.widgets.export_bar import network_bytes
from rbfcore.explain.what_if import Answer
from rbfcore.export.extended_xyz import sites_xyz
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
    table = site_shares(names, filled, answer)

    def as_json() -> bytes:
        return numbers(name, code, network, table, answer, distribution)

    with st.container(horizontal=True):
        download("Sites", f"{stem}.csv", lambda: table.to_csv(index=False).encode(), "what_if")
        download("Numbers", f"{stem}.json", as_json, "what_if")
        if env is not None:
            download("Lattice", f"{stem}.xyz", lambda: extended_xyz(env, filled, answer).encode(), "what_if")
        download("Script", f"{stem}.py", lambda: script(name, network, code, distribution).encode(), "what_if")
        download("Network", f"{name}.safetensors", lambda: network_bytes(network), "what_if")


def site_shares(names: tuple[str, ...], filled: NDArray[np.bool_], answer: Answer) -> pd.DataFrame:
    """One row per site: filled (0 or 1), Shapley value, and the prediction when this site is changed."""
    return pd.DataFrame(
        {"site": names, "filled": filled.astype(int), "shapley": answer.case.shapley, "changed": answer.flips}
    )


def numbers(name: str, code: int, network: Parameters, table: pd.DataFrame, answer: Answer, distribution: str) -> bytes:
    """All that is on screen as JSON; predictions in units of y."""
    case = answer.case
    content = {
        "network": name,
        "fingerprint": network.fingerprint(),
        "environment": code,
        "unit": network.card.unit,
        "distribution": distribution,
        "prediction": case.value,
        "mean": case.mean,
        "images": case.images.tolist(),
        "way_back": case.reverse,
        "sites": table.to_dict("records"),
        "prototypes": {
            "numbers": list(answer.numbers),
            "terms": answer.terms.tolist(),
            "offset": answer.terms_offset,
            "prediction": answer.pruned_value,
        },
    }
    return (json.dumps(content, indent=1) + "\n").encode()


def extended_xyz(env: Environment, filled: NDArray[np.bool_], answer: Answer) -> str:
    """The sites with their shares; the column `filled` tells atoms and gaps apart."""
    case = answer.case
    return sites_xyz(env, {"filled": filled, "shapley": case.shapley}, {"barrier": case.value, "mean": case.mean})


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
