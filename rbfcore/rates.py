"""From a barrier to a rate, Eq. (1)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BOLTZMANN_EV = 8.617333262e-5  # eV/K, CODATA 2018


def rate(barrier_eV: ArrayLike, temperature_K: ArrayLike, prefactor_Hz: ArrayLike) -> NDArray[np.float64]:
    """Arrhenius rate nu0 exp(-E / kT) in Hz.

    Args:
        barrier_eV: migration barrier E in eV, any shape; broadcasts with the others.
        temperature_K: absolute temperature in K, > 0.
        prefactor_Hz: attempt frequency nu0 in Hz, > 0; 10^12 to 10^13 is usual for metals.

    Raises:
        ValueError: a temperature or prefactor is not positive.

    Source: Eq. (1).
    """
    temperature, prefactor = (np.asarray(a, dtype=np.float64) for a in (temperature_K, prefactor_Hz))
    if not (temperature > 0).all():
        raise ValueError(f"temperature_K must be > 0, got {temperature.min():g}")
    if not (prefactor > 0).all():
        raise ValueError(f"prefactor_Hz must be > 0, got {prefactor.min():g}")
    return prefactor * np.exp(-np.asarray(barrier_eV, dtype=np.float64) / (BOLTZMANN_EV * temperature))
