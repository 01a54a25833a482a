"""Elementwise product of many thin matrix products, forward and backward in bounded memory."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

# Numbers held at once in the backward pass: about what a processor's second-level cache holds in float64.
_BLOCK = 2**18


def hadamard_of_matmuls(left: Tensor, right: Tensor) -> Tensor:
    """prod_g left[g] @ right[g], elementwise over g.

    Plain autograd would keep the G products and their running product; here one buffer is reused going forward, and
    going back the thin products are formed again, block of rows by block of rows.

    Args:
        left: (G, B, K, J).
        right: (G, B, J, M).

    Returns:
        (B, K, M), once differentiable, also where a factor is 0.
    """
    product: Tensor = _HadamardOfMatmuls.apply(left, right)  # type: ignore[no-untyped-call]
    return product


class _HadamardOfMatmuls(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, left: Tensor, right: Tensor) -> Tensor:
        ctx.save_for_backward(left, right)
        total = torch.bmm(left[0], right[0])
        factor = torch.empty_like(total)
        for g in range(1, len(left)):
            total.mul_(torch.bmm(left[g], right[g], out=factor))
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None]:
        left, right = ctx.saved_tensors
        (gradient,) = gradients
        groups, batch, rows, _ = left.shape
        left_gradient = torch.empty_like(left) if ctx.needs_input_grad[0] else None
        right_gradient = torch.zeros_like(right) if ctx.needs_input_grad[1] else None
        step = max(1, _BLOCK // (groups * batch * right.shape[-1]))
        for start in range(0, rows, step):
            block = slice(start, start + step)
            part = left[:, :, block]
            factors = torch.matmul(part, right)  # (G, B, rows, M)
            # after[g] is the product of the factors after g; before grows from the incoming gradient.
            after = torch.empty_like(factors)
            after[-1] = 1
            for g in range(groups - 1, 0, -1):
                torch.mul(after[g], factors[g], out=after[g - 1])
            before = gradient[:, block].clone(memory_format=torch.contiguous_format)
            for g in range(groups):
                inner = after[g].mul_(before)
                before.mul_(factors[g])
                if left_gradient is not None:
                    left_gradient[g, :, block] = inner @ right[g].transpose(-1, -2)
                if right_gradient is not None:
                    right_gradient[g].baddbmm_(part[g].transpose(-1, -2), inner)
        return left_gradient, right_gradient
