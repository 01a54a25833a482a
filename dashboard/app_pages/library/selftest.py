"""Is everything here that the dashboard needs? Plain checks that know nothing of the screen."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from dashboard.viewer.script import FETCH_COMMAND, SCRIPT_PATH, SHA512, VERSION, has_local_script
from rbfcore.data.bundled import assets_folder
from rbfcore.storage.run_card import versions

_PACKAGES = ("streamlit", "plotly", "py3Dmol", "matplotlib", "scipy", "pandas", "safetensors")
_LEAST_FREE_GB = 1.0


@dataclass(frozen=True)
class Check:
    """One thing looked at: what, whether it is as it should be, and what was found or is to be done."""

    name: str
    fine: bool
    detail: str


def self_test() -> list[Check]:
    """All checks of the server's side."""
    return [_versions(), _packages(), _viewer_script(), _bundled(), _disk(), _threads()]


def _versions() -> Check:
    return Check("Versions", True, ", ".join(f"{name} {number}" for name, number in versions().items()))


def _packages() -> Check:
    present, missing = [], []
    for name in _PACKAGES:
        try:
            present.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("Packages", False, f"missing: {', '.join(missing)}; install the program again")
    return Check("Packages", True, ", ".join(present))


def _viewer_script() -> Check:
    if has_local_script():
        return Check("3D viewer script", True, f"3Dmol.js {VERSION}, SHA-512 {SHA512[:12]}… as pinned")
    if SCRIPT_PATH.is_file():
        return Check("3D viewer script", False, f"{SCRIPT_PATH.name} is not the pinned file: run `{FETCH_COMMAND}`")
    return Check("3D viewer script", False, f"not here, the inspector draws without it: run `{FETCH_COMMAND}`")


def _bundled() -> Check:
    try:
        folder = assets_folder()
    except ValueError as error:
        return Check("Bundled files", False, str(error))
    networks, data = len(list((folder / "networks").glob("*.safetensors"))), len(list((folder / "data").glob("*.npz")))
    return Check("Bundled files", networks > 0 and data > 0, f"{data} data sets, {networks} networks")


def _disk() -> Check:
    free = shutil.disk_usage(Path(tempfile.gettempdir())).free / 1e9
    return Check("Free disk space", free >= _LEAST_FREE_GB, f"{free:.1f} GB for temporary files")


def _threads() -> Check:
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Check("Threads", torch.get_num_threads() >= 1, f"{torch.get_num_threads()} for torch, {cores} cores")
