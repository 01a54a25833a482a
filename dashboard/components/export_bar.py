"""Taking results away: networks as safetensors, prototypes as csv."""

import tempfile
from pathlib import Path

import streamlit as st

from rbfcore.explain.prototypes import prototypes
from rbfcore.parameters import Parameters
from rbfcore.storage import write_parameters


def network_bytes(network: Parameters) -> bytes:
    """The network file that `rbfcore.load_network` reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        write_parameters(network, path)
        return path.read_bytes()


def prototypes_csv(network: Parameters, site_names: tuple[str, ...] | None = None) -> bytes:
    """One line per prototype and site, as `rbfcore.prototypes` lists them."""
    return prototypes(network, site_names).to_csv(index=False).encode()


def network_downloads(name: str, network: Parameters, *, with_prototypes: bool, key: str) -> None:
    """Download buttons in a row; the files are made when a button is pressed."""
    with st.container(horizontal=True):
        st.download_button(
            "Network (.safetensors)",
            lambda: network_bytes(network),
            f"{name}.safetensors",
            "application/octet-stream",
            key=f"{key}_network",
            on_click="ignore",
            icon=":material/download:",
        )
        if with_prototypes:
            st.download_button(
                "Prototypes (.csv)",
                lambda: prototypes_csv(network),
                f"{name}-prototypes.csv",
                "text/csv",
                key=f"{key}_csv",
                on_click="ignore",
                icon=":material/table:",
            )
