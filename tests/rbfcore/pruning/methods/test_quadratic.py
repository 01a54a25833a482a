"""The closed-form gradient and matrices against residuals over every input, with the weights eliminated densely."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.mixture import Mixture
from rbfcore.network import RBFN
from rbfcore.numerics.binary_features import coefficients
from rbfcore.pruning.methods.quadratic import QuadraticModel, quadratic_model
from rbfcore.pruning.methods.slopes import Projected, SlopeProblem
from rbfcore.pruning.objective import PruningLoss

D, M = 5, 3
RIDGE, OFFSET = 0.02, 0.05
SINGLE = 1e-5  # the residual's curvature is summed in float32
CASES = [
    Bernoulli(0.5),
    Bernoulli(0.15),
    Mixture(
        [0.2, 0.5, 0.3], [Bernoulli([0.1, 0.9, 0.5, 0.3, 0.6]), Bernoulli(0.7), Bernoulli([0.2, 0.2, 0.8, 0.5, 0.9])]
    ),
]


def large_network() -> RBFN:
    return RBFN(D, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(3))


class Setting:
    """A pruning problem small enough to write out: residuals over 2**D inputs and the rows of the penalties."""

    def __init__(self, p: InputDistribution) -> None:
        large, p = large_network(), p.for_inputs(D)
        self.problem = SlopeProblem(PruningLoss(large, p), 0.95, RIDGE, OFFSET)
        tanh = 1.2 * torch.rand(1, M, D, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) - 0.6
        x = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * D)
        self.chance = p.log_density(x).exp()
        mean = self.chance @ x
        self.s = coefficients(tanh, (1 + mean) / 2)
        self.standardised = (x - mean) / (1 - mean.square()).sqrt()
        f = large(x).detach()
        self.f = f - self.chance @ f

    def state(self) -> Projected:
        return self.problem.evaluate(self.s)

    def features(self, flat: Tensor) -> tuple[Tensor, Tensor]:
        """psi (M, 2**D), of mean 0, and what was taken away to make it so (M,)."""
        products = (1 + flat.view(M, 1, D) * self.standardised).prod(-1)
        means = products @ self.chance
        return products - means[:, None], means

    def residuals(self, flat: Tensor, w: Tensor) -> Tensor:
        psi, means = self.features(flat)
        norm = (psi.square() @ self.chance).sqrt()
        penalties = torch.cat([RIDGE**0.5 * w * norm, OFFSET**0.5 * (w @ means)[None]])
        return torch.cat([self.chance.sqrt() * (w @ psi - self.f), penalties])

    def columns(self, model: QuadraticModel) -> Tensor:
        basis = np.eye(M * D).reshape(M * D, 1, M, D)
        return torch.from_numpy(np.stack([model.matrix(e).ravel() for e in basis], 1))


@pytest.mark.parametrize("p", CASES, ids=["half", "few", "mixture"])
def test_gauss_newton_is_that_of_the_residuals(p: InputDistribution) -> None:
    setting = Setting(p)
    state = setting.state()
    w, flat = state.weight[0], setting.s.flatten()
    by_slope, by_weight = torch.autograd.functional.jacobian(setting.residuals, (flat, w))
    r = setting.residuals(flat, w)
    torch.testing.assert_close(by_weight.T @ r, torch.zeros(M, dtype=torch.float64), rtol=0, atol=1e-9)
    torch.testing.assert_close(r.square().sum(), state.objective[0], rtol=1e-9, atol=0)
    model = quadratic_model(setting.problem, state)
    torch.testing.assert_close(torch.from_numpy(model.gradient).flatten(), by_slope.T @ r, rtol=1e-8, atol=1e-11)
    onto = by_weight @ torch.linalg.solve(by_weight.T @ by_weight, by_weight.T)
    expected = by_slope.T @ (by_slope - onto @ by_slope)
    torch.testing.assert_close(setting.columns(model), expected, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("p", CASES, ids=["half", "few", "mixture"])
def test_newton_is_the_hessian_of_the_reduced_objective(p: InputDistribution) -> None:
    setting = Setting(p)

    def half_objective(flat: Tensor) -> Tensor:
        """With the best weights for these slopes."""
        psi, means = setting.features(flat)
        own = psi.square() @ setting.chance
        system = (psi * setting.chance) @ psi.T + OFFSET * torch.outer(means, means) + RIDGE * torch.diag(own)
        c = (psi * setting.chance) @ setting.f
        return -c @ torch.linalg.solve(system, c) / 2

    expected = torch.autograd.functional.hessian(half_objective, setting.s.flatten())
    state = setting.state()
    ours = setting.columns(quadratic_model(setting.problem, state, setting.problem.cross_hessians(state.s)))
    torch.testing.assert_close(ours, expected, rtol=SINGLE, atol=SINGLE * float(expected.abs().max()))
    torch.testing.assert_close(ours, ours.T, rtol=0, atol=SINGLE * float(expected.abs().max()))


def test_preconditioner_is_the_inverse_of_the_blocks() -> None:
    """Of the Gauss-Newton matrix of each prototype, up to the floor that keeps it safe."""
    setting = Setting(CASES[2])
    model = quadratic_model(setting.problem, setting.state())
    full = setting.columns(model).view(M, D, M, D)
    for prototype in range(M):
        block = full[prototype, :, prototype]
        vector = torch.zeros(1, M, D, dtype=torch.float64)
        vector[0, prototype] = torch.linspace(-1, 1, D)
        back = block @ torch.from_numpy(model.precondition(vector.numpy()))[0, prototype]
        torch.testing.assert_close(back, vector[0, prototype], rtol=0, atol=0.05)
        size = (vector[0, prototype] @ block @ vector[0, prototype]).sqrt()
        assert model.size(vector.numpy())[0] == pytest.approx(float(size), rel=0.01)


def test_equal_prototypes_share_their_weight() -> None:
    """A singular system is no reason to stop: the loss is that of one prototype fewer."""
    problem = SlopeProblem(PruningLoss(large_network(), Bernoulli(0.5)), 0.95, 0.0, 0.0)
    two = torch.tensor([[[0.3, -0.2, 0.1, 0.5, 0.0], [1e-9, 0.4, -0.3, 0.2, 0.2]]], dtype=torch.float64)
    one = problem.evaluate(two)
    again = problem.evaluate(torch.cat([two, two, two[:, :1]], 1))
    assert torch.isfinite(again.weight).all()
    torch.testing.assert_close(again.loss, one.loss, rtol=1e-6, atol=0)
    faint = problem.evaluate(1e-7 * torch.cat([two, two], 1))
    assert torch.isfinite(faint.loss).all()
