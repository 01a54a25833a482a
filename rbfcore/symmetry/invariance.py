"""How far a network is from being symmetric: an exact distance in L2(p)."""

import math

import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters, parameters_of
from rbfcore.symmetry.group import Symmetric, group, is_invariant
from rbfcore.symmetry.symmetrize import asymmetric_part
from rbfcore.tensors import network_tensors

_BLOCK = 2**22  # features' expectations held at once: 32 MB in float64


def invariance_gap(network: RBFN | Parameters, env: Symmetric, p: InputDistribution) -> float:
    """sqrt(E_p[(f - f_sym)^2]), exactly, in units of y: 0 for a network that treats all images of an input alike.

    Args:
        network: K centroids over D inputs.
        env: an environment whose symmetry (G, D) says which images there are.
        p: input distribution over the same D inputs; it need not be symmetric itself.

    Raises:
        ValueError: the environment or p is over another number of inputs, or the permutations are no group.

    Source: METHODS section 10. Under a symmetric p, f - f_sym is orthogonal to every symmetric function, so the square
    is E[f (f - f_sym)]: K x G K pairs instead of (G K)^2, held in row blocks.
    """
    plain = parameters_of(network)
    symmetry = group(env, plain.n_inputs)
    p = p.for_inputs(plain.n_inputs)
    rest = asymmetric_part(plain, symmetry)
    if rest is None:
        return 0.0
    return math.sqrt(max(0.0, inner_product(plain if is_invariant(p, symmetry) else rest, rest, p)))


@torch.no_grad()
def inner_product(left: Parameters, right: Parameters, p: InputDistribution) -> float:
    """E_p[f h] of two networks without their offsets: sum_ij beta_i beta_j E[phi_i phi_j], in bounded memory."""
    one, other = network_tensors(left), network_tensors(right)
    rows = max(1, _BLOCK // len(other.beta))
    total = 0.0
    for start in range(0, len(one.beta), rows):
        part = slice(start, start + rows)
        moments = p.expectation(one.gamma[part], one.theta[part], other.gamma, other.theta)
        total += float(one.beta[part] @ (moments @ other.beta))
    return total
