"""The quadratic model of the pruning objective in the slopes: all 2^D inputs summed in closed form.

With F_d = 1 + s_jd s_ld and P = prod_d F_d, the features psi_j = prod_d (1 + s_jd x~_d) - 1 have
<d_jd psi_j, psi_l> = P s_ld / F_d, and <d_jd psi_j, d_le psi_l> = P s_ld s_je / (F_d F_e), or P / F_d when d = e.
That is the whole Gauss-Newton matrix. It has the same form for features of any finite alphabet, with the derivatives of
their F_d in the place of s_ld and 1. Under a mixture each component adds its own products, and what the means of the
features take away is of rank one. Newton's matrix adds, within each prototype, the residual times the second
derivatives of psi_j: again the same products, and sums over the large network's centroids. Neither matrix is ever
formed: a product with a vector costs O(C M^2 D) for C components, independent of K.
"""

import torch
from torch import Tensor

from rbfcore.pruning.slopes import ProductProblem, Projected

_MARGIN = 1e-9  # of the allowed range: closer to a bound counts as on it
_FLOOR = 1e-3  # added to the preconditioner, as a share of its diagonal


class QuadraticModel:
    """Half the objective to second order about a state, with the weights eliminated.

    Args:
        problem: gives the large network, the penalties and the bounds.
        state: where.
        bends: of the problem, at the state or near it; the residual's curvature is part of the matrix then. Without it
            the matrix is positive semidefinite, with it, at the state, exact.

    Attributes:
        gradient: (R, M, D) by s.
        low, high: (R, M, D) how far every s may move.
        free: (R, M, D) 1 where s can move downhill, 0 where it is held at a bound.
    """

    def __init__(self, problem: ProductProblem, state: Projected, bends: tuple[Tensor, Tensor] | None = None) -> None:
        s, w, ridge = state.s, state.weight, problem.ridge
        self._factor, self._means = state.factor, state.means
        self._u, both = problem.slopes_of_factors(s)  # (R, C, j, l, D): derivatives by s_jd, by s_jd and s_ld, over F
        self._wp = w[:, None, :, None] * state.gram  # (R, C, j, l): w_j P
        self._ww = self._wp * w[:, None, None, :]
        # What d = e adds to the product form, as (R, D, j, l).
        same = (self._ww[..., None] * (both - self._u * self._u.transpose(2, 3))).sum(1)
        self._same = same.permute(0, 3, 1, 2).contiguous()
        # The means enter <psi_j, psi_l> with the factor -1, and the penalty on the offset.
        self._share = problem.offset_penalty - 1
        self._tilt = w[..., None] * state.mean_slopes  # (R, M, D)
        fitted = self._u * (state.gram * w[:, None, None, :])[..., None]  # w_l <d_jd psi_j, psi_l> + w_l d_jd m_j m_l
        total = self._share * (w * state.means).sum(1)[:, None, None]
        residual = fitted.sum(1).sum(2) - state.pull + total * state.mean_slopes  # <f_M - f_K, d_jd psi_j>
        each = torch.arange(s.shape[1])
        own = torch.diagonal(state.gram, dim1=2, dim2=3)  # (R, C, M)
        rises = own[..., None] * self._u[:, :, each, each]
        # Half the derivative of <psi_j, psi_j>.
        rise = rises.sum(1) - state.means[..., None] * state.mean_slopes
        self.gradient = w[..., None] * residual + ridge * w.square()[..., None] * rise
        corner = ridge * w[..., None] * rise
        variance = (own.sum(1) - state.means.square()).clamp_min(1e-300)
        ridge_block = ridge * (w.square() / variance)[..., None, None] * _outer(rise, rise)
        self._corner, self._block = (corner, ridge_block)
        self._hold(problem, s)
        self._precondition(corner, ridge_block)
        if bends is not None:
            off = 1 - torch.eye(s.shape[-1], dtype=s.dtype)
            of_projections, of_means = bends
            curved = (self._u.mT @ fitted).sum(1) - of_projections + total[..., None] * of_means
            twice = (_outer(rises, rises) * (2 / own)[..., None, None]).sum(1) - state.means[..., None, None] * of_means
            along = torch.diag_embed((own[..., None] * both[:, :, each, each]).sum(1))
            own_bend = twice * off + along - _outer(state.mean_slopes, state.mean_slopes)
            self._block = w[..., None, None] * curved * off + ridge * w.square()[..., None, None] * own_bend
            self._corner = residual + 2 * corner

    def _hold(self, problem: ProductProblem, s: Tensor) -> None:
        self.low, self.high = problem.low - s, problem.high - s
        margin = _MARGIN * (problem.high - problem.low)
        outward = ((self.low >= -margin) & (self.gradient > 0)) | ((self.high <= margin) & (self.gradient < 0))
        self.free = (~outward).to(s.dtype)

    def _precondition(self, corner: Tensor, ridge_block: Tensor) -> None:
        """Block Jacobi: the Gauss-Newton matrix of every prototype alone, (R, M, D, D), inverted."""
        runs, m, d = self.gradient.shape
        each = torch.arange(m)
        u = self._u[:, :, each, each]
        blocks = (self._ww[:, :, each, each][..., None, None] * _outer(u, u)).sum(1) + ridge_block
        blocks = blocks + torch.diag_embed(self._same[:, :, each, each].mT)
        blocks = blocks + self._share * _outer(self._tilt, self._tilt)
        cross = (self._wp[..., None] * self._u).sum(1)  # (R, j, l, D): derivatives by s_jd and w_l
        cross = cross + self._share * self._tilt[:, :, None, :] * self._means[:, None, :, None]
        cross[:, each, each] += corner
        columns = cross.transpose(1, 2).reshape(runs, m, m * d)
        solved = torch.linalg.solve_triangular(self._factor, columns, upper=False).view(runs, m, m, d)
        solved = solved.permute(0, 2, 3, 1)
        blocks = blocks - solved @ solved.mT
        diagonal = torch.diagonal(blocks, dim1=-2, dim2=-1).clamp_min(0)
        floor = _FLOOR * diagonal + 1e-6 * diagonal.amax((1, 2), keepdim=True) + 1e-300
        blocks = blocks * self.free[..., None] * self.free[..., None, :]
        blocks = blocks + torch.diag_embed(floor * self.free + 1 - self.free)
        factor, info = torch.linalg.cholesky_ex(blocks)
        self._root = torch.where((info > 0)[..., None, None], torch.diag_embed((diagonal + floor).sqrt()), factor)
        self._inverse = torch.cholesky_inverse(self._root)

    def matrix(self, x: Tensor) -> Tensor:
        """The matrix times x, (R, M, D)."""
        inner = _times(self._u, x[:, None])  # (R, C, j, l)
        tilted = self._share * (self._tilt * x).sum((1, 2))[:, None]
        # The way the weights follow.
        onto = (inner * self._wp).sum((1, 2)) + (self._corner * x).sum(-1) + tilted * self._means
        back = torch.cholesky_solve(onto[..., None], self._factor)[..., 0]
        along = self._ww * inner.mT - self._wp * back[:, None, None, :]
        out = (along[..., None, :] @ self._u)[..., 0, :].sum(1)
        out = out + _times(self._same, x.mT).mT
        meant = tilted - self._share * (self._means * back).sum(1, keepdim=True)
        out = out + meant[..., None] * self._tilt
        return out + _times(self._block, x) - self._corner * back[..., None]

    def precondition(self, x: Tensor) -> Tensor:
        """An approximate inverse of the matrix times x, (R, M, D)."""
        return _times(self._inverse, x)

    def size(self, x: Tensor) -> Tensor:
        """(R,) length of steps as the preconditioner measures it."""
        return _times(self._root.mT, x).square().sum((1, 2)).sqrt()


def _times(matrices: Tensor, x: Tensor) -> Tensor:
    """(..., m, n), (..., n) -> (..., m): for many small matrices quicker than a batched matrix product."""
    return (matrices * x[..., None, :]).sum(-1)


def _outer(left: Tensor, right: Tensor) -> Tensor:
    """(..., D), (..., D) -> (..., D, D)."""
    return left[..., :, None] * right[..., None, :]
