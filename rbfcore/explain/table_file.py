"""The responses in all 2^D environments as a file, written in bounded memory, and what is in it."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rbfcore.explain.enumeration import environments, table_chunks
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.storage.files import replacing

CHECKED = 512  # environments evaluated again in double precision, to say how exact the table is
_MOST = 36  # inputs: 256 GiB


@dataclass(frozen=True)
class Extreme:
    """A lowest or highest response: its value in units of y, and the index of its environment."""

    response: float
    index: int


@dataclass(frozen=True)
class TableFacts:
    """What a table holds.

    Attributes:
        environments: 2^D of them.
        mean, sd: over all environments, in units of y.
        lowest, highest: responses with their environments.
        rounding_error: the largest difference to double precision among `CHECKED` environments.
    """

    environments: int
    mean: float
    sd: float
    lowest: Extreme
    highest: Extreme
    rounding_error: float


def table_to_file(network: Parameters, output: str | Path) -> Generator[float, None, TableFacts]:
    """Write the table of all environments as a numpy file.

    Args:
        network: K centroids over D inputs -1/+1.
        output: a .npy file of 2^D numbers, float32; bit d (least significant first) of a place says whether input
            d + 1 is +1.

    Yields:
        The share that is written, from 0 to 1.

    Returns:
        Facts about the table.

    Raises:
        ValueError: more than 36 inputs.
    """
    n_inputs = network.n_inputs
    if n_inputs > _MOST:
        raise ValueError(f"a file of all 2^{n_inputs} environments is too large: at most {_MOST} inputs (256 GiB)")
    total = 2**n_inputs
    places = np.unique(np.random.default_rng(0).integers(0, total, CHECKED))
    seen = []
    sums = squares = 0.0
    lowest, highest = Extreme(np.inf, 0), Extreme(-np.inf, 0)
    with replacing(output) as temporary:
        table = np.lib.format.open_memmap(temporary, mode="w+", dtype=np.float32, shape=(total,))
        for start, chunk in table_chunks(network):
            table[start : start + len(chunk)] = chunk
            if chunk.min() < lowest.response:
                lowest = Extreme(float(chunk.min()), start + int(chunk.argmin()))
            if chunk.max() >= highest.response:
                highest = Extreme(float(chunk.max()), start + int(chunk.argmax()))
            sums += float(chunk.sum(dtype=np.float64))
            squares += float(np.square(chunk, dtype=np.float64).sum())
            seen.append(chunk[places[(places >= start) & (places < start + len(chunk))] - start])
            yield (start + len(chunk)) / total
        table.flush()
        del table
    exact = RBFN.from_plain(network).double().predict(environments(places, n_inputs))
    mean = sums / total
    return TableFacts(
        environments=total,
        mean=mean,
        sd=max(squares / total - mean**2, 0.0) ** 0.5,
        lowest=lowest,
        highest=highest,
        rounding_error=float(np.abs(np.concatenate(seen) - exact).max()),
    )
