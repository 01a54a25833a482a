"""The product of thin matrix products against the plain one, forward and backward."""

import pytest
import torch

from rbfcore.numerics import hadamard
from rbfcore.numerics.hadamard import hadamard_of_matmuls


@pytest.mark.parametrize("groups", [1, 2, 5])
@pytest.mark.parametrize("block", [8, 2**18])
def test_matches_the_plain_product(groups: int, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the backward pass goes row by row, and where a factor is exactly 0."""
    monkeypatch.setattr(hadamard, "_BLOCK", block)
    draw = torch.Generator().manual_seed(0)
    left = torch.rand(groups, 2, 7, 4, generator=draw, dtype=torch.float64)
    right = torch.rand(groups, 2, 4, 3, generator=draw, dtype=torch.float64)
    left[0, :, 2] = 0
    weight = torch.rand(2, 7, 3, generator=draw, dtype=torch.float64)
    answers = []
    for form in (hadamard_of_matmuls, lambda a, b: (a @ b).prod(0)):
        sides = [side.clone().requires_grad_() for side in (left, right)]
        value = form(*sides)
        answers.append([value.detach(), *torch.autograd.grad((value * weight).sum(), sides)])
    for fast, plain in zip(*answers, strict=True):
        torch.testing.assert_close(fast, plain, rtol=1e-12, atol=1e-14)


def test_only_the_gradient_asked_for() -> None:
    left = torch.rand(3, 1, 4, 2, dtype=torch.float64)
    right = torch.rand(3, 1, 2, 5, dtype=torch.float64, requires_grad=True)
    hadamard_of_matmuls(left, right).sum().backward()
    assert right.grad is not None
    assert left.grad is None
