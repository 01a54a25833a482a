"""One door to all data: bundled sets by name, files by path."""

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from rbfcore.data.bundled import bundled_names, bundled_path
from rbfcore.data.dataset import DataSet
from rbfcore.data.readers import ENDINGS, read_dataset


def load_dataset(
    source: str | Path | BinaryIO,
    *,
    name: str | None = None,
    target: str | None = None,
    directions: str | None = None,
    surface: str | None = None,
    lattice: str | None = None,
    limit: int | None = None,
) -> DataSet:
    """A data set by bundled name or from a file.

    Bundled sets ("cu100", "cu110", "cu111"; "cu100-emt", ... with another potential) hold computed barriers: by
    default with the tether, in both directions, and with the symmetric images of a row in one family, so that `split`
    keeps them together.

    Args:
        source: a bundled name, a path ending in .csv, .parquet, .npz, .26d or .tgz, or an open binary file.
        name: the file's name when `source` is an open file that has none.
        target, directions, surface, lattice, limit: see `rbfcore.data.readers.read_dataset`.

    Returns:
        x coded -1/+1 for occupations, whichever coding the file uses.

    Raises:
        ValueError: neither a bundled name nor a readable file; see `read_dataset`.
    """
    options = {"target": target, "directions": directions, "surface": surface, "lattice": lattice}
    if isinstance(source, str) and source in bundled_names():
        return replace(read_dataset(bundled_path(source), limit=limit, **options), name=source)
    if isinstance(source, str) and not Path(source).exists() and not source.lower().endswith(ENDINGS):
        raise ValueError(
            f"unknown data set {source!r}: expected one of {', '.join(bundled_names())} or the "
            f"path of a file ending in {', '.join(ENDINGS)}"
        )
    return read_dataset(source, name, limit=limit, **options)
