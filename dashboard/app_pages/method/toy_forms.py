"""A pruned toy function: its curves point by point, and the code that prunes it again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.export.formats import Form, register
from rbfcore.export.snippet import toy_snippet
from rbfcore.parameters import Parameters

RESTARTS, SEED = 3, 0  # of the pruning on the page


@dataclass(frozen=True, eq=False)
class PrunedToy:
    """A toy function and its prototypes.

    Attributes:
        large, pruned: networks over one or two inputs.
        kind: of the input distribution, "normal" or "uniform"; width: its standard deviation, or half its length.
        loss: what pruning has left.
    """

    large: Parameters
    pruned: Parameters
    kind: str
    width: float
    loss: float

    @property
    def name(self) -> str:
        """What files are called."""
        return f"toy{self.large.n_inputs}d-M{self.pruned.n_centroids}"


def curves_csv(toy: PrunedToy) -> str:
    """What the picture shows, point by point: inputs, p(x), the large network and the pruned one."""
    from dashboard.app_pages.method.method_charts import values

    axis = np.linspace(-6.5, 6.5, 901) if toy.large.n_inputs == 1 else np.linspace(-4, 4, 81)
    rows = np.stack([part.ravel() for part in np.meshgrid(*[axis] * toy.large.n_inputs, indexing="ij")], 1)
    inputs = {f"x{d + 1}": column for d, column in enumerate(rows.T)}
    p = np.prod([density(toy.kind, toy.width, column) for column in rows.T], axis=0)
    table = pd.DataFrame({**inputs, "p": p, "large": values(toy.large, rows), "pruned": values(toy.pruned, rows)})
    return table.to_csv(index=False)


def density(kind: str, width: float, x: np.ndarray) -> np.ndarray:
    """p(x) of one input."""
    if kind == "normal":
        return np.asarray(np.exp(-((x / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi)))
    return np.where(np.abs(x) <= width, 0.5 / width, 0.0)


def _code(toy: PrunedToy) -> str:
    width = f"{toy.width:g}"
    under = f"normal:0,{width}" if toy.kind == "normal" else f"uniform:-{width},{width}"
    return toy_snippet(toy.large.n_inputs, under, toy.pruned.n_centroids, RESTARTS, SEED, toy.loss)


register(
    Form(
        name="csv",
        subject=PrunedToy,
        label="Curves",
        ending=".csv",
        meaning="both networks and p(x), point by point",
        write=curves_csv,
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="snippet",
        subject=PrunedToy,
        label="Python code",
        ending=".py",
        meaning="code that prunes it again",
        write=_code,
        rare=False,
        on_command_line=False,
    ),
)
