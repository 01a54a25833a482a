"""A data set: inputs, responses, what the columns are, and which rows must not be separated by a split."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Coding = Literal["occupation", "real"]


@dataclass(frozen=True, eq=False)
class DataSet:
    """Rows of inputs with one response each.

    Attributes:
        name: short name for screens and run cards.
        x: (N, D) float32; occupations are coded -1 (empty) and +1 (filled).
        y: (N,) float64 responses, in `unit`.
        site_names: (D,) names of the inputs; "1" ... "D" for lattice sites.
        coding: "occupation" when every input is -1 or +1, else "real".
        unit: unit of y, "eV" for barriers.
        family: (N,) whole numbers; rows of one family (symmetric images of each other, forward and reverse)
            stay on one side of every split. None: each row is its own family.
        lattice: name of the environment the inputs live on ("fcc26", ...), or None.
        provenance: where the numbers come from; values that JSON can hold.
    """

    name: str
    x: NDArray[np.float32]
    y: NDArray[np.float64]
    site_names: tuple[str, ...]
    coding: Coding
    unit: str = ""
    family: NDArray[np.int64] | None = None
    lattice: str | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.x.ndim != 2 or 0 in self.x.shape:
            raise ValueError(f"x must be (N, D) with at least one row and one column, got {self.x.shape}")
        if self.y.shape != (len(self.x),):
            raise ValueError(f"y must be ({len(self.x)},): one response per row of x, got {self.y.shape}")
        if len(self.site_names) != self.x.shape[1]:
            raise ValueError(f"expected {self.x.shape[1]} site names, one per column, got {len(self.site_names)}")
        if self.family is not None and self.family.shape != self.y.shape:
            raise ValueError(f"family must be ({len(self.x)},): one number per row, got {self.family.shape}")

    def __len__(self) -> int:
        return len(self.y)

    @property
    def n_inputs(self) -> int:
        return int(self.x.shape[1])

    def fingerprint(self) -> str:
        """16 hex digits that name the rows: equal inputs and responses in equal order, equal fingerprint."""
        digest = hashlib.sha256(repr(self.x.shape).encode())
        digest.update(np.ascontiguousarray(self.x, dtype="<f4").tobytes())
        digest.update(np.ascontiguousarray(self.y, dtype="<f8").tobytes())
        return digest.hexdigest()[:16]

    def rows(self, index: NDArray[np.int64]) -> "DataSet":
        """The data set reduced to these rows."""
        family = None if self.family is None else self.family[index]
        return replace(self, x=self.x[index], y=self.y[index], family=family)

    def with_images(self) -> "DataSet":
        """All rows and then their other images under the symmetry of the jump, which have the same response.

        Bundled sets store one image of each environment. Use this on the training part, after `split`.

        Raises:
            ValueError: the inputs are not sites of a known lattice.
        """
        from rbfcore.lattice.codes import distinct_images, site_codes
        from rbfcore.lattice.named import lattice_environment

        if self.lattice is None:
            raise ValueError(f"{self.name} has no symmetric images: its inputs are no known lattice sites")
        row, image = distinct_images(site_codes(self.x > 0), self.lattice)
        everything = self.rows(row)
        permutation = lattice_environment(self.lattice).symmetry[image]
        return replace(everything, x=np.take_along_axis(everything.x, permutation, axis=1))

    def summary(self) -> dict[str, Any]:
        """Rows, moments of y, families, duplicates and conflicts; see `rbfcore.data.summary.summarise`."""
        from rbfcore.data.summary import summarise

        return summarise(self)

    def split(
        self, n_train: int | None = None, n_validation: int | None = None, seed: int = 0
    ) -> tuple["DataSet", "DataSet", "DataSet"]:
        """Train, validation and test rows, drawn at random by family: no image of a training row is tested.

        Args:
            n_train: at most this many rows to train on (whole families: can be a few less). Default 80 %.
            n_validation: likewise for validation. Default 10 %. All other rows are the test set.
            seed: the same seed gives the same split.

        Raises:
            ValueError: the sizes are not positive or leave no row to test on.
        """
        n_train = int(0.8 * len(self)) if n_train is None else n_train
        n_validation = int(0.1 * len(self)) if n_validation is None else n_validation
        if n_train < 1 or n_validation < 1 or n_train + n_validation >= len(self):
            raise ValueError(
                f"cannot split {len(self)} rows into {n_train} for training, {n_validation} for validation "
                "and the rest for testing: each part needs at least one row"
            )
        family = np.arange(len(self)) if self.family is None else self.family
        _, member, size = np.unique(family, return_inverse=True, return_counts=True)
        order = np.random.default_rng(seed).permutation(len(size))
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        filled = np.cumsum(size[order])
        train_end = int(np.searchsorted(filled, n_train, side="right"))
        used = int(filled[train_end - 1]) if train_end else 0
        validation_end = int(np.searchsorted(filled, used + n_validation, side="right"))
        part = np.searchsorted([train_end, validation_end], rank[member], side="right")
        parts = [np.flatnonzero(part == number) for number in range(3)]
        if min(len(rows) for rows in parts) == 0:
            raise ValueError(
                f"the split by family left a part empty (sizes {[len(rows) for rows in parts]}): the data "
                f"set has only {len(size)} families; ask for other sizes"
            )
        train, validation, test = (self.rows(rows) for rows in parts)
        return train, validation, test
