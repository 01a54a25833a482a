"""Many chunks of work through one process, several (joblib) or a Dask cluster; results come as they finish."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.npz import Arrays

# Occupations (n, 26) uint8 -> arrays of n rows. Sent to other processes, so it must be picklable.
ChunkFunction = Callable[[NDArray[np.uint8]], Arrays]
_ATTEMPTS = 3
_IDLE_SECONDS = 60  # longer than drawing candidates takes; orphans of a killed run end after it
CONNECT_SECONDS = 20.0


def run_chunks(
    function: ChunkFunction,
    chunks: Mapping[str, NDArray[np.uint8]],
    workers: int = 1,
    dask: str | None = None,
) -> Iterator[tuple[str, Arrays]]:
    """Apply the function to every chunk.

    Args:
        function: computes one chunk; its result must not depend on which process runs it.
        chunks: name -> occupations (n, 26).
        workers: processes on this machine; 1 computes in this one, -1 takes every core.
        dask: address of a Dask scheduler, e.g. "tcp://host:8786"; then `workers` is ignored.

    Yields:
        Name and arrays of each chunk, in the order of finishing.

    Raises:
        ValueError: workers is 0, or the Dask scheduler cannot be reached.
        OSError: worker processes died several times.
    """
    if dask is not None:
        return _through_dask(function, chunks, dask)
    if workers == 0:
        raise ValueError("workers must be at least 1, or -1 for every core, got 0")
    if workers == 1:
        return ((name, function(occupied)) for name, occupied in chunks.items())
    return _through_joblib(function, chunks, workers)


def _named(function: ChunkFunction, name: str, occupied: NDArray[np.uint8]) -> tuple[str, Arrays]:
    return name, function(occupied)


def _through_joblib(
    function: ChunkFunction, chunks: Mapping[str, NDArray[np.uint8]], workers: int
) -> Iterator[tuple[str, Arrays]]:
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    left = dict(chunks)
    for attempt in range(1, _ATTEMPTS + 1):
        parallel = Parallel(
            n_jobs=workers,
            backend="loky",
            return_as="generator_unordered",
            batch_size=1,
            pre_dispatch="2 * n_jobs",
            idle_worker_timeout=_IDLE_SECONDS,
        )
        try:
            for name, arrays in parallel(delayed(_named)(function, *chunk) for chunk in list(left.items())):
                del left[name]
                yield name, arrays
            return
        except TerminatedWorkerError as error:  # killed from outside, or out of memory
            if attempt == _ATTEMPTS:
                raise OSError(
                    f"worker processes died {attempt} times, perhaps for lack of memory; finished chunks are kept: "
                    "run the same command again, with fewer workers"
                ) from error


def _through_dask(
    function: ChunkFunction, chunks: Mapping[str, NDArray[np.uint8]], address: str
) -> Iterator[tuple[str, Arrays]]:
    try:
        from distributed import Client, KilledWorker, as_completed
    except ImportError as error:
        raise ValueError("a Dask cluster needs the package distributed: pip install 'rbfscope[cluster]'") from error
    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"no Dask scheduler answers at {address!r}: expected e.g. tcp://host:8786 ({error})"
        ) from error
    with client:
        # Chunks of a lost worker are computed again elsewhere by the scheduler itself.
        futures = [client.submit(_named, function, *chunk, pure=False) for chunk in chunks.items()]
        try:
            for future in as_completed(futures, loop=client.loop):
                yield future.result()
                future.release()
        except KilledWorker as error:
            raise OSError(f"the Dask cluster lost too many workers; finished chunks are kept: {error}") from error
        finally:
            client.cancel(futures)
