"""Reading .npz files: arrays of numbers and text, never pickled objects."""

import zipfile
import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def read_arrays(file: BinaryIO, filename: str) -> Arrays:
    """All arrays of an .npz file.

    Raises:
        ValueError: not an .npz file, damaged, or it holds Python objects, which are never loaded.
    """
    try:
        loaded = np.load(file, allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise ValueError("a single .npy array")
        with loaded:
            return {name: loaded[name] for name in loaded.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        reason = "it holds Python objects" if "pickle" in str(error) else f"damaged or another format renamed: {error}"
        raise ValueError(f"{filename}: not a readable .npz file of plain arrays ({reason})") from error
