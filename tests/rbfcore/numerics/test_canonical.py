"""The canonical form on -1/+1 inputs against the features themselves on every input."""

from itertools import product

import pytest
import torch

from rbfcore.network import RBFN
from rbfcore.numerics.binary_features import coefficients, log_feature_mean
from rbfcore.numerics.canonical import (
    Canonical,
    canonical,
    cross_hessians,
    products,
    projections,
)

QS = [0.5, 0.1, 0.93]


def setting(d: int, k: int, q: float) -> tuple[RBFN, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """A network, q (D,), every input x (2**D, D), its probability, and x standardised."""
    network = RBFN(d, k, dtype=torch.float64, generator=torch.Generator().manual_seed(d))
    x = torch.tensor(list(product((-1.0, 1.0), repeat=d)), dtype=torch.float64)
    qs = torch.full((d,), q, dtype=torch.float64)
    weight = torch.where(x > 0, qs, 1 - qs).prod(1)
    standardised = (x - (2 * q - 1)) / (2 * (q * (1 - q)) ** 0.5)
    return network, qs, x, weight, standardised


@pytest.mark.parametrize("q", QS)
@pytest.mark.parametrize("d", [1, 4, 7])
def test_canonical_form_is_the_network_less_its_mean(d: int, q: float) -> None:
    network, qs, x, weight, standardised = setting(d, 6, q)
    gamma = network.gamma.detach().expand(6)
    form = canonical(gamma, network.beta.detach(), network.centroids.detach(), qs)
    features = (1 + form.t[:, None, :] * standardised).prod(-1)  # (K, 2**D)
    f = network(x).detach()
    torch.testing.assert_close((form.weight[:, None] * (features - 1)).sum(0), f - (weight * f).sum())
    mean = (weight * network.features(x).detach().T).sum(1)
    torch.testing.assert_close(torch.exp(log_feature_mean(gamma, network.centroids.detach(), qs)), mean)


@pytest.mark.parametrize("q", QS)
def test_products_and_projections_match_plain_loops(q: float) -> None:
    network, qs, *_ = setting(7, 11, q)
    form = canonical(network.gamma.detach().expand(11), network.beta.detach(), network.centroids.detach(), qs)
    tanh = 1.6 * torch.rand(5, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) - 0.8
    s = coefficients(tanh, qs).requires_grad_()
    plain = (1 + form.t[:, None, :] * s).prod(-1)
    torch.testing.assert_close(products(form.t, s.detach()), plain.detach(), rtol=1e-12, atol=1e-14)
    expected = form.weight @ (plain - 1)
    values, derivatives = projections(form, s.detach())
    torch.testing.assert_close(values, expected.detach(), rtol=1e-11, atol=1e-13)
    torch.testing.assert_close(derivatives, torch.autograd.grad(expected.sum(), s)[0], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("q", QS)
def test_projections_keep_their_digits_where_factors_nearly_vanish(q: float) -> None:
    """A steep large network and features at the cap: the products are divided by factors down to 1e-3."""
    d, generator = 7, torch.Generator().manual_seed(2)
    qs = torch.full((d,), q, dtype=torch.float64)
    signs = [torch.where(torch.rand(n, d, generator=generator) < 0.5, -1.0, 1.0).double() for n in (40, 6)]
    form = Canonical(coefficients(signs[0], qs), torch.randn(40, dtype=torch.float64, generator=generator))
    s = coefficients(0.999 * signs[1], qs).requires_grad_()
    factors = 1 + form.t[:, None, :] * s
    assert 0 < float(factors.detach().min()) < 2e-3
    expected = form.weight @ (factors.prod(-1) - 1)
    values, derivatives = projections(form, s.detach())
    torch.testing.assert_close(values, expected.detach(), rtol=1e-11, atol=1e-11)
    torch.testing.assert_close(derivatives, torch.autograd.grad(expected.sum(), s)[0], rtol=1e-9, atol=1e-9)


def test_projections_are_finite_where_a_factor_rounds_to_nothing() -> None:
    """Four opposite slopes at a cap of 1 - 1e-7 make factors of 1e-28."""
    form = Canonical(torch.ones(3, 8, dtype=torch.float64), torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64))
    s = torch.full((2, 8), -(1 - 1e-7), dtype=torch.float64)
    s[1, 4:] = 0.25
    values, derivatives = projections(form, s)
    torch.testing.assert_close(values, -form.weight.sum().expand(2))  # the products themselves are 0
    torch.testing.assert_close(derivatives, torch.zeros_like(s), rtol=0, atol=1e-6)
    assert torch.isfinite(cross_hessians(form, s)).all()


@pytest.mark.parametrize("scale", [1.0, 50.0, 1e3])
def test_steep_slopes_stay_finite(scale: float) -> None:
    """|4 gamma theta| up to 1e3, where the printed formula overflows."""
    theta = scale * torch.tensor([[1.0, -1.0, 0.0]], dtype=torch.float64) / 4
    form = canonical(
        torch.ones(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64), theta, torch.full((3,), 0.2).double()
    )
    assert torch.isfinite(form.t).all()
    assert torch.isfinite(log_feature_mean(torch.ones(1).double(), theta, torch.full((3,), 0.2).double())).all()
