"""Inputs that take a few values: occupations (Theorem 1.3), several elements, quadrature nodes."""

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from rbfcore.distributions.arguments import broadcast, numbers, probabilities, text
from rbfcore.distributions.base import InputDistribution

# Inputs are taken together until their joint alphabet has this many letters: the product over D inputs then
# is a product of few matrix products with an inner size that keeps the processor busy.
_JOINT_LETTERS = 8


class Finite(InputDistribution):
    """Independent inputs over a finite alphabet each.

    Args:
        values: (V,) one alphabet for all inputs, or (D, V).
        probabilities: (V,) or (D, V), >= 0, summing to 1 over V.

    Raises:
        ValueError: shapes do not fit, probabilities do not sum to 1, or a value is not finite.

    Source: Theorem 1.3 in general form: an inner product of features over the letters. As printed it
    overflows in float32; here each feature is divided by its largest letter, whose log is kept apart.
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

    def describe(self) -> str:
        inputs = "" if self.n_inputs is None else f" for each of {self.n_inputs} inputs"
        return f"finite alphabet of {self.n_letters}{inputs}"

    def _spread(self, n_inputs: int) -> "Finite":
        return Finite(self.values.expand(n_inputs, -1), self.probabilities.expand(n_inputs, -1))

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        values, weights = self.values.to(u), self.probabilities.to(u)
        left, left_scale = _letters(k, u, values)
        right, right_scale = _letters(r, v, values)
        total = torch.exp(left_scale.unsqueeze(-1) + right_scale.unsqueeze(-2))
        size = 1
        while size < u.shape[-1] and self.n_letters ** (size + 1) <= _JOINT_LETTERS:
            size += 1
        for start in range(0, u.shape[-1], size):
            group = range(start, min(start + size, u.shape[-1]))
            joint_left = _joint([left[..., d, :] for d in group])
            joint_right = _joint([right[..., d, :] * weights[d] for d in group])
            total = total * (joint_left @ joint_right.transpose(-1, -2))
        return total

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

    def __init__(self, q: float | ArrayLike | Tensor = 0.5) -> None:
        self.q = numbers("q", q, 1)
        outside = self.q[(self.q <= 0) | (self.q >= 1)]
        if outside.numel():
            raise ValueError(
                f"q must be strictly between 0 and 1, got {float(outside[0]):g}: "
                "it is the probability that a site is filled"
            )
        super().__init__(torch.tensor([-1.0, 1.0]), torch.stack([1 - self.q, self.q], -1))

    def describe(self) -> str:
        return "bernoulli:" + text(self.q)

    def _spread(self, n_inputs: int) -> "Bernoulli":
        return Bernoulli(self.q.expand(n_inputs))


def _probabilities(value: ArrayLike | Tensor) -> Tensor:
    return probabilities("probabilities", value, 2)


def _letters(width: Tensor, centroids: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """Features at every letter, divided by the largest per input, and the sum over inputs of its log.

    Returns:
        (..., K, D, V) in (0, 1], and (..., K).
    """
    exponent = -width[..., None, None] * (centroids.unsqueeze(-1) - values).square()
    largest = exponent.detach().amax(-1, keepdim=True)
    return torch.exp(exponent - largest), largest.sum((-1, -2))


def _joint(factors: list[Tensor]) -> Tensor:
    """Products of the letters of several inputs: (..., V) each -> (..., V ** number of inputs)."""
    joint = factors[0]
    for factor in factors[1:]:
        joint = (joint.unsqueeze(-1) * factor.unsqueeze(-2)).flatten(-2)
    return joint
