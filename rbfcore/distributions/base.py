"""What every input distribution can do: expectations of products of Gaussian features, and samples."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from rbfcore.distributions.arguments import numbers
from rbfcore.distributions.family import Family
from rbfcore.distributions.forms import Alphabet, FiniteForm

if TYPE_CHECKING:
    from rbfcore.distributions.finite import Finite

# Above this many (k, m, d) triples the intermediate values of each input are computed again in the backward
# pass instead of being kept.
_KEEP_TRIPLES = 2**22


class InputDistribution(ABC):
    """A distribution p(x) over the inputs of a network, with the expectations of Theorem 1.

    Attributes:
        n_inputs: D, or None when one set of numbers holds for every input, however many there are.
        family: describes what has a short text; None for what only words describe.
        one_input_at_a_time: whether expectations are sums over inputs, which take long, rather than matrix products.
    """

    n_inputs: int | None
    family: ClassVar[Family | None] = None
    one_input_at_a_time: ClassVar[bool] = False

    def for_inputs(self, n_inputs: int) -> Self:
        """The same distribution over exactly D inputs.

        Raises:
            ValueError: it is already over another number of inputs.
        """
        if not isinstance(n_inputs, int) or n_inputs < 1:
            raise ValueError(f"the number of inputs must be a whole number >= 1, got {n_inputs!r}")
        if self.n_inputs is None:
            return self._spread(n_inputs)
        if self.n_inputs != n_inputs:
            raise ValueError(
                f"the distribution is over {_inputs(self.n_inputs)}, the network has {n_inputs}: "
                "give one value per input of the network, or a single value for all"
            )
        return self

    def expectation(
        self,
        k: float | ArrayLike | Tensor,
        u: ArrayLike | Tensor,
        r: float | ArrayLike | Tensor,
        v: ArrayLike | Tensor,
    ) -> Tensor:
        """E[exp(-k |x - u|^2 - r |x - v|^2)] for every pair of a row of u and a row of v.

        Args:
            k: one width or (..., K), >= 0.
            u: (..., K, D) centroids.
            r: one width or (..., M), >= 0.
            v: (..., M, D) centroids. Leading dimensions broadcast.

        Returns:
            (..., K, M) in (0, 1] (0 where the true value underflows), in the precision of u and v,
            differentiable in all four.

        Raises:
            ValueError: shapes do not fit each other, or D is not this distribution's.

        Source: Theorem 1, with a width per row.
        """
        u, v = _floating(u), _floating(v)
        dtype = torch.promote_types(u.dtype, v.dtype)
        u, v = u.to(dtype), v.to(dtype)
        if u.ndim < 2 or v.ndim < 2 or u.shape[-1] != v.shape[-1]:
            raise ValueError(
                f"u must be (..., K, D) and v (..., M, D) with one D, got {tuple(u.shape)} and {tuple(v.shape)}"
            )
        k, r = _width("k", k, u), _width("r", r, v)
        return self.for_inputs(u.shape[-1])._expectation(k, u, r, v)

    def feature_mean(self, k: float | ArrayLike | Tensor, u: ArrayLike | Tensor) -> Tensor:
        """E[exp(-k |x - u|^2)]: (..., K) for u (..., K, D) and k one width or (..., K)."""
        u = _floating(u)
        nowhere = u.new_zeros(1, u.shape[-1])
        return self.expectation(k, u, 0.0, nowhere).squeeze(-1)

    def sample(self, n: int, seed: int = 0, n_inputs: int | None = None) -> Tensor:
        """n independent draws, (n, D) float64.

        Args:
            n: number of rows, >= 1.
            seed: the same seed gives the same rows.
            n_inputs: D, needed when the distribution does not fix it.

        Raises:
            ValueError: n < 1, or D is neither known nor given, or differs from the given one.
        """
        if n < 1:
            raise ValueError(f"the number of samples must be >= 1, got {n}")
        n_inputs = self.n_inputs if n_inputs is None else n_inputs
        if n_inputs is None:
            raise ValueError("say how many inputs to draw: sample(n, seed, n_inputs=26)")
        return self.for_inputs(n_inputs)._draw(n, torch.Generator().manual_seed(seed))

    def log_density(self, x: ArrayLike | Tensor) -> Tensor:
        """log p(x) of rows x (N, D), as (N,) float64; of probabilities where the inputs are discrete.

        Raises:
            ValueError: x has another number of columns, or the distribution has no density.
        """
        rows = numbers("x", x, 2)
        if rows.ndim != 2:
            raise ValueError(f"x must be (N, D): one row per point, got shape {tuple(rows.shape)}")
        return self.for_inputs(rows.shape[1])._log_density(rows)

    @property
    def independent_inputs(self) -> bool:
        """Whether the inputs are independent of each other."""
        return self.n_inputs == 1

    @property
    def binary_inputs(self) -> bool:
        """Whether every input takes the values -1 and +1 only, so that gamma is a gauge."""
        return False

    def alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        """Weighted points for every input, on which expectations of products of two features are exact to rounding.

        Args:
            gamma: (K,) widths; theta: (K, D) centroids: nodes are as close as the narrowest feature asks.

        Returns:
            D alphabets. Discrete inputs give their own letters.

        Raises:
            ValueError: the inputs are not independent, D is not this distribution's, or features are so narrow that
                quadrature would need more than 4096 nodes.
        """
        return self.for_inputs(theta.shape[1])._alphabets(gamma, theta)

    def log_factor_means(self, gamma: Tensor, theta: Tensor) -> Tensor:
        """(K, D) log E[exp(-gamma (x_d - theta_d)^2)] of every factor of features: gamma (K,), theta (K, D).

        Raises:
            ValueError: as `alphabets`.
        """
        columns = [
            (log_chances[:, None] - gamma * (theta[:, d] - values[:, None]).square()).logsumexp(0)
            for d, (values, log_chances) in enumerate(self.alphabets(gamma, theta))
        ]
        return torch.stack(columns, 1)

    def factor_means_by_component(self, gamma: Tensor, theta: Tensor) -> Iterator[tuple[float, Tensor]]:
        """Weight and `log_factor_means` of every component with independent inputs; D fixed.

        Raises:
            ValueError: as `alphabets`, except for mixtures of independent inputs and for data points.
        """
        yield 1.0, self.log_factor_means(gamma, theta)

    def marginal(self, number: int) -> "InputDistribution":
        """The distribution of input `number`, 0-based, by itself; D must be fixed."""
        if self.family is None or not self.independent_inputs:
            raise ValueError(f"one input by itself is not known for {self.describe()[:80]}")
        return type(self)(**{name: column[number] for name, column in self._fields().items()})

    def finite_alphabet(self) -> "Finite | None":
        """The alphabets of all inputs, where these are independent and take a few values each."""
        return None

    def finite_form(self) -> FiniteForm | None:
        """All possible inputs, in the longest floating-point numbers; None where they are too many. D is fixed."""
        return None

    def bernoulli_form(self) -> tuple[Tensor, Tensor] | None:
        """Weights (C,) and probabilities of +1 (C, D) of a mixture of independent -1/+1 inputs, where it is one."""
        return None

    def independent_sites(self) -> Tensor | None:
        """(D,) probabilities of +1, where inputs are made as independent -1/+1 and the loss is taken about the mean."""
        return None

    def stand_in(self, order: int) -> "InputDistribution | None":
        """So many nodes an input that may stand for it while a pruning goes on; None where its own form is as fast."""
        del order
        return None

    def describe(self) -> str:
        """One short text: what `parse_distribution` reads where it can, else words."""
        return self._words() if self.family is None else self.family.text(*self._fields().values())

    def fingerprint(self) -> str:
        """Hash of the kind and every number: equal for equal distributions, across sessions.

        That of a family with a short text is `Family.fingerprint`, the same however it was typed or made.
        """
        if self.family is not None:
            return self.family.fingerprint(self._fields())
        digest = hashlib.sha256(type(self).__name__.encode())
        for part in self._content():
            if isinstance(part, InputDistribution):
                digest.update(part.fingerprint().encode())
            else:
                digest.update(str(tuple(part.shape)).encode() + part.contiguous().numpy().tobytes())
        return digest.hexdigest()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.describe()}>"

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        """As `alphabets`, with D fixed."""
        del gamma, theta
        raise ValueError(
            f"this needs independent inputs, got {self.describe()[:80]}: use one distribution per input, such as "
            "bernoulli:0.5 or the frequencies of each input by itself"
        )

    def _spread(self, n_inputs: int) -> Self:
        """The distribution with its numbers repeated for D inputs; called only when its n_inputs is None."""
        raise ValueError(f"{self.describe()} cannot be spread over {_inputs(n_inputs)}")

    @abstractmethod
    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        """As `expectation`, with D fixed, tensors of one dtype, k (..., K or 1) and r (..., M or 1)."""

    @abstractmethod
    def _log_density(self, x: Tensor) -> Tensor:
        """As `log_density`, with D fixed and x (N, D) float64."""

    @abstractmethod
    def _draw(self, n: int, generator: torch.Generator) -> Tensor: ...

    def _fields(self) -> dict[str, Any]:
        """The numbers of the family's fields."""
        assert self.family is not None
        return {field.name: getattr(self, field.name).numpy() for field in self.family.fields}

    def _words(self) -> str:
        """What `describe` says where there is no short text."""
        return type(self).__name__

    def _content(self) -> "Sequence[Tensor | InputDistribution]":
        """The numbers and parts that define a distribution without a family."""
        raise NotImplementedError(f"{type(self).__name__} has neither a family nor _content")


class ProductDistribution(InputDistribution):
    """Independent inputs: the expectation is a product over inputs, summed in logs one input at a time."""

    one_input_at_a_time = True

    @property
    def independent_inputs(self) -> bool:
        return True

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        k, r = k.unsqueeze(-1), r.unsqueeze(-2)
        total = torch.zeros((), dtype=u.dtype, device=u.device)
        spare = torch.is_grad_enabled() and u.numel() * v.shape[-2] > _KEEP_TRIPLES
        for d in range(u.shape[-1]):
            pair = (k, u[..., d].unsqueeze(-1), r, v[..., d].unsqueeze(-2))
            if spare:
                term = checkpoint(self._log_factor, d, *pair, use_reentrant=False, preserve_rng_state=False)
            else:
                term = self._log_factor(d, *pair)
            total = total + term
        return total.exp()

    @abstractmethod
    def _log_factor(self, d: int, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        """log E[exp(-k (x_d - u)^2 - r (x_d - v)^2)] of input d; arguments broadcast against each other."""


def _inputs(count: int) -> str:
    return f"{count} input{'s' if count != 1 else ''}"


def _floating(value: ArrayLike | Tensor) -> Tensor:
    tensor = value if isinstance(value, Tensor) else torch.from_numpy(np.asarray(value))
    return tensor if tensor.is_floating_point() else tensor.double()


def _width(name: str, value: float | ArrayLike | Tensor, rows: Tensor) -> Tensor:
    """A width as (..., 1) or (..., number of rows)."""
    width = torch.as_tensor(value, dtype=rows.dtype, device=rows.device)
    if width.ndim and width.shape[-1] not in (1, rows.shape[-2]):
        raise ValueError(f"{name} must be one width or one per row ({rows.shape[-2]}), got shape {tuple(width.shape)}")
    widths: Tensor = torch.atleast_1d(width)
    return widths
