"""Reading .npz files: arrays of numbers and text, never pickled objects."""

import json
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


def provenance_of(arrays: Arrays, filename: str) -> dict[str, Any]:
    """The JSON text in the array "provenance", or else the file's single values.

    Raises:
        ValueError: the text is not a JSON object.
    """
    if "provenance" not in arrays:
        return {name: values.item() for name, values in arrays.items() if values.ndim == 0}
    try:
        found = json.loads(str(arrays["provenance"]))
    except json.JSONDecodeError as error:
        raise ValueError(f"{filename}: its provenance is not JSON ({error})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{filename}: its provenance is {type(found).__name__}, expected a JSON object")
    return found
