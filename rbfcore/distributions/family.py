"""What a family of distributions says of itself: its name, its numbers, and the short text that they make.

Pages and comparisons of texts work before torch is loaded, and the command line's help before numpy is.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

# What a pair of a large network's centroid and a prototype costs: see `rbfcore.pruning.pace`, which has measured each.
Cost = Literal["sites", "mixture of sites", "distances", "error functions", "sums of exponentials"]
Numbers = Mapping[str, float | Sequence[float] | Sequence[Sequence[float]]]

_COUNTS = ("no", "one", "two", "three", "four", "five", "six")
_PER_INPUT = "One number for all inputs, or one per input separated by commas."
_PER_COMPONENT = "One number per component separated by commas; different inputs separated by semicolons."
_DIGITS = 12  # what tells two numbers apart in a fingerprint: "1/3" typed with 15 digits is the same as computed


@dataclass(frozen=True)
class Field:
    """One number of a family, an argument of its constructor and an attribute of its distributions.

    Attributes:
        default: what a picker shows first.
        meaning: which numbers are allowed.
        shares: the numbers of an input's components add up to 1.
    """

    name: str
    default: str
    meaning: str = ""
    shares: bool = False


@dataclass(frozen=True)
class Family:
    """The description of a family, a class attribute called `family`.

    In a file of `rbfcore.distributions` it is written out in literals, since it is read there without running the file.

    Attributes:
        name: begins its texts ("uniform:-4,4") and names it in links.
        label, meaning: of the picker.
        fields: its numbers, in the order of its texts.
        cost: what it costs to prune under it.
        per_component: fields have a number for each component of a mixture, besides one for each input.
        place: where lists show it.
    """

    name: str
    label: str
    meaning: str
    fields: tuple[Field, ...]
    cost: Cost = "error functions"
    per_component: bool = False
    place: int = 100

    @property
    def occupations(self) -> bool:
        """Whether its inputs are -1 or +1."""
        return self.cost in ("sites", "mixture of sites")

    @property
    def form(self) -> str:
        """ "uniform:LOW,HIGH": what its texts look like."""
        symbols = [field.name.upper() for field in self.fields]
        if len(symbols) == 1:
            (q,) = symbols
            return f"{self.name}:{q} or {self.name}:{q}1,{q}2,... (one per input)"
        return f"{self.name}:{self._between.join(symbols)}"

    @property
    def example(self) -> str:
        """ "uniform:-4,4": the text of its defaults."""
        return self.name + ":" + self._between.join(field.default.replace(" ", "") for field in self.fields)

    def help(self, field: Field) -> str:
        """What to type into a field."""
        return f"{field.meaning} {_PER_COMPONENT if self.per_component else _PER_INPUT}".strip()

    def text(self, *columns: "ArrayLike") -> str:
        """The shortest text that reads back as the same numbers; inputs that are all alike are said once.

        Args:
            columns: the fields' numbers, () or (D,), of components (L,) or (D, L).
        """
        import numpy as np

        arrays = [np.asarray(column, dtype=np.float64) for column in columns]
        inputs = zip(*(array.reshape(-1, *array.shape[array.ndim - self._axes :]) for array in arrays), strict=True)
        groups = [self._between.join(",".join(map(_plain, np.atleast_1d(part))) for part in row) for row in inputs]
        groups = groups[:1] if len(set(groups)) == 1 else groups
        return f"{self.name}:" + self._between_inputs.join(groups)

    def read(self, text: str, forms: str = "") -> dict[str, Any]:
        """The numbers of a text, by field: a number, or a list with one entry per input.

        Args:
            text: "uniform:-4,4"; "uniform:-4,4;-1,1" for two inputs.
            forms: what could have been written, for the error.

        Raises:
            ValueError: not numbers, or too many or too few for an input.
        """
        expected = f"expected {forms or self.form}"
        try:
            rows = [self._row(group) for group in text.partition(":")[2].split(";")]
        except ValueError as error:
            raise ValueError(f"cannot read the numbers of {text!r}: {expected}") from error
        if len(self.fields) == 1:
            if len(rows) != 1:
                raise ValueError(f"cannot read {text!r}: separate the {self.fields[0].name} of the inputs by commas")
            rows = [[number] for number in rows[0]]
        if any(len(row) != len(self.fields) for row in rows):
            count = _COUNTS[len(self.fields)] if len(self.fields) < len(_COUNTS) else str(len(self.fields))
            what = "lists of numbers separated by slashes" if self.per_component else "numbers"
            raise ValueError(f"cannot read {text!r}: each input of a {self.name} takes {count} {what}, {expected}")
        columns = zip(*rows, strict=True)
        names = (field.name for field in self.fields)
        return {
            name: column[0] if len(column) == 1 else list(column) for name, column in zip(names, columns, strict=True)
        }

    def fingerprint(self, numbers: Numbers, n_inputs: int | None = None) -> str:
        """Identity of the distribution with these numbers: the same for all ways to write it.

        Args:
            numbers: by field, as `read` or the constructor takes them.
            n_inputs: D; None keeps what the numbers say, which may be "any number of inputs".

        Raises:
            ValueError: numbers whose shapes do not fit each other, or that are for another number of inputs.
        """
        import numpy as np

        arrays = [self._checked(field, numbers[field.name]) for field in self.fields]
        columns = np.broadcast_arrays(*arrays)
        if n_inputs is not None:
            shape = (n_inputs, *columns[0].shape[columns[0].ndim - self._axes :])
            if columns[0].ndim > self._axes and columns[0].shape != shape:
                raise ValueError(f"{self.name} is over {columns[0].shape[0]} inputs here, expected {n_inputs}")
            columns = tuple(np.broadcast_to(column, shape) for column in columns)
        content = [
            f"{field.name}{column.shape}=" + ",".join(f"{value + 0.0:.{_DIGITS}g}" for value in column.ravel().tolist())
            for field, column in zip(self.fields, columns, strict=True)
        ]
        return hashlib.sha256("|".join([self.name, *content]).encode()).hexdigest()

    @property
    def _axes(self) -> int:
        """Axes of the numbers of one input."""
        return 1 if self.per_component else 0

    @property
    def _between(self) -> str:
        return "/" if self.per_component else ","

    @property
    def _between_inputs(self) -> str:
        return "," if len(self.fields) == 1 else ";"

    def _row(self, group: str) -> list[Any]:
        """The numbers of one input, or of all inputs of a family with one number."""
        if not self.per_component:
            return [float(number) for number in group.split(",")]
        return [[float(number) for number in part.split(",")] for part in group.split("/")]

    def _checked(self, field: Field, value: Any) -> "NDArray[np.float64]":
        import numpy as np

        array = np.asarray(value, dtype=np.float64)
        if self.per_component:
            array = np.atleast_1d(array)
        return array / array.sum(-1, keepdims=True) if field.shares else array


def _plain(value: float) -> str:
    """ "4" for 4.0, else all digits."""
    return repr(float(value)).removesuffix(".0")
