"""Forms of a distribution that others compute with: weighted points of one input, and finite sums in many digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Alphabet = tuple[Tensor, Tensor]  # of one input: values (V,), logs of their probabilities (V,)
Long = NDArray[np.longdouble]


@dataclass(frozen=True, eq=False)
class Alphabets:
    """Independent inputs of a few values each.

    Attributes:
        inputs: values (V,) and probabilities (V,) of each of D inputs.
    """

    inputs: tuple[tuple[Long, Long], ...]


@dataclass(frozen=True, eq=False)
class Points:
    """Points (N, D) of equal probability."""

    x: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weighted:
    """A mixture: weights with the form of each component."""

    parts: tuple[tuple[float, "FiniteForm"], ...]


FiniteForm = Alphabets | Points | Weighted


def alphabet(values: Tensor, probabilities: Tensor) -> Alphabet:
    """The values of one input that have a probability."""
    possible = probabilities > 0
    return values[possible], probabilities[possible].log()
