"""Mixtures of product distributions: correlated inputs with closed forms."""

import math
from collections.abc import Iterator, Sequence

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from rbfcore.distributions.arguments import probabilities
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.forms import Alphabet, Weighted


class Mixture(InputDistribution):
    """Draw a component, then all inputs from it ("lower layers are filled" or not).

    Args:
        weights: (C,), >= 0, summing to 1.
        components: C input distributions over the same number of inputs.

    Raises:
        ValueError: the numbers of weights and components differ, weights do not sum to 1, or components
            disagree on D.

    Source: an expectation is the weighted sum of the components' (METHODS section 4).
    """

    def __init__(self, weights: ArrayLike | Tensor, components: Sequence[InputDistribution]) -> None:
        self.weights = probabilities("weights", weights, 1)
        self.components = tuple(components)
        for component in self.components:
            if not isinstance(component, InputDistribution):
                raise ValueError(f"a component must be an input distribution, got {component!r}")
        if len(self.components) != len(self.weights):
            raise ValueError(f"expected one weight per component, got {len(self.weights)} for {len(self.components)}")
        sizes = {component.n_inputs for component in self.components} - {None}
        if len(sizes) > 1:
            raise ValueError(f"components must be over the same inputs, got {sorted(map(str, sizes))} inputs")
        self.n_inputs = sizes.pop() if sizes else None
        if self.n_inputs is not None:
            self.components = tuple(component.for_inputs(self.n_inputs) for component in self.components)

    @property
    def binary_inputs(self) -> bool:
        return all(component.binary_inputs for component in self.components)

    def factor_means_by_component(self, gamma: Tensor, theta: Tensor) -> Iterator[tuple[float, Tensor]]:
        for weight, component in self._drawn():
            yield from ((weight * inner, log) for inner, log in component.factor_means_by_component(gamma, theta))

    def marginal(self, number: int) -> "Mixture":
        return Mixture(self.weights, [component.marginal(number) for component in self.components])

    def finite_form(self) -> Weighted | None:
        forms = [component.finite_form() for component in self.components]
        known = [form for form in forms if form is not None]
        return Weighted(tuple(zip(self.weights.tolist(), known, strict=True))) if len(known) == len(forms) else None

    def bernoulli_form(self) -> tuple[Tensor, Tensor] | None:
        drawn = [(w, part.bernoulli_form()) for w, part in zip(self.weights, self.components, strict=True) if w > 0]
        known = [(w * form[0], form[1]) for w, form in drawn if form is not None]
        if len(known) < len(drawn):
            return None
        return torch.cat([weights for weights, _ in known]), torch.cat([q for _, q in known])

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        if not self.independent_inputs:
            return super()._alphabets(gamma, theta)
        parts = [(math.log(weight), part._alphabets(gamma, theta)[0]) for weight, part in self._drawn()]
        return [(torch.cat([v for _, (v, _) in parts]), torch.cat([w + log for w, (_, log) in parts]))]

    def _drawn(self) -> list[tuple[float, InputDistribution]]:
        """The components that have a weight."""
        return [(w, part) for w, part in zip(self.weights.tolist(), self.components, strict=True) if w > 0]

    def _words(self) -> str:
        parts = (
            f"{weight:.3g} x {part.describe()}"
            for weight, part in zip(self.weights.tolist(), self.components, strict=True)
        )
        return f"mixture of {len(self.components)}: " + " + ".join(parts)

    def _spread(self, n_inputs: int) -> "Mixture":
        return Mixture(self.weights, [component.for_inputs(n_inputs) for component in self.components])

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        total = torch.zeros((), dtype=u.dtype, device=u.device)
        for weight, component in zip(self.weights.tolist(), self.components, strict=True):
            if weight > 0:
                total = total + weight * component._expectation(k, u, r, v)
        return total

    def _log_density(self, x: Tensor) -> Tensor:
        parts = torch.stack([component._log_density(x) for component in self.components])
        return torch.logsumexp(self.weights.log().unsqueeze(-1) + parts, 0)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        chosen = torch.multinomial(self.weights, n, replacement=True, generator=generator)
        rows = torch.empty(n, self.components[0].n_inputs or 1, dtype=torch.float64)
        for number, component in enumerate(self.components):
            mine = chosen == number
            if bool(mine.any()):
                rows[mine] = component._draw(int(mine.sum()), generator)
        return rows

    def _content(self) -> tuple[Tensor | InputDistribution, ...]:
        return (self.weights, *self.components)
