"""Independent blocks of inputs, each with a distribution of its own."""

from collections.abc import Sequence
from functools import reduce
from itertools import chain, groupby

import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Finite
from rbfcore.distributions.forms import Alphabet, Alphabets


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
        self._fixed = [part.for_inputs(part.n_inputs or 1) for part in self.parts]
        self._blocks = _blocks(self._fixed)

    @property
    def independent_inputs(self) -> bool:
        return all(part.independent_inputs for part in self._fixed)

    @property
    def binary_inputs(self) -> bool:
        return all(part.binary_inputs for part in self.parts)

    def marginal(self, number: int) -> InputDistribution:
        for part in self._fixed:
            size = part.n_inputs or 1
            if number < size:
                return part.marginal(number)
            number -= size
        raise ValueError(f"there are {self.n_inputs} inputs, counted from 0")

    def finite_form(self) -> Alphabets | None:
        forms = [part.finite_form() for part in self._fixed]
        inputs = [form.inputs for form in forms if isinstance(form, Alphabets)]
        return Alphabets(tuple(chain(*inputs))) if len(inputs) == len(forms) else None

    def bernoulli_form(self) -> tuple[Tensor, Tensor] | None:
        forms = [part.bernoulli_form() for part in self._fixed]
        known = [form[1] for form in forms if form is not None and len(form[0]) == 1]
        return (torch.ones(1, dtype=torch.float64), torch.cat(known, 1)) if len(known) == len(forms) else None

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        columns = theta.split([part.n_inputs or 1 for part in self._fixed], 1)
        return list(chain(*(part._alphabets(gamma, block) for part, block in zip(self._fixed, columns, strict=True))))

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


def _blocks(parts: list[InputDistribution]) -> list[InputDistribution]:
    """Neighbours over alphabets of one size become one block, which is faster."""
    blocks: list[InputDistribution] = []
    pairs = ((part, part.finite_alphabet()) for part in parts)
    for n_letters, run in groupby(pairs, lambda pair: pair[1].n_letters if pair[1] is not None else 0):
        block = list(run)
        if n_letters:
            finite = [alphabet for _, alphabet in block if alphabet is not None]
            blocks.append(
                Finite(torch.cat([one.values for one in finite]), torch.cat([one.probabilities for one in finite]))
            )
        else:
            blocks += [part for part, _ in block]
    return blocks
