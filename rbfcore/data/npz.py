"""Reading and writing .npz files: arrays of numbers and text, never pickled objects."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rbfcore.storage.files import replacing

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
        provenance = json.loads(str(arrays["provenance"]))
    except json.JSONDecodeError as error:
        raise ValueError(f"{filename}: its provenance is not JSON ({error})") from error
    if not isinstance(provenance, dict):
        raise ValueError(f"{filename}: its provenance is {type(provenance).__name__}, expected a JSON object")
    return provenance


def write_arrays(path: str | Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as compressed .npz, to a temporary name first; the same arrays always give the same bytes.

    Raises:
        ValueError: the folder does not exist, or an array holds Python objects.
        OSError: it cannot be written; an earlier file of that name is left as it was.
    """
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, values in arrays.items():
            text = io.BytesIO()
            np.lib.format.write_array(text, np.asarray(values), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))  # not the time of writing
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            file.writestr(entry, text.getvalue())
