"""What ships with the program, read once for all visitors."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from rbfcore.data.bundled import assets_folder, bundled_names, bundled_path
from rbfcore.data.npz import provenance_of
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import read_parameters
from rbfcore.storage.pruning_path import PruningPath, read_pruning_path

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet


@st.cache_resource(show_spinner=False)
def bundled_networks() -> dict[str, Parameters]:
    """The networks that ship with the program, by file name. Shared: not to be changed."""
    files = (Path(assets_folder()) / "networks").glob("*.safetensors")
    return {path.stem: read_parameters(path) for path in sorted(files, key=lambda path: path.stem)}


@st.cache_resource(show_spinner=False)
def bundled_curves() -> dict[str, PruningPath]:
    """The pruning paths that ship with the program, by the fingerprint of their large network."""
    curves = (read_pruning_path(path) for path in sorted((Path(assets_folder()) / "paths").glob("*.safetensors")))
    return {curve.parent: curve for curve in curves}


@st.cache_resource(show_spinner=False, max_entries=4)
def bundled_dataset(name: str) -> "DataSet":
    """A data set that ships with the program. Shared: not to be changed."""
    from rbfcore.data.load import load_dataset

    return load_dataset(name)


@st.cache_data(show_spinner=False)
def bundled_titles() -> dict[str, str]:
    """What each data set that ships with the program is, by name. Its rows are not read."""
    titles = {}
    for name in bundled_names():
        with np.load(bundled_path(name), allow_pickle=False) as arrays:
            titles[name] = str(provenance_of({"provenance": arrays["provenance"]}, name)["title"])
    return titles
