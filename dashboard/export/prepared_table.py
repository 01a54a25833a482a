"""The table of all 2^D environments as files that the dashboard serves from disk: too large to hand over in memory."""

import secrets
from dataclasses import dataclass

import numpy as np

from dashboard.viewer.served import STATIC_FOLDER, served_path
from rbfcore.parameters import Parameters

FOLDER = STATIC_FOLDER / "prepared"
MOST_INPUTS = 27
_PART = 2**25  # environments in a file: 134 MB, below the 200 MB that Streamlit serves as a static file
_KEPT = 4  # files; older ones are deleted before new ones are made


@dataclass(frozen=True)
class TablePart:
    """One file: its name for the visitor, where it is served, its size in bytes, and the first index in it."""

    file_name: str
    path: str
    size: int
    start: int


def table_bytes(n_inputs: int) -> int:
    """Size of the whole table in float32."""
    return int(4 * 2**n_inputs)


def prepare_table(name: str, network: Parameters, base_path: str = "") -> list[TablePart]:
    """Compute the responses of all environments and write them as .npy files, float32, in order of their index.

    Args:
        name: what the files are called.
        network: K centroids over at most 27 inputs -1/+1.
        base_path: the path under which the dashboard is served (Streamlit's server.baseUrlPath).

    Returns:
        The parts in order; `numpy.concatenate` of them is the table of `rbfcore.enumerate_binary`.

    Raises:
        ValueError: too many inputs, or the folder cannot be written.
    """
    from rbfcore.explain.enumeration import table_chunks
    from rbfcore.storage.files import replacing

    if network.n_inputs > MOST_INPUTS:
        raise ValueError(
            f"a table of 2^{network.n_inputs} environments is too large to download: at most {MOST_INPUTS}"
        )
    total = 2**network.n_inputs
    size = min(total, _PART)
    token = secrets.token_urlsafe(9)
    parts = []
    try:
        _make_room(total // size)
        chunks = table_chunks(network)
        for number in range(total // size):
            path = FOLDER / f"{token}-{number + 1}.npy"
            with replacing(path) as temporary:
                table = np.lib.format.open_memmap(temporary, mode="w+", dtype=np.float32, shape=(size,))
                filled = 0
                while filled < size:
                    _, chunk = next(chunks)
                    table[filled : filled + len(chunk)] = chunk
                    filled += len(chunk)
                table.flush()
                del table
            suffix = f"-part{number + 1}of{total // size}" if total > size else ""
            served = served_path(f"prepared/{path.name}", token, base_path)
            parts.append(TablePart(f"{name}-table{suffix}.npy", served, path.stat().st_size, number * size))
    except OSError as error:
        raise ValueError(f"cannot write the table into {FOLDER} ({error}): run `rbfscope table` instead") from error
    return parts


def _make_room(wanted: int) -> None:
    FOLDER.mkdir(exist_ok=True)
    old = sorted(FOLDER.glob("*.npy"), key=lambda path: path.stat().st_mtime)
    for path in old[: max(0, len(old) + wanted - _KEPT)]:
        path.unlink(missing_ok=True)
