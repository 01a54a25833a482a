"""All 2^D environments of a network on -1/+1 inputs as one table, by matrix products of its halves."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.lattice.codes import rows_of
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.tensors import NetworkTensors, network_tensors

_LOW, _MIDDLE = 13, 9  # inputs of a row of the table, and of the rows that are made together
_MOST = 40  # inputs: 2^40 environments take days
_MOST_HELD = 30  # inputs of a table held in memory: 4 GiB in float32
_COLUMN_BLOCK = 256  # centroids whose half tables are made at once


def table_chunks(
    network: RBFN | Parameters, dtype: torch.dtype = torch.float32
) -> Iterator[tuple[int, NDArray[np.floating]]]:
    """The responses of all 2^D environments in order of their index, a chunk at a time.

    Args:
        network: K centroids over D inputs, at most 40.
        dtype: precision of the matrix products and of the result; float64 takes about twice as long.

    Yields:
        The index of the first environment of the chunk, and the responses: 2^22 of them (fewer if there are no more).
        Bit d (least significant first) of an index says that input d is +1. The array is overwritten by the next
        chunk: copy what must stay.

    Raises:
        ValueError: more than 40 inputs.

    Source: METHODS section 9: phi_i(x) is a product of a factor per half of the inputs. Factors are divided
    by their largest value, so that nothing overflows; on -1/+1 inputs that leaves the function as it is. What one
    half does while the other is at its mean is summed in float64, so that the large matrix product holds only what
    the halves do together: its rounding in float32 is several times smaller.
    """
    yield from _chunks(network_tensors(network), dtype, None)


def enumerate_binary(network: RBFN | Parameters, out: NDArray[np.floating] | None = None) -> NDArray[np.floating]:
    """The response of every environment on -1/+1 inputs.

    Args:
        network: K centroids over D inputs.
        out: (2**D,) array or memory map to write into; its precision, float32 or float64, is the precision of the
            sums. By default a new float32 array, for D up to 30.

    Returns:
        (2**D,), in units of y. Bit d (least significant first) of the index says that input d is +1, else -1.

    Raises:
        ValueError: D is too large, or `out` has another shape or type or cannot be written to.
    """
    net = network_tensors(network)
    n_inputs = net.theta.shape[1]
    if out is None:
        if n_inputs > _MOST_HELD:
            raise ValueError(
                f"a table of 2^{n_inputs} environments is too large for memory (at most {_MOST_HELD} inputs): give "
                "out=, a memory map, or use table_chunks"
            )
        out = np.empty(2**n_inputs, dtype=np.float32)
    if out.shape != (2**n_inputs,) or out.dtype not in (np.float32, np.float64):
        raise ValueError(f"out must be ({2**n_inputs},) of float32 or float64, got {out.shape} of {out.dtype}")
    if not (out.flags.c_contiguous and out.flags.writeable):
        raise ValueError("out must be a contiguous array that can be written to, got a view or a read-only map")
    for _ in _chunks(net, torch.float64 if out.dtype == np.float64 else torch.float32, out):
        pass  # written in place
    return out


def environments(indices: NDArray[np.integer], n_inputs: int) -> NDArray[np.int8]:
    """The environments of these indices as rows of -1 and +1: (n,) -> (n, D)."""
    return 2 * rows_of(indices, n_inputs).astype(np.int8) - 1


def _chunks(
    net: NetworkTensors, dtype: torch.dtype, out: NDArray[np.floating] | None
) -> Iterator[tuple[int, NDArray[np.floating]]]:
    """As `table_chunks`; the chunks are parts of `out` where it is given."""
    n_inputs = net.theta.shape[1]
    if n_inputs > _MOST:
        raise ValueError(f"all 2^{n_inputs} environments are too many: at most {_MOST} inputs")
    logs, weight = _scaled(net)
    sizes = min(_LOW, n_inputs), min(_MIDDLE, max(0, n_inputs - _LOW))
    low, middle, top = logs.split([sizes[0], sizes[1], n_inputs - sum(sizes)], 1)
    mean_low, mean_high = _mean(low), _mean(middle) * _mean(top)
    right = torch.empty(2 ** sizes[0], len(weight) + 4, dtype=dtype)
    columns = torch.zeros(len(right), dtype=torch.float64)
    for start in range(0, len(weight), _COLUMN_BLOCK):
        part = slice(start, min(start + _COLUMN_BLOCK, len(weight)))
        change = (_half_table(low[part]) - mean_low[part]) * weight[part]
        columns += change @ mean_high[part]
        right[:, part] = change
    _append_sum(right, columns, first=False)
    rows = _half_table(middle)  # (2^middle, K)
    left = torch.empty(len(rows), len(weight) + 4, dtype=dtype)
    size = len(left) * len(right)
    buffer = np.empty(size, dtype=right.numpy().dtype) if out is None else out
    for number in range(2 ** top.shape[1]):
        high = rows
        if top.shape[1]:
            filled = [top[:, d, number >> d & 1] for d in range(top.shape[1])]
            high = rows * torch.stack(filled).sum(0).exp()
        left[:, :-4] = high - mean_high
        _append_sum(left, net.alpha + high @ (mean_low * weight), first=True)
        start = number * size
        chunk = buffer if out is None else buffer[start : start + size]
        torch.mm(left, right.T, out=torch.from_numpy(chunk).view(len(left), len(right)))
        yield start, chunk


def _append_sum(table: Tensor, values: Tensor, *, first: bool) -> None:
    """Make the last four columns such that the product of a left (first) and a right table also adds both values.

    They come last, when all that is small has been summed, and in two parts, so that they are not rounded.
    """
    rounded = values.to(table.dtype)
    place = -4 if first else -2
    table[:, -4:] = 1
    table[:, place] = rounded
    table[:, place + 1] = values - rounded


def _scaled(net: NetworkTensors) -> tuple[Tensor, Tensor]:
    """Logs of the factors at -1 and +1 less their larger one (K, D, 2), and the weights that make up for it (K,)."""
    logs = -net.gamma[:, None, None] * (net.theta[..., None] - torch.tensor([-1.0, 1.0], dtype=torch.float64)).square()
    largest = logs.amax(2, keepdim=True)
    weight = net.beta.sign() * (net.beta.abs().log() + largest.sum((1, 2))).exp()
    return logs - largest, weight


def _mean(logs: Tensor) -> Tensor:
    """(K,) mean over all settings of some inputs of the product of their factors (K, n, 2)."""
    return logs.exp().mean(2).prod(1)


def _half_table(logs: Tensor) -> Tensor:
    """(2^n, K): products of the factors (K, n, 2) for every setting of some inputs."""
    values = logs.new_ones(1, len(logs))
    for empty, filled in (logs[:, d].exp().unbind(1) for d in range(logs.shape[1])):
        values = torch.cat([values * empty, values * filled])
    return values
