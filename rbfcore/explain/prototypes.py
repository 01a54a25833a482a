"""Reading a pruned network as prototypes: sign, opacity and slope of every site, Sec. 3.2.2 and Fig. 5.

Source: METHODS section 6.3.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbfcore.parameters import HasParameters, Parameters, gamma_of_each, parameters_of, peaks, slopes

FULL_OPACITY_AT = 2.0  # |theta| drawn fully opaque, as in the paper's figures


def opacity(centroids: NDArray[np.floating]) -> NDArray[np.float64]:
    """(M, D) -> (M, D): min(|theta| / 2, 1), the paper's opacity, which depends on the gauge gamma."""
    return np.minimum(np.abs(np.asarray(centroids, dtype=np.float64)) / FULL_OPACITY_AT, 1.0)


def gauge_free_opacity(network: HasParameters | Parameters) -> NDArray[np.float64]:
    """(M, D) in [0, 1): |tanh(2 gamma theta)|, unchanged when gamma and theta are rescaled against each other."""
    return np.abs(np.tanh(slopes(network)))


def prototypes(network: HasParameters | Parameters, site_names: tuple[str, ...] | None = None) -> pd.DataFrame:
    """One row per prototype and site.

    Args:
        network: a pruned network of M centroids over D inputs.
        site_names: (D,) names; "1" ... "D" by default.

    Returns:
        Columns prototype (1 ... M), site, value (theta), sign ("+" or "-", "0" where theta is 0), opacity (the
        paper's, Sec. 3.2.2), slope (2 gamma theta), opacity_gauge_free, weight (beta, in units of y), peak (see
        `rbfcore.parameters.peaks`), gamma.

    Raises:
        ValueError: the number of names is not D.
    """
    plain = parameters_of(network)
    m, d = plain.centroids.shape
    names = site_names or tuple(str(site + 1) for site in range(d))
    if len(names) != d:
        raise ValueError(f"expected {d} site names, one per input, got {len(names)}")
    theta = plain.centroids.astype(np.float64).ravel()
    return pd.DataFrame(
        {
            "prototype": np.repeat(np.arange(1, m + 1), d),
            "site": np.tile(np.array(names, dtype=object), m),
            "value": theta,
            "sign": np.where(theta > 0, "+", np.where(theta < 0, "-", "0")),
            "opacity": opacity(plain.centroids).ravel(),
            "slope": slopes(plain).ravel(),
            "opacity_gauge_free": gauge_free_opacity(plain).ravel(),
            "weight": np.repeat(plain.beta.astype(np.float64), d),
            "peak": np.repeat(peaks(plain), d),
            "gamma": np.repeat(gamma_of_each(plain), d),
        }
    )


@dataclass(frozen=True, eq=False)
class SiteOpacity:
    """Mean and standard deviation over prototypes of each site's opacity, (D,) each."""

    mean: NDArray[np.float64]
    std: NDArray[np.float64]


def site_opacity(
    network: HasParameters | Parameters, *, gauge_free: bool = False, normalised: bool = False
) -> SiteOpacity:
    """How strongly each site is drawn on average over the prototypes (Fig. 5).

    Args:
        network: a pruned network of M centroids over D inputs.
        gauge_free: use |tanh(2 gamma theta)| instead of min(|theta| / 2, 1).
        normalised: divide by the largest mean, as Fig. 5 does.
    """
    plain = parameters_of(network)
    values = gauge_free_opacity(plain) if gauge_free else opacity(plain.centroids)
    mean, std = values.mean(0), values.std(0)
    scale = mean.max() if normalised and mean.max() > 0 else 1.0
    return SiteOpacity(mean / scale, std / scale)
