"""The rows a network was trained on, found again from its run card, ready to be searched."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from dashboard.shelf.bundled import bundled_dataset
from rbfcore.data.bundled import bundled_names
from rbfcore.data.nearest import Neighbours
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

_Split = tuple[int, int, int]  # numbers of training and validation rows, seed
_known: "WeakKeyDictionary[DataSet, dict[_Split | None, Neighbours]]" = WeakKeyDictionary()
_fingerprints: "WeakKeyDictionary[DataSet, str]" = WeakKeyDictionary()


def training_rows(own: "dict[str, DataSet]", *networks: Parameters | None) -> Neighbours | None:
    """Training rows of the first of these networks whose run card names a data set at hand, bundled or on the shelf.

    Args:
        own: the data sets on the shelf, by name.

    Returns:
        The rows; all rows of the data set where the card records no split. None when the data set is not at hand, is
            another version, or its inputs are not -1/+1.
    """
    of_each = (_rows_of(network, own) for network in networks if network is not None)
    return next((rows for rows in of_each if rows is not None), None)


def bundled_rows(network: Parameters) -> Neighbours | None:
    """As `training_rows`, of the data sets that ship with the program."""
    return _rows_of(network, {})


def _rows_of(network: Parameters, own: "dict[str, DataSet]") -> Neighbours | None:
    data = _data_of(network, own)
    if data is None or data.n_inputs != network.n_inputs:
        return None
    try:
        return _searchable(data, _split_of(network))
    except ValueError:
        return None  # inputs that have no Hamming distance


def _data_of(network: Parameters, own: "dict[str, DataSet]") -> "DataSet | None":
    name, wanted = network.card.dataset, network.card.data_fingerprint
    if name is None:
        return None
    data = own[name] if name in own else bundled_dataset(name) if name in bundled_names() else None
    if data is None or wanted is None:
        return data
    if data not in _fingerprints:
        _fingerprints[data] = data.fingerprint()
    return data if _fingerprints[data] == wanted else None


def _split_of(network: Parameters) -> _Split | None:
    """What `DataSet.split` needs to give the same training rows, where the card records all of it."""
    split = network.card.split
    if split is None or split.train is None or split.validation is None or split.seed is None:
        return None
    return split.train, split.validation, split.seed


def _searchable(data: "DataSet", split: _Split | None) -> Neighbours:
    searchable = _known.setdefault(data, {})
    if split not in searchable:
        searchable[split] = Neighbours(data if split is None else data.split(*split)[0])
    return searchable[split]
