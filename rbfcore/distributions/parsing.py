"""Input distributions as short texts: "bernoulli:0.5", "uniform:-4,4", "normal:0,1"."""

from collections.abc import Callable
from typing import cast

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.family import Family, Numbers
from rbfcore.distributions.registry import class_of, read_text

_FIT = "fit:"


def parse_distribution(text: str) -> InputDistribution:
    """The distribution a short text names; the inverse of `describe` for every registered family.

    Args:
        text: "bernoulli:0.5", "bernoulli:0.1,0.9" (one q per input), "uniform:-4,4", "normal:0,1", with one pair per
            input "uniform:-4,4;-1,1"; of a Gaussian mixture its weights, means and variances "0.5,0.5/-1,1/0.2,0.3".

    Raises:
        ValueError: another family, not numbers, or numbers the family does not allow.
    """
    return distribution_of(*read_text(text))


def distribution_of(family: Family, numbers: Numbers) -> InputDistribution:
    """The distribution of a family with these numbers, by the names of its fields.

    Raises:
        ValueError: numbers the family does not allow.
    """
    make = cast("Callable[..., InputDistribution]", class_of(family))
    return make(**numbers)


def distribution_from_text(text: str) -> InputDistribution:
    """The distribution of a command line: a short text, or fit:DATA for what the inputs of a data set look like.

    Raises:
        ValueError: see `parse_distribution` and `rbfcore.fit_distribution`.
    """
    if not text.startswith(_FIT):
        return parse_distribution(text)
    from rbfcore.data.load import load_dataset
    from rbfcore.distributions.fitting import fit_distribution

    data = load_dataset(text.removeprefix(_FIT))
    return fit_distribution(data, kind="bernoulli" if data.coding == "occupation" else "gaussian_mixture")
