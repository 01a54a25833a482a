"""What takes seconds to compute and is the same for every visitor: kept by the fingerprints of its inputs."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from rbfcore.distributions.held_out import Fit, fit
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.symmetry.set_comparison import SetComparison, exact_gap, set_comparison

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rbfcore.data.dataset import DataSet
    from rbfcore.distributions.base import InputDistribution


@st.cache_resource(show_spinner="Fitting the distribution", max_entries=8)
def cached_fit(_data: "DataSet", fingerprint: str, family: str, n_components: int | None) -> Fit:  # noqa: ARG001
    """`fit`, computed once for the same rows. Shared: not to be changed."""
    return fit(_data, family, n_components)


def compared(a: Parameters, b: Parameters, env: Environment | None, p: "InputDistribution") -> SetComparison:
    """`set_comparison`, computed once for the same sets, sites and p(x). Shared: not to be changed.

    Raises:
        ValueError: as `set_comparison`.
    """
    geometry = None if env is None else np.vstack([env.positions, env.target])
    units = (a.card.unit, b.card.unit)
    return _compared(a.fingerprint(), b.fingerprint(), p.fingerprint(), units, geometry, a, b, env, p)


@st.cache_resource(show_spinner="Matching the prototypes", max_entries=64)
def _compared(
    first: str,
    second: str,
    under: str,
    units: tuple[str | None, str | None],
    geometry: "NDArray[np.float64] | None",
    _a: Parameters,
    _b: Parameters,
    _env: Environment | None,
    _p: "InputDistribution",
) -> SetComparison:
    """As `compared`; the first five name the case."""
    del first, second, under, units, geometry
    return set_comparison(_a, _b, _env, _p)


def known_gap(a: Parameters, b: Parameters, p: "InputDistribution") -> float:
    """`exact_gap`, computed once for the same networks and p(x)."""
    return _known_gap(a.fingerprint(), b.fingerprint(), p.fingerprint(), a, b, p)


@st.cache_data(show_spinner="Computing the exact gap", max_entries=64)
def _known_gap(first: str, second: str, under: str, _a: Parameters, _b: Parameters, _p: "InputDistribution") -> float:
    del first, second, under
    return exact_gap(_a, _b, _p)
