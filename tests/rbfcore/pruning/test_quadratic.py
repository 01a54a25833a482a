"""The closed-form gradient and matrices against residuals over every input, with the weights eliminated densely."""

import pytest
import torch
from torch import Tensor

from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.pruning.canonical import coefficients
from rbfcore.pruning.objective import PruningLoss
from rbfcore.pruning.quadratic import QuadraticModel
from rbfcore.pruning.slopes import Projected, SlopeProblem

D, M = 5, 3
RIDGE, OFFSET = 0.02, 0.05
SINGLE = 1e-5  # the residual's curvature is summed in float32


class Setting:
    """A pruning problem small enough to write out: residuals over 2**D inputs and the rows of the penalties."""

    def __init__(self, q: float) -> None:
        large = RBFN(D, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
        qs = torch.full((D,), q, dtype=torch.float64)
        self.problem = SlopeProblem(PruningLoss(large, Bernoulli(q)), qs, 0.95, RIDGE, OFFSET)
        tanh = 1.2 * torch.rand(1, M, D, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) - 0.6
        self.s = coefficients(tanh, qs)
        x = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * D)
        self.root = torch.where(x > 0, qs, 1 - qs).prod(1).sqrt()
        self.standardised = (x - (2 * q - 1)) / (2 * (q * (1 - q)) ** 0.5)
        f = large(x).detach()
        self.f = f - (self.root.square() * f).sum()

    def state(self) -> Projected:
        return self.problem.evaluate(self.s)

    def residuals(self, flat: Tensor, w: Tensor) -> Tensor:
        psi = (1 + flat.view(M, 1, D) * self.standardised).prod(-1) - 1  # (M, 2**D)
        norm = (self.root.square() * psi.square()).sum(1).sqrt()
        penalties = torch.cat([RIDGE**0.5 * w * norm, OFFSET**0.5 * w.sum()[None]])
        return torch.cat([self.root * (w @ psi - self.f), penalties])

    def columns(self, model: QuadraticModel) -> Tensor:
        basis = torch.eye(M * D, dtype=torch.float64).view(M * D, 1, M, D)
        return torch.stack([model.matrix(e).flatten() for e in basis], 1)


@pytest.mark.parametrize("q", [0.5, 0.15])
def test_gauss_newton_is_that_of_the_residuals(q: float) -> None:
    setting = Setting(q)
    state = setting.state()
    w, flat = state.weight[0], setting.s.flatten()
    by_slope, by_weight = torch.autograd.functional.jacobian(setting.residuals, (flat, w))
    r = setting.residuals(flat, w)
    torch.testing.assert_close(by_weight.T @ r, torch.zeros(M, dtype=torch.float64), rtol=0, atol=1e-9)
    torch.testing.assert_close(r.square().sum(), state.objective[0], rtol=1e-9, atol=0)
    model = QuadraticModel(setting.problem, state, newton=False)
    torch.testing.assert_close(model.gradient.flatten(), by_slope.T @ r, rtol=1e-8, atol=1e-11)
    onto = by_weight @ torch.linalg.solve(by_weight.T @ by_weight, by_weight.T)
    expected = by_slope.T @ (by_slope - onto @ by_slope)
    torch.testing.assert_close(setting.columns(model), expected, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("q", [0.5, 0.15])
def test_newton_is_the_hessian_of_the_reduced_objective(q: float) -> None:
    setting = Setting(q)

    def half_objective(flat: Tensor) -> Tensor:
        """With the best weights for these slopes."""
        psi = (1 + flat.view(M, 1, D) * setting.standardised).prod(-1) - 1
        weighted = setting.root * psi
        own = weighted.square().sum(1)
        system = weighted @ weighted.T + OFFSET + RIDGE * torch.diag(own)
        c = weighted @ (setting.root * setting.f)
        return -c @ torch.linalg.solve(system, c) / 2

    expected = torch.autograd.functional.hessian(half_objective, setting.s.flatten())
    ours = setting.columns(QuadraticModel(setting.problem, setting.state(), newton=True))
    torch.testing.assert_close(ours, expected, rtol=SINGLE, atol=SINGLE * float(expected.abs().max()))
    torch.testing.assert_close(ours, ours.T, rtol=0, atol=SINGLE * float(expected.abs().max()))


def test_preconditioner_is_the_inverse_of_the_blocks() -> None:
    """Of the Gauss-Newton matrix of each prototype, up to the floor that keeps it safe."""
    setting = Setting(0.5)
    model = QuadraticModel(setting.problem, setting.state(), newton=False)
    full = setting.columns(model).view(M, D, M, D)
    for prototype in range(M):
        block = full[prototype, :, prototype]
        vector = torch.zeros(1, M, D, dtype=torch.float64)
        vector[0, prototype] = torch.linspace(-1, 1, D)
        back = block @ model.precondition(vector)[0, prototype]
        torch.testing.assert_close(back, vector[0, prototype], rtol=0, atol=0.05)
        size = (vector[0, prototype] @ block @ vector[0, prototype]).sqrt()
        torch.testing.assert_close(model.size(vector)[0], size, rtol=0.01, atol=0)


def test_equal_prototypes_share_their_weight() -> None:
    """A singular system is no reason to stop: the loss is that of one prototype fewer."""
    large = RBFN(D, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    problem = SlopeProblem(PruningLoss(large, Bernoulli(0.5)), torch.full((D,), 0.5).double(), 0.95, 0.0, 0.0)
    two = torch.tensor([[[0.3, -0.2, 0.1, 0.5, 0.0], [1e-9, 0.4, -0.3, 0.2, 0.2]]], dtype=torch.float64)
    one = problem.evaluate(two)
    again = problem.evaluate(torch.cat([two, two, two[:, :1]], 1))
    assert torch.isfinite(again.weight).all()
    torch.testing.assert_close(again.loss, one.loss, rtol=1e-6, atol=0)
    faint = problem.evaluate(1e-7 * torch.cat([two, two], 1))
    assert torch.isfinite(faint.loss).all()
