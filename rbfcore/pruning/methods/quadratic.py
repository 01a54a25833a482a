"""The quadratic model of the pruning objective in the slopes: all 2^D inputs summed in closed form.

With F_d = 1 + s_jd s_ld and P = prod_d F_d, the features psi_j = prod_d (1 + s_jd x~_d) - 1 have
<d_jd psi_j, psi_l> = P s_ld / F_d, and <d_jd psi_j, d_le psi_l> = P s_ld s_je / (F_d F_e), or P / F_d when d = e.
That is the whole Gauss-Newton matrix. It has the same form for features of any finite alphabet, with the derivatives of
their F_d in the place of s_ld and 1. Under a mixture each component adds its own products, and what the means of the
features take away is of rank one. Newton's matrix adds, within each prototype, the residual times the second
derivatives of psi_j: again the same products, and sums over the large network's centroids. Neither matrix is ever
formed: a product with a vector costs O(C M^2 D) for C components, independent of K.

Source: METHODS Eq. (M14).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rbfcore.pruning.methods.slopes import ProductProblem, Projected
from rbfcore.pruning.methods.trust_region import Numbers

_MARGIN = 1e-9  # of the allowed range: closer to a bound counts as on it
_TINY = 1e-300
_FLOOR = 1e-3  # added to the preconditioner, as a share of its diagonal


@dataclass(frozen=True, eq=False)
class QuadraticModel:
    """Half the objective to second order about a state, with the weights eliminated.

    In NumPy, which is several times quicker than torch at the many small products of conjugate gradients.

    Attributes:
        gradient: (R, M, D) by s.
        low, high: (R, M, D) how far every s may move.
        free: (R, M, D) 1 where s can move downhill, 0 where it is held at a bound.
        u: (R, C, j, l, D) derivatives of F by s_jd, over F.
        wp: (R, C, j, l) w_j P; ww: (R, C, j, l) w_j w_l P.
        same: (R, D, j, l) what d = e adds to the product form.
        corner: (R, M, D) what the weights' own derivatives add where j = l.
        block: (R, M, D, D) what the prototypes add one by one: penalties, and second derivatives.
        means: (R, M) of the features, share: their part in inner products and penalty, tilt: (R, M, D) w_j d_jd m_j.
        inverse_factor: (R, M, M) inverse of the Cholesky factor of the weights' own system.
        root, inverse: (R, M, D, D) Cholesky factor of the preconditioner's blocks, and their inverse.
    """

    gradient: Numbers
    low: Numbers
    high: Numbers
    free: Numbers
    u: Numbers
    wp: Numbers
    ww: Numbers
    same: Numbers
    corner: Numbers
    block: Numbers
    means: Numbers
    share: float
    tilt: Numbers
    inverse_factor: Numbers
    root: Numbers
    inverse: Numbers

    def matrix(self, x: Numbers) -> Numbers:
        """The matrix times x, (R, M, D)."""
        inner = _times(self.u, x[:, None])  # (R, C, j, l)
        tilted = self.share * (self.tilt * x).sum((1, 2))[:, None]
        # The way the weights follow.
        onto = (inner * self.wp).sum((1, 2)) + (self.corner * x).sum(-1) + tilted * self.means
        back = _times(self.inverse_factor.swapaxes(1, 2), _times(self.inverse_factor, onto))
        along = self.ww * inner.swapaxes(2, 3) - self.wp * back[:, None, None, :]
        out: Numbers = (along[..., None, :] @ self.u)[..., 0, :].sum(1)
        out += _times(self.same, x.swapaxes(1, 2)).swapaxes(1, 2)
        meant = tilted - self.share * (self.means * back).sum(1, keepdims=True)
        out += meant[..., None] * self.tilt
        out += _times(self.block, x)
        out -= self.corner * back[..., None]
        return out

    def precondition(self, x: Numbers) -> Numbers:
        """An approximate inverse of the matrix times x, (R, M, D)."""
        return _times(self.inverse, x)

    def size(self, x: Numbers) -> Numbers:
        """(R,) length of steps as the preconditioner measures it."""
        return np.asarray(np.sqrt(np.square(_times(self.root.swapaxes(2, 3), x)).sum((1, 2))))


def quadratic_model(
    problem: ProductProblem, state: Projected, cross_hessians: tuple[Tensor, Tensor] | None = None
) -> QuadraticModel:
    """The model of half the objective about a state.

    Args:
        problem: gives the large network, the penalties and the bounds.
        state: where.
        cross_hessians: of the problem, at the state or near it; the residual's curvature is part of the matrix then.
            Without it the matrix is positive semidefinite, with it, at the state, exact.
    """
    s, w, ridge = state.s, state.weight, problem.ridge
    low, high = problem.low - s, problem.high - s
    margin = _MARGIN * (problem.high - problem.low)
    u, both = problem.slopes_of_factors(s)  # (R, C, j, l, D): derivatives by s_jd, by s_jd and s_ld, over F
    wp = w[:, None, :, None] * state.gram
    ww = wp * w[:, None, None, :]
    same = (ww[..., None] * (both - u * u.transpose(2, 3))).sum(1).permute(0, 3, 1, 2).contiguous()
    # The means enter <psi_j, psi_l> with the factor -1, and the penalty on the offset.
    share = problem.offset_penalty - 1
    tilt = w[..., None] * state.mean_slopes  # (R, M, D)
    fitted = u * (state.gram * w[:, None, None, :])[..., None]  # w_l <d_jd psi_j, psi_l> + w_l d_jd m_j m_l
    total = share * (w * state.means).sum(1)[:, None, None]
    residual = fitted.sum(1).sum(2) - state.projection_gradient + total * state.mean_slopes  # <f_M - f_K, d_jd psi_j>
    each = torch.arange(s.shape[1])
    own = torch.diagonal(state.gram, dim1=2, dim2=3)  # (R, C, M)
    rises = own[..., None] * u[:, :, each, each]
    rise = rises.sum(1) - state.means[..., None] * state.mean_slopes  # half the derivative of <psi_j, psi_j>
    gradient = w[..., None] * residual + ridge * w.square()[..., None] * rise
    free = (~(((low >= -margin) & (gradient > 0)) | ((high <= margin) & (gradient < 0)))).to(s.dtype)
    corner = ridge * w[..., None] * rise
    variance = (own.sum(1) - state.means.square()).clamp_min(_TINY)
    block = ridge * (w.square() / variance)[..., None, None] * _outer(rise, rise)
    # Block Jacobi, with the Gauss-Newton matrix of every prototype alone.
    here = (ww[:, :, each, each][..., None, None] * _outer(u[:, :, each, each], u[:, :, each, each])).sum(1) + block
    here = here + torch.diag_embed(same[:, :, each, each].mT) + share * _outer(tilt, tilt)
    cross = (wp[..., None] * u).sum(1)  # (R, j, l, D): derivatives by s_jd and w_l
    cross = cross + share * tilt[:, :, None, :] * state.means[:, None, :, None]
    cross[:, each, each] += corner
    root, inverse = _preconditioner(here, cross, state.factor, free)
    if cross_hessians is not None:
        off = 1 - torch.eye(s.shape[-1], dtype=s.dtype)
        of_projections, of_means = cross_hessians
        curved = (u.mT @ fitted).sum(1) - of_projections + total[..., None] * of_means
        twice = (_outer(rises, rises) * (2 / own)[..., None, None]).sum(1) - state.means[..., None, None] * of_means
        along = torch.diag_embed((own[..., None] * both[:, :, each, each]).sum(1))
        own_bend = twice * off + along - _outer(state.mean_slopes, state.mean_slopes)
        block = w[..., None, None] * curved * off + ridge * w.square()[..., None, None] * own_bend
        corner = residual + 2 * corner
    identity = torch.eye(s.shape[1], dtype=s.dtype).expand_as(state.factor)
    inverse_factor = torch.linalg.solve_triangular(state.factor, identity, upper=False)
    return QuadraticModel(
        gradient=gradient.numpy(),
        low=low.numpy(),
        high=high.numpy(),
        free=free.numpy(),
        u=u.numpy(),
        wp=wp.numpy(),
        ww=ww.numpy(),
        same=same.numpy(),
        corner=corner.numpy(),
        block=block.numpy(),
        means=state.means.numpy(),
        share=share,
        tilt=tilt.numpy(),
        inverse_factor=inverse_factor.contiguous().numpy(),
        root=root.contiguous().numpy(),
        inverse=inverse.contiguous().numpy(),
    )


def _preconditioner(blocks: Tensor, cross: Tensor, factor: Tensor, free: Tensor) -> tuple[Tensor, Tensor]:
    """Cholesky factor and inverse, (R, M, D, D), of blocks with the weights eliminated.

    Args:
        blocks: (R, M, D, D) by the slopes; cross: (R, j, l, D) by s_jd and w_l.
        factor: (R, M, M) Cholesky factor by the weights.
        free: (R, M, D) 1 where s can move.
    """
    runs, m, d = free.shape
    columns = cross.transpose(1, 2).reshape(runs, m, m * d)
    solved = torch.linalg.solve_triangular(factor, columns, upper=False).view(runs, m, m, d).permute(0, 2, 3, 1)
    blocks = blocks - solved @ solved.mT
    diagonal = torch.diagonal(blocks, dim1=-2, dim2=-1).clamp_min(0)
    floor = _FLOOR * diagonal + 1e-6 * diagonal.amax((1, 2), keepdim=True) + _TINY
    blocks = blocks * free[..., None] * free[..., None, :] + torch.diag_embed(floor * free + 1 - free)
    factor, info = torch.linalg.cholesky_ex(blocks)
    root = torch.where((info > 0)[..., None, None], torch.diag_embed((diagonal + floor).sqrt()), factor)
    return root, torch.cholesky_inverse(root)


def _times(matrices: Numbers, x: Numbers) -> Numbers:
    """(..., m, n), (..., n) -> (..., m)."""
    product: Numbers = (matrices @ x[..., None])[..., 0]
    return product


def _outer(left: Tensor, right: Tensor) -> Tensor:
    """(..., D), (..., D) -> (..., D, D)."""
    return left[..., :, None] * right[..., None, :]
