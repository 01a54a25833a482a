"""The rows a network was trained on, found again from its run card, ready to be searched."""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from dashboard.shelf.bundled import bundled_dataset
from rbfcore.data.bundled import bundled_names
from rbfcore.data.nearest import Neighbours
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

_known: "WeakKeyDictionary[DataSet, dict[tuple[int, ...], Neighbours]]" = WeakKeyDictionary()
_fingerprints: "WeakKeyDictionary[DataSet, str]" = WeakKeyDictionary()


def training_rows(own: "dict[str, DataSet]", *networks: Parameters | None) -> Neighbours | None:
    """Training rows of the first of these networks whose run card names a data set at hand, bundled or on the shelf.

    Args:
        own: the data sets on the shelf, by name.

    Returns:
        The rows; all rows of the data set where the card records no split. None when the data set is not at hand, is
            another version, or its inputs are not -1/+1.
    """
    found = (_rows_of(network, own) for network in networks if network is not None)
    return next((rows for rows in found if rows is not None), None)


def bundled_rows(network: Parameters) -> Neighbours | None:
    """As `training_rows`, of the data sets that ship with the program."""
    return _rows_of(network, {})


def _rows_of(network: Parameters, own: "dict[str, DataSet]") -> Neighbours | None:
    data = _data_of(network, own)
    if data is None or data.n_inputs != network.n_inputs:
        return None
    try:
        return _searchable(data, network.metadata.get("split"))
    except ValueError:
        return None  # inputs that have no Hamming distance


def _data_of(network: Parameters, own: "dict[str, DataSet]") -> "DataSet | None":
    name, wanted = network.metadata.get("dataset"), network.metadata.get("data_fingerprint")
    data = own[name] if name in own else bundled_dataset(str(name)) if name in bundled_names() else None
    if data is None or wanted is None:
        return data
    if data not in _fingerprints:
        _fingerprints[data] = data.fingerprint()
    return data if _fingerprints[data] == wanted else None


def _searchable(data: "DataSet", split: Any) -> Neighbours:
    split = split if isinstance(split, dict) else {}
    key = tuple(int(split[name]) for name in ("train", "validation", "seed") if name in split)
    found = _known.setdefault(data, {})
    if key not in found:
        found[key] = Neighbours(data.split(*key)[0] if len(key) == 3 else data)
    return found[key]
