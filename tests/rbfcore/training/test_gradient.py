"""The hand-written gradient against autograd."""

import pytest
import torch

from rbfcore.network import RBFN
from rbfcore.training.gradient import FlatNetwork, accumulate_gradient


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize(("d", "k"), [(1, 1), (3, 7), (26, 40)])
def test_gradient_matches_autograd(d: int, k: int, per_centroid_gamma: bool) -> None:
    generator = torch.Generator().manual_seed(d)
    network = RBFN(d, k, per_centroid_gamma=per_centroid_gamma, dtype=torch.float64, generator=generator)
    x = torch.randn(50, d, generator=generator, dtype=torch.float64)
    y = torch.randn(50, generator=generator, dtype=torch.float64)
    flat = FlatNetwork.of(network)
    loss = accumulate_gradient(flat, x, y)
    direct = torch.cdist(x, network.centroids).square()
    expected = (network.alpha + torch.exp(-network.gamma * direct) @ network.beta - y).square().sum()
    torch.testing.assert_close(loss, expected.detach(), rtol=1e-12, atol=0)
    parameters = (network.alpha, network.log_gamma, network.beta, network.centroids)
    for ours, theirs in zip(flat.gradient, torch.autograd.grad(expected, parameters), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-12)


def test_flat_network_round_trip() -> None:
    """A flat network predicts what the module does, and its copy does not follow later steps."""
    network = RBFN(5, 9, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x = torch.randn(33, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    flat = FlatNetwork.of(network)
    torch.testing.assert_close(flat.predict(x, chunk=7), network(x).detach())
    copy = flat.network()
    for leaf in (flat.beta, flat.rest):
        leaf.add_(1.0)
    torch.testing.assert_close(copy(x), network(x))
