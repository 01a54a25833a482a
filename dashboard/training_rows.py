"""The rows a network was trained on, found again from its run card, ready to be searched."""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from dashboard.state import Session, bundled_dataset
from rbfcore.data.bundled import bundled_names
from rbfcore.data.nearest import Neighbours
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

_known: "WeakKeyDictionary[DataSet, dict[tuple[int, ...], Neighbours]]" = WeakKeyDictionary()
_fingerprints: "WeakKeyDictionary[DataSet, str]" = WeakKeyDictionary()


def training_rows(session: Session, *networks: Parameters | None) -> Neighbours | None:
    """Training rows of the first of these networks whose run card names a data set at hand, bundled or on the shelf.

    Returns:
        The rows; all rows of the data set where the card records no split. None when the data set is not at hand, is
            another version, or its inputs are not -1/+1.
    """
    for network in networks:
        data = None if network is None else _data_of(session, network)
        if network is None or data is None or data.n_inputs != network.n_inputs:
            continue
        try:
            return _searchable(data, network.metadata.get("split"))
        except ValueError:
            continue  # inputs that have no Hamming distance
    return None


def _data_of(session: Session, network: Parameters) -> "DataSet | None":
    name, wanted = network.metadata.get("dataset"), network.metadata.get("data_fingerprint")
    own = session.shelf.datasets()
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
