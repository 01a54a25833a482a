"""Reading the numbers a distribution is made from: one clear line for each way they can be wrong."""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor


def numbers(name: str, value: ArrayLike | Tensor, max_dims: int) -> Tensor:
    """`value` as a float64 tensor of its own, with at most `max_dims` axes and finite entries.

    Raises:
        ValueError: not numbers, NaN or infinite, empty, or too many axes.
    """
    try:
        plain = np.array(value.detach().cpu().numpy() if isinstance(value, Tensor) else value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a number or an array of numbers, got {value!r}") from error
    if plain.ndim > max_dims or plain.size == 0:
        raise ValueError(f"{name} must have at most {max_dims} axes and an entry or more, got shape {plain.shape}")
    if not np.isfinite(plain).all():
        raise ValueError(f"{name} must be finite, got {plain[~np.isfinite(plain)][0]}")
    return torch.from_numpy(plain)


def broadcast(**values: Tensor) -> tuple[Tensor, ...]:
    """The tensors broadcast to one shape.

    Raises:
        ValueError: the shapes do not fit; the message names each.
    """
    try:
        return tuple(t.contiguous() for t in torch.broadcast_tensors(*values.values()))
    except RuntimeError as error:
        shapes = ", ".join(f"{name} {tuple(value.shape)}" for name, value in values.items())
        raise ValueError(f"shapes do not fit each other: {shapes}") from error


def probabilities(name: str, value: ArrayLike | Tensor, max_dims: int) -> Tensor:
    """Non-negative numbers that sum to 1 along the last axis.

    Raises:
        ValueError: as `numbers`, an entry is negative, or a sum is not 1.
    """
    checked = torch.atleast_1d(numbers(name, value, max_dims))
    if bool((checked < 0).any()):
        raise ValueError(f"{name} must not be negative, got {float(checked.min()):g}")
    sums = checked.sum(-1)
    off = sums[(sums - 1).abs() > 1e-6]
    if off.numel():
        raise ValueError(
            f"{name} must sum to 1 along the last axis, got {float(off.reshape(-1)[0]):g}: divide them by their sum"
        )
    normalised: Tensor = checked / sums.unsqueeze(-1)
    return normalised
