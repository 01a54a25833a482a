"""Pruning over finite alphabets: gradient and matrix against residuals over every input, and the loss of the result."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

import rbfcore as rc
from rbfcore.distributions.finite import Finite
from rbfcore.network import RBFN
from rbfcore.pruning.methods.finite_alphabet import AlphabetProblem
from rbfcore.pruning.methods.quadratic import quadratic_model
from rbfcore.pruning.objective import PruningLoss

D, M = 4, 3
RIDGE, OFFSET = 0.02, 0.05
LETTERS, CHANCES = [-1.0, 0.0, 1.5], [0.2, 0.5, 0.3]
GAMMA = torch.tensor(0.3, dtype=torch.float64)


def everything() -> tuple[Tensor, Tensor]:
    """All V^D inputs and their probabilities."""
    x = torch.tensor(list(itertools.product(LETTERS, repeat=D)), dtype=torch.float64)
    chance = torch.tensor(list(itertools.product(CHANCES, repeat=D)), dtype=torch.float64).prod(1)
    return x, chance


def large_network() -> RBFN:
    return RBFN(D, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(3))


def residuals_of(large: RBFN) -> Callable[[Tensor, Tensor], Tensor]:
    """Residuals over all inputs, and the rows of the penalties, as a function of centroids and weights."""
    x, chance = everything()
    f = large(x).detach()
    f = f - chance @ f

    def residuals(theta: Tensor, w: Tensor) -> Tensor:
        phi = torch.exp(-GAMMA * (x[None] - theta.view(M, 1, D)).square().sum(-1))  # (M, V^D)
        psi = phi / (phi @ chance)[:, None] - 1
        norm = (psi.square() @ chance).sqrt()
        fit = chance.sqrt() * (w @ psi - f)
        return torch.cat([fit, RIDGE**0.5 * w * norm, OFFSET**0.5 * w.sum()[None]])

    return residuals


def test_gradient_and_gauss_newton_matrix_are_those_of_the_residuals() -> None:
    large, p = large_network(), Finite(LETTERS, CHANCES).for_inputs(D)
    problem = AlphabetProblem(PruningLoss(large, p), p, GAMMA, RIDGE, OFFSET)
    theta = torch.randn(1, M, D, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    state = problem.evaluate(theta)
    w, flat, residuals = state.weight[0], theta.flatten(), residuals_of(large)
    by_theta, by_weight = torch.autograd.functional.jacobian(residuals, (flat, w))
    r = residuals(flat, w)
    torch.testing.assert_close(by_weight.T @ r, torch.zeros(M, dtype=torch.float64), rtol=0, atol=1e-9)
    torch.testing.assert_close(r.square().sum(), state.objective[0], rtol=1e-9, atol=0)
    model = quadratic_model(problem, state)
    torch.testing.assert_close(torch.from_numpy(model.gradient).flatten(), by_theta.T @ r, rtol=1e-8, atol=1e-11)
    onto = by_weight @ torch.linalg.solve(by_weight.T @ by_weight, by_weight.T)
    basis = np.eye(M * D).reshape(M * D, 1, M, D)
    matrix = torch.from_numpy(np.stack([model.matrix(e).ravel() for e in basis], 1))
    torch.testing.assert_close(matrix, by_theta.T @ (by_theta - onto @ by_theta), rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("letters", [LETTERS, [0.0, 1.0, 2.0, 3.0]])
def test_the_loss_is_that_of_all_inputs_and_about_as_low_as_by_lbfgs(letters: list[float]) -> None:
    large = large_network()
    chances = np.full(len(letters), 1 / len(letters))
    p = Finite(letters, chances)
    found = rc.prune(large, p, 3, restarts=6, ridge=1e-6, offset_penalty=1e-6)
    x = torch.tensor(list(itertools.product(letters, repeat=D)), dtype=torch.float64)
    gap = (large(x) - found.network(x)).detach()
    assert found.loss == pytest.approx(float(gap.square().mean()), rel=1e-7)
    other = rc.prune(large, p, 3, restarts=6, method="lbfgs", ridge=1e-6, offset_penalty=1e-6)
    assert found.loss <= 1.2 * other.loss
    again = rc.prune(large, p, 3, restarts=6, ridge=1e-6, offset_penalty=1e-6)
    assert again.network.plain().fingerprint() == found.network.plain().fingerprint()


def test_an_alphabet_for_each_input() -> None:
    large = large_network()
    values = [[-1.0, 0.0, 1.0], [0.0, 1.0, 2.0], [-1.0, 0.5, 1.0], [-2.0, 0.0, 2.0]]
    p = Finite(values, [0.3, 0.3, 0.4])
    found = rc.prune(large, p, 4, restarts=3)
    x = torch.tensor(list(itertools.product(*values)), dtype=torch.float64)
    chance = torch.tensor(list(itertools.product([0.3, 0.3, 0.4], repeat=D)), dtype=torch.float64).prod(1)
    gap = (large(x) - found.network(x)).detach()
    assert found.loss == pytest.approx(float(chance @ gap.square()), rel=1e-7)


def test_growing_goes_by_lbfgs() -> None:
    large, p = large_network(), Finite(LETTERS, CHANCES)
    small = rc.prune(large, p, 2, restarts=2).network
    grown = rc.prune(large, p, 3, restarts=2, grow_from=small)
    assert grown.loss < rc.pruning_loss(large, small, p)
    with pytest.raises(ValueError, match="grows from a network on -1/\\+1 inputs only"):
        rc.prune(large, p, 3, restarts=2, grow_from=small, method="gauss-newton")
