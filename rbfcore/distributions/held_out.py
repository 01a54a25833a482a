"""Distributions fitted to a data set, with what they are worth on rows they have not seen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rbfcore.distributions.family import Cost
from rbfcore.distributions.registry import family_named

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet
    from rbfcore.distributions.base import InputDistribution


@dataclass(frozen=True)
class FitKind:
    """A kind of distribution that can be fitted.

    Attributes:
        label: in words; cost: what it costs to prune under it.
        components: whether it is a mixture.
        independent: whether its inputs are independent of each other.
    """

    label: str
    cost: Cost
    components: bool = True
    independent: bool = True


FITS = {
    "bernoulli": FitKind("Independent sites, each with its own frequency", "sites", components=False),
    "bernoulli_mixture": FitKind("Mixture: sites depend on each other", "mixture of sites", independent=False),
    "gaussian_mixture": FitKind("Gaussian mixture, each input by itself", "sums of exponentials"),
}
_TRIED = (1, 2, 4, 8)  # components, where their number is chosen
# Seconds for each row and component of a mixture, from fits to 22,000 and 180,000 rows.
_ROW_SECONDS = 7e-6


@dataclass(frozen=True)
class Fit:
    """A distribution estimated from the training part of a data set, judged on its test part.

    Attributes:
        p: the distribution, fitted to `rows` rows.
        held_out: mean log-likelihood per row of the `held_out_rows` others, in nats; larger is better.
        independent: the same figure of independent sites, None where that is not the simpler model.
    """

    p: "InputDistribution"
    rows: int
    held_out: float
    held_out_rows: int
    independent: float | None

    def words(self) -> str:
        """What was fitted to what, and how well it explains the rest."""
        text = (
            f"Fitted to {self.rows:,} rows; on {self.held_out_rows:,} held-out rows the log-likelihood is "
            f"{self.held_out:.2f} nats per row"
        )
        if self.independent is None:
            return f"{text}."
        return f"{text}, against {self.independent:.2f} for independent sites (larger is better)."


def cost_of(kind: str) -> Cost:
    """What it costs to prune under a registered family, or under what can be fitted.

    Raises:
        ValueError: neither of them.
    """
    return FITS[kind].cost if kind in FITS else family_named(kind).cost


def of_occupations(kind: str) -> bool:
    """Whether the inputs of a registered family, or of what can be fitted, are -1 or +1."""
    return cost_of(kind) in ("sites", "mixture of sites")


def families_for(data: "DataSet") -> list[str]:
    """What can be fitted to inputs of this coding."""
    return ["bernoulli", "bernoulli_mixture"] if data.coding == "occupation" else ["gaussian_mixture"]


def fit(data: "DataSet", family: str, n_components: int | None = None) -> Fit:
    """Fit to 80 % of the rows and judge on 10 %; symmetric images are never separated.

    Args:
        family: a name of FITS.
        n_components: of a mixture; None tries 1, 2, 4, 8 and stops when rows left out of the fit no longer gain.

    Raises:
        ValueError: see `rbfcore.fit_distribution`, or too few rows to hold some back.
    """
    from rbfcore.distributions.fitting import fit_distribution, log_likelihood

    train, _, test = data.split(seed=0)
    sizes = _TRIED if n_components is None else n_components
    p = fit_distribution(train, kind=family, n_components=sizes)  # type: ignore[arg-type]
    independent = None
    if not FITS[family].independent:
        independent = log_likelihood(fit_distribution(train, kind="bernoulli"), test)
    return Fit(p, len(train), log_likelihood(p, test), len(test), independent)


def fit_seconds(n_rows: int, family: str, n_components: int | None) -> float:
    """How long `fit` takes, where that is long enough to be worth saying; 0 elsewhere."""
    if FITS[family].independent:  # each input by itself is quick
        return 0.0
    return _ROW_SECONDS * n_rows * (n_components or sum(_TRIED))
