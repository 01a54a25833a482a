"""Inputs that take a few values: occupations (Theorem 1.3), several elements, quadrature nodes."""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from rbfcore.distributions.arguments import broadcast, numbers, probabilities
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.family import Family, Field
from rbfcore.distributions.forms import Alphabet, Alphabets, Long, alphabet
from rbfcore.numerics.hadamard import hadamard_of_matmuls

# Inputs are taken together until their joint alphabet has this many letters: the product over D inputs then
# is a product of few matrix products with an inner size that keeps the processor busy.
_JOINT_LETTERS = 16


class Finite(InputDistribution):
    """Independent inputs over a finite alphabet each.

    Args:
        values: (V,) one alphabet for all inputs, or (D, V).
        probabilities: (V,) or (D, V), >= 0, summing to 1 over V.

    Raises:
        ValueError: shapes do not fit, probabilities do not sum to 1, or a value is not finite.

    Source: Theorem 1.3 in general form: an inner product of features over the letters. As printed it
    overflows in float32, because exp(-gamma |theta|^2) is taken out of features that are at most 1.
    """

    def __init__(self, values: ArrayLike | Tensor, probabilities: ArrayLike | Tensor) -> None:
        self.values, self.probabilities = broadcast(
            values=torch.atleast_1d(numbers("values", values, 2)),
            probabilities=_probabilities(probabilities),
        )
        self.n_inputs = self.values.shape[0] if self.values.ndim == 2 else None

    @property
    def n_letters(self) -> int:
        """V."""
        return int(self.values.shape[-1])

    @property
    def independent_inputs(self) -> bool:
        return True

    @property
    def binary_inputs(self) -> bool:
        return bool((self.values.abs() == 1).all())

    def marginal(self, number: int) -> "Finite":
        return Finite(self.values[number], self.probabilities[number])

    def finite_alphabet(self) -> "Finite":
        return self

    def finite_form(self) -> Alphabets:
        chances = self._long_probabilities()
        values = self.values.numpy().astype(np.longdouble)
        return Alphabets(tuple(zip(values, chances / chances.sum(-1, keepdims=True), strict=True)))

    def bernoulli_form(self) -> tuple[Tensor, Tensor] | None:
        if not self.binary_inputs:
            return None
        return torch.ones(1, dtype=torch.float64), torch.atleast_1d(self._filled())[None]

    def _filled(self) -> Tensor:
        """() or (D,) probabilities of +1."""
        return (self.probabilities * (self.values == 1)).sum(-1)

    def _long_probabilities(self) -> Long:
        return self.probabilities.numpy().astype(np.longdouble)

    def _words(self) -> str:
        inputs = "" if self.n_inputs is None else f" for each of {self.n_inputs} inputs"
        return f"finite alphabet of {self.n_letters}{inputs}"

    def _spread(self, n_inputs: int) -> "Finite":
        return Finite(self.values.expand(n_inputs, -1), self.probabilities.expand(n_inputs, -1))

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        # Every factor is at most 1, so nothing overflows, and what underflows on the way underflows in the end.
        values, chances = self.values.to(u), self.probabilities.to(u)
        left = _joint(_features(k, u, values))
        right = _joint(_features(r, v, values) * chances).transpose(-1, -2)
        if right.ndim == 3:
            # One side against a batch of others: the batch is more rows of one matrix.
            table = hadamard_of_matmuls(left.flatten(1, -2).unsqueeze(1), right.unsqueeze(1))
            return table.view(*left.shape[1:-1], right.shape[-1])
        if left.ndim == 3:
            turned = right.transpose(-1, -2)
            columns = turned.flatten(1, -2).transpose(-1, -2)
            table = hadamard_of_matmuls(left.unsqueeze(1), columns.unsqueeze(1))[0]
            return table.T.reshape(*turned.shape[1:-1], left.shape[-2]).transpose(-1, -2)
        batch = torch.broadcast_shapes(left.shape[1:-2], right.shape[1:-2])
        table = hadamard_of_matmuls(*(_batched(side, batch) for side in (left, right)))
        return table.view(*batch, *table.shape[1:])

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        del gamma
        return [alphabet(self.values[d], self.probabilities[d]) for d in range(theta.shape[1])]

    def _log_density(self, x: Tensor) -> Tensor:
        hit = x.unsqueeze(-1) == self.values
        return (hit * self.probabilities).sum(-1).log().sum(-1)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        letter = torch.multinomial(self.probabilities, n, replacement=True, generator=generator)  # (D, n)
        return self.values.gather(1, letter).T.contiguous()

    def _content(self) -> tuple[Tensor, ...]:
        return (self.values, self.probabilities)


class Bernoulli(Finite):
    """Independent inputs on -1 and +1: occupations.

    Args:
        q: probability of +1, number or (D,), strictly between 0 and 1.

    Raises:
        ValueError: q outside (0, 1), or not numbers.

    Source: Theorem 1.3, with q per input.
    """

    family = Family(
        name="bernoulli",
        label="Bernoulli, −1/+1",
        meaning="Each site is filled with probability q, independently. q = 0.5 weighs all environments equally.",
        fields=(Field("q", "0.5", "Probability of +1 (filled), between 0 and 1."),),
        cost="sites",
        place=1,
    )

    def __init__(self, q: float | ArrayLike | Tensor = 0.5) -> None:
        self.q = numbers("q", q, 1)
        outside = self.q[(self.q <= 0) | (self.q >= 1)]
        if outside.numel():
            raise ValueError(
                f"q must be strictly between 0 and 1, got {float(outside[0]):g}: "
                "it is the probability that a site is filled"
            )
        super().__init__(torch.tensor([-1.0, 1.0]), torch.stack([1 - self.q, self.q], -1))

    def marginal(self, number: int) -> "Bernoulli":
        return Bernoulli(self.q[number])

    def independent_sites(self) -> Tensor:
        return self.q

    def _filled(self) -> Tensor:
        return self.q

    def _long_probabilities(self) -> Long:
        q = self.q.numpy().astype(np.longdouble)  # what q means in float64: its complement was rounded
        return np.stack([1 - q, q], -1)

    def _spread(self, n_inputs: int) -> "Bernoulli":
        return Bernoulli(self.q.expand(n_inputs))


def _probabilities(value: ArrayLike | Tensor) -> Tensor:
    return probabilities("probabilities", value, 2)


def _features(width: Tensor, centroids: Tensor, values: Tensor) -> Tensor:
    """Features at every letter of every input: (..., K, D, V)."""
    return torch.exp(-width[..., None, None] * (centroids.unsqueeze(-1) - values).square())


def _joint(features: Tensor) -> Tensor:
    """Features at the joint letters of groups of g inputs: (..., K, D, V) -> (D / g, ..., K, V ** g)."""
    n_inputs, n_letters = features.shape[-2:]
    size = 1
    while size < n_inputs and n_letters ** (size + 1) <= _JOINT_LETTERS:
        size += 1
    short = -n_inputs % size
    if short:
        # A group that is not full is filled with inputs that are always at their first letter.
        filler = torch.zeros_like(features[..., :short, :])
        filler[..., 0] = 1
        features = torch.cat([features, filler], -2)
    first: Tensor
    first, *others = features.unflatten(-2, (-1, size)).movedim(-3, 0).unbind(-2)
    for other in others:
        first = (first.unsqueeze(-1) * other.unsqueeze(-2)).flatten(-2)
    return first.contiguous()


def _batched(side: Tensor, batch: torch.Size) -> Tensor:
    """(G, *some batch, X, Y) -> (G, B, X, Y), B the size of the whole batch."""
    missing = len(batch) + 3 - side.ndim
    side = side.reshape(len(side), *(1,) * missing, *side.shape[1:])
    return side.expand(len(side), *batch, -1, -1).flatten(1, -3)
