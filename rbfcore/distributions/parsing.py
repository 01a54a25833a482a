"""Input distributions as short texts: "bernoulli:0.5", "uniform:-4,4", "normal:0,1"."""

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.uniform import Uniform

_FORMS = (
    "bernoulli:Q or bernoulli:Q1,Q2,... (one per input), uniform:LOW,HIGH or normal:MEAN,STD "
    "(inputs separated by semicolons)"
)


def parse_distribution(text: str) -> InputDistribution:
    """The distribution a short text names; the inverse of `describe` for these families.

    Args:
        text: "bernoulli:0.5", "bernoulli:0.1,0.9" (one q per input), "uniform:-4,4", "normal:0,1", or with
            one pair per input "uniform:-4,4;-1,1", "normal:0,1;2,0.5".

    Raises:
        ValueError: another family, not numbers, or numbers the family does not allow.
    """
    name, _, argument = text.strip().partition(":")
    name = name.strip().lower()
    if name not in ("bernoulli", "uniform", "normal"):
        raise ValueError(f"unknown distribution {text!r}: expected {_FORMS}")
    try:
        groups = [[float(number) for number in group.split(",")] for group in argument.split(";")]
    except ValueError as error:
        raise ValueError(f"cannot read the numbers of {text!r}: expected {_FORMS}") from error
    if name == "bernoulli":
        if len(groups) != 1:
            raise ValueError(f"cannot read {text!r}: separate the q of the inputs by commas")
        return Bernoulli(groups[0][0] if len(groups[0]) == 1 else groups[0])
    if any(len(group) != 2 for group in groups):
        raise ValueError(f"cannot read {text!r}: each input of a {name} takes two numbers, expected {_FORMS}")
    first, second = ([group[place] for group in groups] for place in (0, 1))
    family = Uniform if name == "uniform" else Normal
    return family(first[0], second[0]) if len(groups) == 1 else family(first, second)
