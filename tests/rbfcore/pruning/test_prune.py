"""Pruning finds what is there to find, reports it exactly, and is the same for the same seed."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.network import RBFN
from rbfcore.pruning.methods.adam import AdamSettings, adam_steps, random_subsets
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.slopes import SlopeProblem
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.pruning.prune import prune, prune_steps


def network(d: int, k: int, seed: int = 0) -> RBFN:
    return RBFN(d, k, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("method", ["gauss-newton", "adam"])
@pytest.mark.parametrize("q", [0.5, 0.2])
def test_loss_and_gap_are_those_of_the_returned_network(method: str, q: float) -> None:
    large, p = network(8, 40), Bernoulli(q)
    options = {"max_iterations": 30}
    result = prune(large, p, 4, restarts=3, method=method, **options)
    assert result.loss == pytest.approx(float(pruning_loss(large, result.network, p).detach()), rel=1e-8)
    assert result.rms_gap == pytest.approx(result.loss**0.5)
    assert result.loss == min(result.restarts)
    assert result.network.n_centroids == 4
    losses = [loss for _, loss in result.history]
    assert losses[-1] < losses[0]
    assert result.variance == pytest.approx(float(PruningLoss(large, p).variance))


def test_prototypes_come_in_order_of_their_contribution() -> None:
    """The variance of each term over all 2**D inputs falls from the first prototype to the last."""
    large = network(6, 30, seed=9)
    small = prune(large, Bernoulli(0.3), 4, restarts=2).network
    x = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * 6)
    weight = torch.where(x > 0, 0.3, 0.7).double().prod(1, keepdim=True)
    terms = (small.features(x) * small.beta).detach()
    spread = (weight * (terms - (weight * terms).sum(0)).square()).sum(0)
    assert all(later <= earlier for earlier, later in pairwise(spread.tolist()))


def test_gauss_newton_recovers_a_network_that_fits() -> None:
    """A large network made of three prototypes, each split into copies: three prototypes leave nothing over."""
    three = network(10, 3, seed=4)
    copies = RBFN.from_parameters(
        three.alpha, three.beta.repeat(5) / 5, three.gamma, three.centroids.detach().repeat(5, 1)
    )
    result = prune(
        copies, Bernoulli(0.5), 3, restarts=8, ridge=0.0, offset_penalty=0.0, slope_cap=0.999, tolerance=1e-9
    )
    assert result.loss < 1e-8 * result.variance


def test_gauss_newton_beats_the_papers_schedule() -> None:
    large, p = network(12, 60, seed=2), Bernoulli(0.5)
    fast = prune(large, p, 5, restarts=5)
    paper = prune(large, p, 5, restarts=5, method="adam", max_iterations=1500)
    assert fast.loss < paper.loss


def test_adam_matches_the_library_for_one_restart() -> None:
    """The batched schedule against torch.optim.Adam with its plateau scheduler, step for step."""
    large, p = network(5, 20, seed=1), Bernoulli(0.5)
    loss = PruningLoss(large, p)
    start = random_subsets(loss, 3, 1, seed=7)
    small = RBFN.from_parameters(start[1][0], start[2][0], start[0][0].exp(), start[3][0])
    optimiser = torch.optim.Adam(small.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=0.1, patience=10, cooldown=10, threshold=0, threshold_mode="abs"
    )
    best = float("inf")
    for number, found in enumerate(adam_steps(loss, start, AdamSettings())):
        optimiser.zero_grad()
        value = pruning_loss(large, small, p)
        value.backward()
        optimiser.step()
        scheduler.step(value.detach())
        best = min(best, float(value.detach()))
        assert float(found.losses[0]) == pytest.approx(best, rel=1e-7)
        if number == 150:
            break


@pytest.mark.parametrize(("slope_cap", "digits"), [(0.8, 2e-3), (0.96, 1e-4)])  # with sums in float32, and without
def test_restarts_of_a_batch_do_not_touch_each_other(slope_cap: float, digits: float) -> None:
    """Restart r of a batch ends where the same start ends alone."""
    large = network(6, 25, seed=5)
    loss = PruningLoss(large, Bernoulli(0.4))
    settings = GaussNewtonSettings()
    problem = SlopeProblem(loss, slope_cap, 1e-3, 1e-3)
    starts = problem.starts(3, 4, seed=0)
    together = list(gauss_newton_steps(problem, starts, settings))[-1].losses
    alone = torch.cat([list(gauss_newton_steps(problem, start[None], settings))[-1].losses for start in starts])
    torch.testing.assert_close(together, alone, rtol=digits, atol=0)
    start = random_subsets(loss, 3, 3, seed=0)
    together = list(adam_steps(loss, start, AdamSettings(max_iterations=60)))[-1].losses
    for restart in range(3):
        one = [part[restart : restart + 1] for part in start]
        last = list(adam_steps(loss, one, AdamSettings(max_iterations=60)))[-1]
        torch.testing.assert_close(last.losses[0], together[restart], rtol=1e-9, atol=0)


@pytest.mark.parametrize("method", ["gauss-newton", "adam"])
def test_same_seed_same_prototypes_and_falling_losses(method: str) -> None:
    large = network(7, 30, seed=6)
    runs = []
    for seed in (0, 0, 1):
        steps = list(prune_steps(large, Bernoulli(0.5), 3, restarts=3, seed=seed, method=method, max_iterations=15))
        losses = [step.loss for step in steps]
        if method == "adam":  # Gauss-Newton steps lower the loss plus its penalties, not the loss alone
            assert all(later <= earlier for earlier, later in pairwise(losses))
        assert losses[-1] < losses[0]
        assert [step.done for step in steps] == [False] * (len(steps) - 1) + [True]
        runs.append(steps[-1].network)
    np.testing.assert_array_equal(runs[0].centroids, runs[1].centroids)
    assert runs[0].fingerprint() != runs[2].fingerprint()


def test_slope_cap_and_gauge() -> None:
    """Slopes stay under the cap, and the pruned network speaks in the large network's gamma."""
    large = network(8, 40, seed=7)
    result = prune(large, Bernoulli(0.5), 5, restarts=3, slope_cap=0.5)
    slopes = 2 * result.network.gamma.detach() * result.network.centroids.detach()
    assert float(torch.tanh(slopes).abs().max()) <= 0.5 + 1e-9
    assert float(result.network.gamma.detach()) == pytest.approx(float(large.gamma.detach()))


def test_continuous_inputs_prune_by_the_schedule() -> None:
    result = prune(network(1, 20, seed=8), Normal(), 3, restarts=4, method="adam", max_iterations=1500)
    assert result.loss < 0.2 * result.variance


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_prototypes": 31}, "between 1 and the network's 30 centroids, got 31"),
        ({"n_prototypes": 0}, "between 1 and"),
        ({"restarts": 0}, "restarts must be >= 1"),
        ({"method": "magic"}, "unknown pruning method 'magic'"),
        ({"slope_cap": 1.5}, "slope_cap must be strictly between 0 and 1"),
        ({"method": "adam", "slope_cap": 0.5}, "method 'adam' has no option slope_cap"),
        ({"p": Normal(), "method": "gauss-newton"}, "use method 'lbfgs'"),
        ({"p": Bernoulli([0.5, 0.5])}, "2 inputs, the network has 7"),
    ],
)
def test_bad_requests_are_refused(change: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"p": Bernoulli(0.5), "n_prototypes": 3, **change}
    with pytest.raises(ValueError, match=message):
        prune_steps(network(7, 30), **arguments)  # type: ignore[arg-type] # wrong on purpose
