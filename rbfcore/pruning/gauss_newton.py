"""Pruning on -1/+1 inputs by variable projection and Levenberg-Marquardt over all 2^D states at once.

Weights and offset are eliminated: for given slopes they solve a small linear system. What is left is minimised by
damped Gauss-Newton steps. The Gauss-Newton matrix sums over all 2^D inputs, yet it is a closed form: with
F_d = 1 + s_jd s_ld and P = prod_d F_d, the features psi_j = prod_d (1 + s_jd x~_d) - 1 have <psi_j, psi_l> = P - 1,
<d_jd psi_j, psi_l> = P s_ld / F_d, and <d_jd psi_j, d_le psi_l> = P s_ld s_je / (F_d F_e), or P / F_d when d = e. It is
never formed: its product with a vector costs O(M^2 D), independent of K.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.pruning.candidates import Candidates
from rbfcore.pruning.canonical import (
    canonical,
    coefficient_slopes,
    coefficients,
    log_feature_mean,
    products,
    projections,
)
from rbfcore.pruning.objective import PruningLoss

_START_CANDIDATES = 512  # centroids of the large network that greedy starts choose from
_MARGIN = 1e-9


@dataclass(frozen=True)
class GaussNewtonSettings:
    """How far to go, and how readable the prototypes must stay.

    Attributes:
        slope_cap: |tanh(2 gamma theta)| stays at or below it, 0 < slope_cap < 1. Without a cap the best networks are
            pairs of near-equal prototypes with huge opposite weights.
        ridge: penalty on the sum of the variances of the prototypes' contributions, as a share of that sum.
        offset_penalty: penalty on (alpha - E f_K)^2, the part of the mean that the prototypes carry together.
        max_iterations: Levenberg-Marquardt steps at most.
        tolerance: a restart stops after three steps that lower its objective by less than this share.
    """

    slope_cap: float = 0.8
    ridge: float = 1e-3
    offset_penalty: float = 1e-3
    max_iterations: int = 300
    tolerance: float = 1e-4

    def __post_init__(self) -> None:
        if not 0 < self.slope_cap < 1:
            raise ValueError(f"slope_cap must be strictly between 0 and 1, got {self.slope_cap}")
        for name in ("ridge", "offset_penalty", "tolerance"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be >= 0, got {getattr(self, name)}")
        if self.max_iterations < 1:
            raise ValueError(f"max_iterations must be >= 1, got {self.max_iterations}")


@dataclass(frozen=True, eq=False)
class _State:
    """Everything about R sets of slopes tanh (R, M, D) that the next step needs."""

    tanh: Tensor
    s: Tensor  # (R, M, D) coefficients
    gram: Tensor  # (R, M, M) prod_d F_d
    weight: Tensor  # (R, M)
    factor: Tensor  # (R, M, M) Cholesky factor of the regularised Gram matrix
    pull: Tensor  # (R, M, D) derivatives of the projections c by s
    norm: Tensor  # (R, M) sqrt(<psi_j, psi_j>)
    norm_slope: Tensor  # (R, M, D) its derivatives by s
    objective: Tensor  # (R,) loss with penalties
    loss: Tensor  # (R,) without

    def where(self, keep: Tensor, other: "_State") -> "_State":
        """This state in the runs `keep` (R,), the other one elsewhere."""
        pairs = ((getattr(self, n), getattr(other, n)) for n in self.__dataclass_fields__)
        return _State(*(torch.where(keep.view(-1, *[1] * (a.ndim - 1)), a, b) for a, b in pairs))


class GaussNewtonPruning:
    """The problem of pruning one large network under Bernoulli(q).

    Args:
        loss: Eq. (5) of the large network under p.
        q: (D,) probabilities of +1.
        settings: see `GaussNewtonSettings`.
    """

    def __init__(self, loss: PruningLoss, q: Tensor, settings: GaussNewtonSettings) -> None:
        self.loss, self.q, self.settings = loss, q, settings
        self.large = canonical(loss.k, loss.b, loss.Z, q)
        self.variance = loss.variance
        self.gamma = loss.k.log().mean().exp()

    def starts(self, n_prototypes: int, restarts: int, seed: int) -> Tensor:
        """(R, M, D) tanh of slopes: greedy sets of the large network's own centroids.

        Each restart sees a random half of the centroids that vary most in the large network, and takes the M that
        explain most of it one after the other (orthogonal matching pursuit). The first restart sees all of them.
        """
        cap = self.settings.slope_cap
        pool = max(n_prototypes, min(_START_CANDIDATES, len(self.large.weight)))
        norms = torch.cat([torch.expm1(t.square().log1p().sum(-1)) for t in self.large.t.split(256)])
        best = (self.large.weight.square() * norms).topk(pool).indices
        tanh = self.large.tanh[best].clamp(-cap, cap)
        s = coefficients(tanh, self.q)
        gram = products(s, s) - 1
        target, _ = projections(self.large, s)
        generator = torch.Generator().manual_seed(seed)
        chosen = []
        for restart in range(restarts):
            share = pool if restart == 0 else max(n_prototypes, pool // 2)
            allowed = torch.randperm(pool, generator=generator)[:share]
            chosen.append(allowed[_greedy(gram[allowed][:, allowed], target[allowed], n_prototypes)])
        return tanh[torch.stack(chosen)]

    def evaluate(self, tanh: Tensor) -> _State:
        """Optimal weights and all derivatives for R sets of slopes."""
        runs, m, d = tanh.shape
        s = coefficients(tanh, self.q)
        c, pull = projections(self.large, s.reshape(-1, d))
        c, pull = c.view(runs, m), pull.view(runs, m, d)
        gram = torch.ones(runs, m, m, dtype=s.dtype)
        for column in s.unbind(-1):
            gram = gram * (1 + column[:, :, None] * column[:, None, :])
        own = torch.diagonal(gram, dim1=1, dim2=2) - 1
        diagonal = own.clamp_min(1e-300)
        ridge = self.settings.ridge * diagonal + 1e-13 * diagonal.amax(1, keepdim=True)
        system = gram - 1 + self.settings.offset_penalty + torch.diag_embed(ridge)
        factor = torch.linalg.cholesky(system)
        weight = torch.cholesky_solve(c[..., None], factor)[..., 0]
        objective = self.variance - (c * weight).sum(1)
        fitted = torch.einsum("rj,rjl,rl->r", weight, gram - 1, weight)
        loss = self.variance - 2 * (c * weight).sum(1) + fitted
        norm = diagonal.sqrt()
        norm_slope = (own + 1)[..., None] * s / (1 + s.square()) / norm[..., None]
        return _State(tanh, s, gram, weight, factor, pull, norm, norm_slope, objective, loss)

    def network(self, state: _State) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """gamma (R,), alpha (R,), beta (R, M), theta (R, M, D), with the large network's gamma as gauge."""
        theta = torch.atanh(state.tanh) / (2 * self.gamma)
        gamma = self.gamma.expand(len(theta))
        beta = state.weight * torch.exp(-log_feature_mean(gamma[:, None].expand(state.weight.shape), theta, self.q))
        return gamma, self.loss.mean - state.weight.sum(1), beta, theta

    def step(self, state: _State, damping: Tensor, iterations: int = 25) -> Tensor:
        """The damped Gauss-Newton step of the slopes, (R, M, D), by preconditioned conjugate gradients."""
        system = _Linearised(state, self.q, self.settings, damping)
        return system.solve(iterations)


class _Linearised:
    """The Gauss-Newton matrix of the tanh-slopes at a state, weights eliminated, as products with vectors."""

    def __init__(self, state: _State, q: Tensor, settings: GaussNewtonSettings, damping: Tensor) -> None:
        self.state, self.ridge = state, settings.ridge
        s, w = state.s, state.weight
        chain = coefficient_slopes(state.tanh, q)  # dt / dtanh, (R, M, D)
        f = 1 + s[:, :, None, :] * s[:, None, :, :]  # (R, M, M, D)
        self.ww = w[:, :, None] * w[:, None, :] * state.gram  # (R, M, M)
        self.u = s[:, None, :, :] / f  # (R, j, l, D): s_l / F
        self.v = s[:, :, None, :] / f  # (R, j, l, D): s_j / F
        self.same = self.ww[..., None] * (1 / f - self.u * self.v)  # what d = e adds to the product form
        cross = w[:, :, None, None] * state.gram[..., None] * self.u  # (R, j, l, D): <w_j d_jd psi_j, psi_l>
        gradient = w[..., None] * ((cross / w[:, :, None, None] * w[:, None, :, None]).sum(2) - state.pull)
        penalty = self.ridge * w.square() * state.norm
        gradient = gradient + penalty[..., None] * state.norm_slope
        # the ridge's own rows: sqrt(ridge) w_j |psi_j|
        corner = torch.diag_embed(self.ridge * w * state.norm)  # (R, j, l)
        cross = cross + corner[..., None] * state.norm_slope[:, :, None, :]
        self.chain = chain
        self.cross = cross * chain[:, :, None, :]
        self.gradient = gradient * chain
        cap = settings.slope_cap * (1 - _MARGIN)
        outward = (state.tanh.abs() >= cap) & (state.tanh * self.gradient < 0)
        self.free = (~outward).to(s.dtype)
        self.gradient = self.gradient * self.free
        self.cross = self.cross * self.free[:, :, None, :]
        self.damping = damping
        self._precondition()

    def _precondition(self) -> None:
        """Block Jacobi: the (D, D) block of every prototype, inverted."""
        index = torch.arange(self.ww.shape[1])
        ww, u, v = self.ww[:, index, index], self.u[:, index, index], self.v[:, index, index]
        blocks = ww[..., None, None] * u[..., :, None] * v[..., None, :]
        blocks = blocks + torch.diag_embed(self.same[:, index, index])
        slope = self.state.norm_slope
        blocks = (
            blocks
            + (self.ridge * self.state.weight.square())[..., None, None] * slope[..., :, None] * slope[..., None, :]
        )
        scale = self.chain * self.free
        blocks = blocks * scale[..., :, None] * scale[..., None, :]
        solved = torch.cholesky_solve(
            self.cross.transpose(2, 3).reshape(len(blocks), -1, blocks.shape[1]).mT, self.state.factor
        )
        projected = torch.einsum(
            "rjld,rlje->rjde", self.cross, solved.view(len(blocks), blocks.shape[1], blocks.shape[1], -1)
        )
        blocks = blocks - projected
        diagonal = torch.diagonal(blocks, dim1=-2, dim2=-1).clamp_min(0)
        floor = 1e-8 * diagonal.amax((1, 2), keepdim=True) + 1e-300
        self.shift = self.damping[:, None, None] * (diagonal + floor) + (1 - self.free) + floor
        factor, info = torch.linalg.cholesky_ex(blocks + torch.diag_embed(self.shift))
        broken = (info > 0)[..., None, None]
        safe = torch.diag_embed((diagonal + self.shift).sqrt())
        self.blocks = torch.where(broken, safe, factor)

    def matrix(self, x: Tensor) -> Tensor:
        """The damped matrix times x, (R, M, D)."""
        y = x * self.chain * self.free
        inner = torch.einsum("rjle,rle->rjl", self.v, y)
        out = torch.einsum("rjl,rjld->rjd", self.ww * inner, self.u) + torch.einsum("rjld,rld->rjd", self.same, y)
        slope = self.state.norm_slope
        along = self.ridge * self.state.weight.square() * (slope * y).sum(-1)
        out = (out + along[..., None] * slope) * self.chain * self.free
        onto = torch.einsum("rjld,rjd->rl", self.cross, x)
        back = torch.cholesky_solve(onto[..., None], self.state.factor)[..., 0]
        return out - torch.einsum("rjld,rl->rjd", self.cross, back) + self.shift * x

    def solve(self, iterations: int) -> Tensor:
        """Conjugate gradients on matrix @ x = -gradient, all runs side by side."""
        x = torch.zeros_like(self.gradient)
        residual = -self.gradient
        z = self._blockwise(residual)
        direction, rho = z, (residual * z).sum((1, 2))
        first = rho.clone()
        for _ in range(iterations):
            image = self.matrix(direction)
            curvature = (direction * image).sum((1, 2))
            going = (curvature > 0) & (rho > 1e-4 * first)
            if not bool(going.any()):
                break
            rate = torch.where(going, rho / curvature.clamp_min(1e-300), 0.0)[:, None, None]
            x = x + rate * direction
            residual = residual - rate * image
            z = self._blockwise(residual)
            new = (residual * z).sum((1, 2))
            direction = z + torch.where(going, new / rho.clamp_min(1e-300), 0.0)[:, None, None] * direction
            rho = torch.where(going, new, rho)
        return x

    def _blockwise(self, x: Tensor) -> Tensor:
        return torch.cholesky_solve(x[..., None], self.blocks)[..., 0]


def _greedy(gram: Tensor, target: Tensor, count: int) -> Tensor:
    """Orthogonal matching pursuit: indices of `count` features that explain the target one after the other."""
    rest, scale = target.clone(), torch.diagonal(gram).clone()
    basis = torch.zeros(len(target), count, dtype=gram.dtype)
    chosen: list[int] = []
    for number in range(count):
        gain = torch.where(scale > 1e-9 * torch.diagonal(gram), rest.square() / scale.clamp_min(1e-300), -1.0)
        gain[chosen] = -2.0
        pick = int(gain.argmax())
        chosen.append(pick)
        column = (gram[:, pick] - basis[:, :number] @ basis[pick, :number]) / scale[pick].clamp_min(1e-300).sqrt()
        basis[:, number] = column
        rest = rest - column * (rest[pick] / scale[pick].clamp_min(1e-300).sqrt())
        scale = scale - column.square()
    return torch.tensor(chosen)


def gauss_newton_steps(problem: GaussNewtonPruning, start: Tensor) -> Iterator[Candidates]:
    """Levenberg-Marquardt for all restarts at once; yields after every step. Start: (R, M, D) tanh of slopes."""
    settings = problem.settings
    state = problem.evaluate(start)
    runs = len(start)
    damping = torch.full((runs,), 1e-2, dtype=start.dtype)
    quiet = torch.zeros(runs, dtype=torch.int64)
    running = torch.ones(runs, dtype=torch.bool)
    for iteration in range(settings.max_iterations):
        step = problem.step(state, damping)
        cap = settings.slope_cap
        trial = problem.evaluate((state.tanh + step).clamp(-cap, cap))
        better = running & (trial.objective < state.objective)
        gain = torch.where(better, (state.objective - trial.objective) / state.objective.abs(), 0.0)
        quiet = torch.where(gain > settings.tolerance, 0, quiet + 1)
        damping = torch.where(better, damping / 3, damping * 4).clamp(1e-9, 1e9)
        state = trial.where(better, state)
        running = running & (quiet < 6)
        last = iteration + 1 == settings.max_iterations
        yield Candidates(
            state.loss, *problem.network(state), 0 if last else int(running.sum()), float(damping.median())
        )
        if not bool(running.any()):
            return
