"""Running the cells of a study: skips what is finished, works in parallel, says what is left."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rbfcore.studies.cells import Cell, Finished, compute, stored


@dataclass(frozen=True)
class Progress:
    """How far a study is.

    Attributes:
        done, total: numbers of cells.
        latest: the cell that has just been finished; None at the start, when the finished ones have been read.
        seconds_left: estimate from the cells of this run, weighed by their cost; None before the first of them.
    """

    done: int
    total: int
    latest: Finished | None
    seconds_left: float | None


def run_cells(cells: Sequence[Cell], folder: Path, workers: int = 1) -> Iterator[Progress]:
    """Compute the cells that are not finished yet; interrupt at any moment and call again to go on.

    Args:
        cells: of one study, with different names.
        folder: existing folder of the study.
        workers: processes, each on one core. More than one needs joblib (extra "baselines").

    Raises:
        ValueError: workers < 1, two cells of one name, the folder does not exist, or a cell failed (the others that
            are finished stay).
    """
    if workers < 1:
        raise ValueError(f"workers must be >= 1, got {workers}")
    if not folder.is_dir():
        raise ValueError(f"the folder {folder} does not exist; create it first")
    names = [cell.name for cell in cells]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"cells must have different names, got twice: {', '.join(twice)}")
    waiting = [cell for cell in cells if stored(folder, cell) is None]
    done = len(cells) - len(waiting)
    yield Progress(done, len(cells), None, None if waiting else 0.0)
    cost_left, cost_done, started = sum(cell.cost for cell in waiting), 0.0, time.perf_counter()
    with closing(_computed(waiting, folder, workers)) as results:
        for finished in results:
            done += 1
            cost_done += finished.cell.cost
            cost_left -= finished.cell.cost
            spent = time.perf_counter() - started
            yield Progress(done, len(cells), finished, spent / cost_done * max(cost_left, 0.0))


def finished_cells(cells: Sequence[Cell], folder: Path) -> list[Finished]:
    """Those of the cells that are finished, in order."""
    return [finished for cell in cells if (finished := stored(folder, cell)) is not None]


def _computed(cells: Sequence[Cell], folder: Path, workers: int) -> Generator[Finished]:
    if workers == 1 or len(cells) < 2:
        for cell in cells:
            yield compute(folder, cell)
        return
    try:
        from joblib import Parallel, delayed, parallel_config
    except ImportError as error:
        raise ValueError(
            "several workers need the library joblib: install it with pip install 'rbfscope[baselines]', "
            "or run with one worker"
        ) from error
    with parallel_config("loky", inner_max_num_threads=1):
        jobs = (delayed(compute)(folder, cell) for cell in cells)
        # one cell at a time to a worker: cells differ a hundredfold in length
        yield from Parallel(workers, return_as="generator_unordered", batch_size=1, pre_dispatch="n_jobs")(jobs)
