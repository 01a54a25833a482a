"""The run card of a result: what was run, with which settings, versions and inputs, typed and with a version."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

VERSION = 1  # of the cards written now; older ones have none


@dataclass(frozen=True)
class Split:
    """How rows were split: numbers of rows, and the seed that `DataSet.split` took."""

    train: int | None = None
    validation: int | None = None
    test: int | None = None
    seed: int | None = None
    others: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: object) -> "Split | None":
        """The split that a card records, None where it is none."""
        if not isinstance(value, Mapping):
            return None
        known = {name: value[name] for name in ("train", "validation", "test", "seed") if name in value}
        if any(_whole(number) is None for number in known.values()):
            return None
        return cls(**known, others={name: kept for name, kept in value.items() if name not in known})

    def as_dict(self) -> dict[str, Any]:
        """As the file has it."""
        known = {"train": self.train, "validation": self.validation, "test": self.test, "seed": self.seed}
        return {name: value for name, value in known.items() if value is not None} | dict(self.others)


@dataclass(frozen=True)
class RunCard:
    """What is known about a network, a pruning path or an explanation. Every entry may be missing: it is None then.

    A card comes from a file that anybody may have written. An entry whose value is not of its type counts as missing,
    and is kept as it is among the `others`, so that writing the card again loses nothing.

    Attributes:
        command: of this program that made the result; network: name of the network that was explained.
        fingerprint: of the network, see `Parameters.fingerprint`; centroids, inputs: its K and D.
        distribution: p(x) in words, as `InputDistribution.describe`; distribution_fingerprint: of all its numbers.
        dataset, data_fingerprint: name and content of the rows; split: which of them were trained on.
        unit: of y; every score is in it, losses and variances in its square.
        lattice: name of the sites that the inputs are; numbering: their positions, where the lattice is not built in.
        surface, potential, target, provenance: what the rows were computed with.
        parent, parent_name, parent_centroids: fingerprint, name and K of the network that was pruned or averaged.
        test_rmse, validation_rmse, ridge_rmse: root mean square errors; test_sd: what predicting the mean leaves.
        rms_gap, loss: exact distance to the parent, Eq. (5); variance: of the parent under p(x).
        training, pruning: settings; recipe, epochs, iterations, trained_gamma: further ones.
        seconds, cpu_seconds: what it took.
        tags: words that a visitor gave the network.
        versions: of Python and of the packages that decide the numbers.
        card_version: see `VERSION`.
        others: entries without a field, and values that their field does not take.
    """

    card_version: int | None = None
    command: str | None = None
    network: str | None = None
    fingerprint: str | None = None
    centroids: int | None = None
    inputs: int | None = None
    distribution: str | None = None
    distribution_fingerprint: str | None = None
    dataset: str | None = None
    data_fingerprint: str | None = None
    split: Split | None = None
    unit: str | None = None
    lattice: str | None = None
    numbering: Mapping[str, Any] | None = None
    surface: str | None = None
    target: str | None = None
    potential: str | None = None
    provenance: Mapping[str, Any] | None = None
    test_rmse: float | None = None
    validation_rmse: float | None = None
    test_sd: float | None = None
    ridge_rmse: float | None = None
    rms_gap: float | None = None
    loss: float | None = None
    variance: float | None = None
    restart_losses: tuple[float, ...] | None = None
    sum_of_amplitudes: float | None = None
    condition: float | None = None
    float32_error: float | None = None
    float32_safe: bool | None = None
    invariance_gap: float | None = None
    parent: str | None = None
    parent_name: str | None = None
    parent_centroids: int | None = None
    training: Mapping[str, Any] | None = None
    recipe: str | None = None
    epochs: int | None = None
    trained_gamma: float | None = None
    pruning: Mapping[str, Any] | None = None
    iterations: int | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None
    tags: tuple[str, ...] | None = None
    versions: Mapping[str, Any] | None = None
    others: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> "RunCard":
        """The card that these entries make, of any version; nothing is refused and nothing is lost."""
        known: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, value in entries.items():
            typed = _READERS[name](value) if name in _READERS else None
            if typed is None:
                others[name] = value
            else:
                known[name] = typed
        return cls(**known, others=others)

    def as_dict(self) -> dict[str, Any]:
        """The entries as JSON holds them: what `from_dict` was given, with what has been changed since."""
        typed = {name: value for name in _READERS if (value := getattr(self, name)) is not None}
        return {**{name: _plain(value) for name, value in typed.items()}, **_without(self.others, typed)}

    def taken(self, names: Collection[str]) -> dict[str, Any]:
        """The entries of these names that are there, for a card that takes them over."""
        return {name: value for name, value in self.as_dict().items() if name in names}

    @property
    def unit_in_words(self) -> str:
        """The unit of y, for a sentence that needs one."""
        return self.unit or "units of y"


def _plain(value: object) -> object:
    """A value as JSON holds it."""
    if isinstance(value, Split):
        return value.as_dict()
    return list(value) if isinstance(value, tuple) else value


def _without(entries: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name not in names}


# What each type of entry takes: the value when it is of the type, else None. None of these raises.


def _text(value: object) -> str | None:
    """A text, also an empty one."""
    return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    """A whole number >= 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _magnitude(value: object) -> float | None:
    """A finite number >= 0: an error, a gap, a variance, a time."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return value if math.isfinite(value) and value >= 0 else None
    except OverflowError:  # a whole number that no float holds
        return None


def _magnitudes(value: object) -> tuple[float, ...] | None:
    """A list of such numbers."""
    if not isinstance(value, list | tuple) or any(_magnitude(part) is None for part in value):
        return None
    return tuple(value)


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...] | None:
    """A list of texts."""
    return tuple(value) if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value) else None


def _mapping(value: object) -> Mapping[str, Any] | None:
    """Values by name."""
    return value if isinstance(value, Mapping) else None


_BY_TYPE: dict[Any, Callable[[object], Any]] = {
    str | None: _text,
    int | None: _whole,
    float | None: _magnitude,
    bool | None: _truth,
    tuple[float, ...] | None: _magnitudes,
    tuple[str, ...] | None: _texts,
    Mapping[str, Any] | None: _mapping,
    Split | None: Split.read,
}
_READERS = {entry.name: _BY_TYPE[entry.type] for entry in fields(RunCard) if entry.name != "others"}
