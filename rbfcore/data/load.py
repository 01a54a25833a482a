"""One door to all data: bundled sets by name, files by path."""

from rbfcore.data.barrier_sets import Directions, Target, learning_rows, read_barrier_arrays
from rbfcore.data.bundled import bundled_path
from rbfcore.data.dataset import DataSet


def load_dataset(source: str, *, target: Target = "tethered", directions: Directions = "both") -> DataSet:
    """A data set by bundled name.

    Args:
        source: "cu100", "cu110" or "cu111".
        target: "tethered", "tethered_pure" or "free" (see `learning_rows`).
        directions: "both" or "forward".

    Raises:
        ValueError: unknown name, target or directions.
    """
    path = bundled_path(source)
    return learning_rows(read_barrier_arrays(str(path), path.name), source, path.name, target, directions)
