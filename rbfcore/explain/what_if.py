"""One environment asked of a network, and of the prototypes that stand for it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rbfcore.explain.attribution import contributions
from rbfcore.explain.case import Case, evaluate, explain_case
from rbfcore.lattice import Environment
from rbfcore.numerics.threads import one_core
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

MOST_TERMS = 64


@dataclass(frozen=True, eq=False)
class Answer:
    """What is known about an environment.

    Attributes:
        case: prediction, images, way back and Shapley values of the network that was asked.
        flips: (D,) its prediction when one site is changed.
        terms: (M,) what each prototype adds; terms_offset: alpha; both of the prototypes, or of the largest terms of
            the network itself when there are none.
        numbers: (M,) which prototypes these are, 1-based.
        pruned_value: prediction of the prototypes.
    """

    case: Case
    flips: NDArray[np.float64]
    terms: NDArray[np.float64]
    terms_offset: float
    numbers: tuple[int, ...]
    pruned_value: float


def ask(
    network: Parameters,
    prototypes: Parameters,
    p: "InputDistribution",
    filled: NDArray[np.bool_],
    env: Environment | None,
) -> Answer:
    """Ask a network about one environment.

    Args:
        network: the one whose prediction is explained.
        prototypes: those whose contributions are shown.
        p: the other environments that Shapley values compare with.
        filled: (D,).
    """
    x = np.where(filled, 1.0, -1.0)
    flipped = np.where(np.eye(len(x), dtype=bool), -x, x)
    terms = contributions(prototypes, x[None])[0]
    largest = np.sort(np.argsort(-np.abs(terms), kind="stable")[:MOST_TERMS])
    with one_core():
        case, flips = explain_case(network, p, x, env), evaluate(network, flipped)
    return Answer(
        case=case,
        flips=flips,
        terms=terms[largest],
        terms_offset=prototypes.alpha,
        numbers=tuple(int(i) + 1 for i in largest),
        pruned_value=float(prototypes.alpha + terms.sum()),
    )


def contradictions(case: Case, unit: str) -> list[str]:
    """What cannot be true of a barrier, in words: it is negative, or would make that of the way back negative."""
    lines = []
    if case.value < 0:
        lines.append(
            f"The barrier is negative ({_text(case.value, unit)}): no jump has one, so the network is being asked "
            "about surroundings it knows nothing of, or they are unstable."
        )
    if case.reaction is not None and case.value < case.reaction:
        lines.append(
            f"The barrier {_text(case.value, unit)} is below E_final − E_initial = {_text(case.reaction, unit)}, the "
            "difference to the way back: that would make the way back negative "
            f"({_text(case.value - case.reaction, unit)})."
        )
    return lines


def _text(value: float, unit: str) -> str:
    return f"{value:.3f} {unit}".strip().replace("-", "−")
