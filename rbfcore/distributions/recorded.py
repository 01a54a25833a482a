"""The p(x) that a run card records, told by what it is and not by how it was written. Nothing here loads torch."""

from typing import TYPE_CHECKING

from rbfcore.distributions.registry import fingerprint_of, is_readable, read_text
from rbfcore.run_card import RunCard

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

UNIFORM = "bernoulli:0.5"  # all 2^D environments equally likely


def distribution_entries(p: "InputDistribution", n_inputs: int) -> dict[str, str]:
    """What a run card records of p(x) over D inputs: its words, and what it is found again by.

    Raises:
        ValueError: p is over another number of inputs.
    """
    return {"distribution": p.describe(), "distribution_fingerprint": p.for_inputs(n_inputs).fingerprint()}


def recorded_fingerprint(card: RunCard, n_inputs: int) -> str | None:
    """Fingerprint of the recorded p(x) over D inputs; None where there is none, or older words that cannot be read."""
    if card.distribution_fingerprint is not None:
        return card.distribution_fingerprint
    try:
        return None if card.distribution is None else fingerprint_of(card.distribution, n_inputs)
    except ValueError:
        return None


def is_uniform(card: RunCard, n_inputs: int) -> bool:
    """Whether the recorded p(x) weighs all environments of D inputs equally."""
    return recorded_fingerprint(card, n_inputs) == fingerprint_of(UNIFORM, n_inputs)


def distribution_text(card: RunCard) -> str | None:
    """The recorded p(x) as `parse_distribution` reads it, or None; where none is recorded, sites are filled or empty
    with equal chances."""
    text = card.distribution or (UNIFORM if card.lattice else "")
    return text if is_readable(text) else None


def is_of_occupations(text: str | None) -> bool:
    """Whether this is the text of a p(x) of inputs that are -1 or +1."""
    return text is not None and is_readable(text) and read_text(text)[0].occupations
