"""Independent blocks of inputs, each with a distribution of its own."""

from collections.abc import Sequence
from functools import reduce
from itertools import groupby

import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Finite


class Product(InputDistribution):
    """Inputs of different families side by side: some binary, some continuous.

    Args:
        parts: distributions in the order of the inputs; one that fixes no number of inputs stands for one.

    Raises:
        ValueError: no parts, or one of them is not an input distribution.

    Source: the expectation of independent inputs is the product of the parts' (METHODS section 4).
    """

    n_inputs: int

    def __init__(self, parts: Sequence[InputDistribution]) -> None:
        self.parts = tuple(_checked(part) for part in parts)
        if not self.parts:
            raise ValueError("a product needs at least one part: one distribution per input or block of inputs")
        self.n_inputs = sum(part.n_inputs or 1 for part in self.parts)
        self._blocks = _blocks(self.parts)

    def _words(self) -> str:
        return "product of " + " | ".join(part.describe() for part in self.parts)

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        sizes = [block.n_inputs or 1 for block in self._blocks]
        columns = zip(u.split(sizes, -1), v.split(sizes, -1), strict=True)
        factors = [
            block._expectation(k, left, r, right) for block, (left, right) in zip(self._blocks, columns, strict=True)
        ]
        return reduce(torch.mul, factors)

    def _log_density(self, x: Tensor) -> Tensor:
        columns = x.split([block.n_inputs or 1 for block in self._blocks], -1)
        parts = [block._log_density(column) for block, column in zip(self._blocks, columns, strict=True)]
        return torch.stack(parts).sum(0)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        return torch.cat([block._draw(n, generator) for block in self._blocks], 1)

    def _content(self) -> tuple[InputDistribution, ...]:
        return self.parts


def _checked(part: InputDistribution) -> InputDistribution:
    if not isinstance(part, InputDistribution):
        raise ValueError(f"a part must be an input distribution such as Bernoulli(0.5), got {part!r}")
    return part


def _blocks(parts: tuple[InputDistribution, ...]) -> list[InputDistribution]:
    """The parts with D fixed; neighbours over alphabets of one size become one block, which is faster."""
    fixed = [part.for_inputs(part.n_inputs or 1) for part in parts]
    blocks: list[InputDistribution] = []
    for letters, run in groupby(fixed, lambda part: part.n_letters if isinstance(part, Finite) else 0):
        block = list(run)
        if letters:
            finite = [part for part in block if isinstance(part, Finite)]
            values, chances = zip(*((part.values, part.probabilities) for part in finite), strict=True)
            block = [Finite(torch.cat(values), torch.cat(chances))]
        blocks += block
    return blocks
