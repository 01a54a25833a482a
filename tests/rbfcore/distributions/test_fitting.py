"""Fitted distributions: known ones come back, held-out likelihood chooses the size, wrong data are refused."""

import numpy as np
import pytest
import torch

import rbfcore as rc
from rbfcore.data.dataset import DataSet


def layered(n: int, seed: int) -> torch.Tensor:
    """Environments of two kinds: lower sites filled, or upper ones."""
    low = np.array([0.95, 0.9, 0.85, 0.15, 0.1, 0.05])
    return rc.Mixture([0.3, 0.7], [rc.Bernoulli(low), rc.Bernoulli(1 - low)]).sample(n, seed)


def test_bernoulli_is_the_frequency_and_stays_inside() -> None:
    x = np.array([[1, 1], [1, -1], [1, 1], [1, -1]])
    p = rc.fit_distribution(x, "bernoulli")
    assert isinstance(p, rc.Bernoulli)
    assert p.q.tolist() == pytest.approx([0.9, 0.5])
    assert np.isfinite(rc.log_likelihood(p, x))


def test_uniform_is_smallest_to_largest() -> None:
    assert rc.fit_distribution([[0.0, 2.0], [1.0, 5.0]], "uniform").describe() == "uniform:0,1;2,5"


def test_bernoulli_mixture_finds_the_layers() -> None:
    """Two kinds of environment come back, and explain unseen ones better than independent sites."""
    train, test = layered(3000, seed=0), layered(3000, seed=1)
    p = rc.fit_distribution(train, "bernoulli_mixture")
    assert isinstance(p, rc.Mixture)
    assert len(p.components) == 2
    assert sorted(p.weights.tolist()) == pytest.approx([0.3, 0.7], abs=0.03)
    gain = rc.log_likelihood(p, test) - rc.log_likelihood(rc.fit_distribution(train, "bernoulli"), test)
    assert gain > 0.5
    assert p.fingerprint() == rc.fit_distribution(train, "bernoulli_mixture").fingerprint()


def test_independent_sites_need_one_component() -> None:
    x = rc.Bernoulli([0.2, 0.5, 0.8, 0.4]).sample(4000, seed=3)
    p = rc.fit_distribution(x, "bernoulli_mixture")
    assert isinstance(p, rc.Mixture)
    assert len(p.components) == 1


def test_gaussian_mixture_chooses_a_size_per_input() -> None:
    truth = rc.Product([rc.GaussianMixture([0.4, 0.6], [-3, 2], [0.25, 1.0]), rc.Normal(5, 2)])
    p = rc.fit_distribution(truth.sample(4000, seed=0), "gaussian_mixture")
    assert isinstance(p, rc.GaussianMixture)
    assert p.n_inputs == 2
    used = (p.weights > 0.05).sum(1).tolist()
    assert used == [2, 1]
    assert sorted(p.means[0, :2].tolist()) == pytest.approx([-3, 2], abs=0.15)
    fresh = truth.sample(4000, seed=1)
    assert rc.log_likelihood(p, fresh) == pytest.approx(rc.log_likelihood(truth, fresh), abs=0.01)


def test_log_density_of_the_families() -> None:
    """Against the formulas of the textbooks, point by point."""
    x = np.array([[1.0, -1.0]])
    assert rc.log_likelihood(rc.Bernoulli([0.2, 0.3]), x) == pytest.approx(np.log(0.2 * 0.7))
    assert rc.log_likelihood(rc.Uniform(-2, 2), x) == pytest.approx(-2 * np.log(4))
    assert rc.log_likelihood(rc.Uniform(0, 2), x) == -np.inf
    assert rc.log_likelihood(rc.Normal(0, 2), x) == pytest.approx(-0.25 - 2 * np.log(2 * np.sqrt(2 * np.pi)))
    assert rc.log_likelihood(rc.Product([rc.Bernoulli(0.2), rc.Uniform(-1, 0)]), x) == pytest.approx(np.log(0.2))
    assert rc.log_likelihood(rc.Bernoulli(0.5), [[0.0]]) == -np.inf


def test_families_stay_together_and_names_are_checked() -> None:
    """A data set is taken as it is; one family only is no ground to choose a size on."""
    x = layered(200, seed=0).numpy().astype(np.float32)
    names = tuple(str(site) for site in range(6))
    data = DataSet("layers", x, np.zeros(200), names, "occupation", family=np.zeros(200, dtype=np.int64))
    p = rc.fit_distribution(data, "bernoulli_mixture")
    assert isinstance(p, rc.Mixture)
    assert len(p.components) == 1
    assert len(rc.fit_distribution(data, "bernoulli_mixture", n_components=3).components) == 3


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        ([[0.0, 1.0]], "bernoulli", "inputs must be -1 or \\+1, got 0"),
        ([[1.0, 2.0], [1.0, 3.0]], "uniform", "input 1 is always 1"),
        ([[1.0, 2.0], [2.0, 2.0]], "gaussian_mixture", "input 2 is always 2"),
        ([[1.0]], "poisson", "kind must be one of bernoulli"),
        ([1.0], "uniform", "data must be \\(N, D\\)"),
        ([[np.nan]], "uniform", "data must be finite"),
    ],
)
def test_unsuitable_data_are_refused(data: list, kind: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rc.fit_distribution(data, kind)


def test_sizes_are_checked() -> None:
    with pytest.raises(ValueError, match="whole numbers >= 1"):
        rc.fit_distribution([[1.0], [-1.0]], "bernoulli_mixture", n_components=0)
