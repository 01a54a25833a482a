"""Sums over all pairs of centroids of products over inputs, tile by tile in cache.

With A_ij = prod_d (m_id m_jd + t T_id . T_jd), inputs are taken in groups so that each group is one matrix product of
their joint coordinates (all products of one coordinate per input), and A_ij is the product of few such matrices.

Source: METHODS Eq. (M17), (M19) and (M20).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.explain.factors import Factors

_JOINT = 9  # joint coordinates of a group: three binary inputs (8), two with three letters (9), one continuous input
_TILE = 96  # centroids on a side of a tile; its matrices for all groups stay in a processor's cache


@dataclass(frozen=True, eq=False)
class Group:
    """Some inputs taken together.

    Attributes:
        inputs: their numbers.
        vectors: (K, J) joint coordinates.
        varies: (inputs of the group, J) whether the coordinate is a varying one of the input.
    """

    inputs: tuple[int, ...]
    vectors: Tensor
    varies: Tensor

    @property
    def order(self) -> Tensor:
        """(J,) how many inputs vary."""
        return self.varies.sum(0)


def groups(factors: Factors, inputs: range | None = None) -> list[Group]:
    """The inputs (default all) in groups with their joint coordinates."""
    grouped: list[Group] = []
    for d in range(len(factors.varying)) if inputs is None else inputs:
        own = torch.cat([factors.log_means[:, d : d + 1].exp(), factors.varying[d]], 1)
        flags = torch.ones(1, own.shape[1], dtype=torch.bool)
        flags[0, 0] = False
        last = grouped[-1] if grouped else None
        if last is not None and last.vectors.shape[1] * own.shape[1] <= _JOINT:
            before, after = last.vectors.shape[1], own.shape[1]
            joint = (last.vectors[:, :, None] * own[:, None]).flatten(1)
            varies = torch.cat([last.varies.repeat_interleave(after, 1), flags.repeat(1, before)])
            grouped[-1] = Group((*last.inputs, d), joint, varies)
        else:
            grouped.append(Group((d,), own, flags))
    return grouped


def tiles(n: int) -> Iterator[tuple[slice, slice, int]]:
    """Rows, columns and how often a tile counts, so that every ordered pair of n is met once."""
    for start in range(0, n, _TILE):
        for other in range(start, n, _TILE):
            yield slice(start, start + _TILE), slice(other, other + _TILE), 1 if other == start else 2


def variance(factors: Factors) -> float:
    """Var[f] = sum_ij W_i W_j (prod_d E[phi_id phi_jd] - prod_d m_id m_jd), free of cancellation with the mean.

    Group after group is let vary, given that those before do and those behind are averaged: a sum of squares.
    """
    parts = groups(factors)
    weight, behind = factors.weight, torch.ones_like(factors.weight)
    moving = []
    for part in reversed(parts):
        moving.append(part.vectors[:, 1:] * (weight * behind)[:, None])
        behind = behind * part.vectors[:, 0]
    moving.reverse()
    total = 0.0
    for rows, columns, times in tiles(len(weight)):
        before: Tensor | None = None
        for part, moved in zip(parts, moving, strict=True):
            projected = moved[columns].sum(0)[None] if before is None else before @ moved[columns]
            total += times * float((moved[rows] * projected).sum())
            factor = part.vectors[rows] @ part.vectors[columns].T
            before = factor if before is None else before.mul_(factor)
    return max(total, 0.0)


def leave_one_out(factors: Factors, t: float) -> Tensor:
    """sum_ij W_i W_j T_id . T_jd prod_{e != d} (m_ie m_je + t T_ie . T_je) for every input d: (D,).

    The derivative by t of the weighted sum of all A_ij, input by input. At t = 1 these are the total Sobol indices.
    """
    parts = groups(factors)
    widest = max(part.vectors.shape[1] for part in parts)
    stack = torch.stack(
        [
            torch.nn.functional.pad(part.vectors * t ** (part.order.double() / 2), (0, widest - part.vectors.shape[1]))
            for part in parts
        ]
    )  # (G, K, J)
    weighted = stack * factors.weight[:, None]
    sums = torch.zeros(len(parts), widest, dtype=torch.float64)
    for rows, columns, times in tiles(stack.shape[1]):
        own = torch.bmm(stack[:, rows], stack[:, columns].transpose(1, 2))
        others = _products_of_others(own)
        sums += times * (weighted[:, rows] * torch.bmm(others, weighted[:, columns])).sum(1)
    result = torch.zeros(len(factors.varying), dtype=torch.float64)
    for part, by_coordinate in zip(parts, sums, strict=True):
        result[list(part.inputs)] = part.varies.double() @ by_coordinate[: part.vectors.shape[1]] / t
    return result.clamp_min(0)


def _products_of_others(own: Tensor) -> Tensor:
    """(G, ...) -> (G, ...): for every g the product of all but own[g]. Overwrites its argument."""
    others = torch.empty_like(own)
    others[-1] = 1
    for g in range(len(own) - 1, 0, -1):
        torch.mul(others[g], own[g], out=others[g - 1])
    before = own[0]
    for g in range(1, len(own)):
        others[g].mul_(before)
        before.mul_(own[g])
    return others


def by_order(factors: Factors) -> Tensor:
    """(D + 1,) coefficients of t^0 ... t^D of sum_ij W_i W_j prod_d (m_id m_jd + t T_id . T_jd).

    Polynomials of the first and the second half of the inputs meet in one matrix product over pairs.
    """
    n_inputs = len(factors.varying)
    middle = (n_inputs + 1) // 2
    front, back = groups(factors, range(middle)), groups(factors, range(middle, n_inputs))
    weight = factors.weight
    met = torch.zeros(middle + 1, n_inputs - middle + 1, dtype=torch.float64)
    for rows, columns, times in tiles(len(weight)):
        pair_weight = times * weight[rows, None] * weight[columns]
        left = _polynomials(front, rows, columns).mul_(pair_weight)
        right = _polynomials(back, rows, columns) if back else torch.ones(1, *pair_weight.shape, dtype=torch.float64)
        met += left.flatten(1) @ right.flatten(1).T
    result = torch.zeros(n_inputs + 1, dtype=torch.float64)
    for order, row in enumerate(met):
        result[order : order + len(row)] += row
    return result


def _polynomials(parts: list[Group], rows: slice, columns: slice) -> Tensor:
    """(orders, rows, columns): coefficients of the product over the groups, for every pair."""
    result = _by_order(parts[0], rows, columns)
    for part in parts[1:]:
        grown = result.new_zeros(len(result) + len(part.inputs), *result.shape[1:])
        for k, factor in enumerate(_by_order(part, rows, columns)):
            grown[k : k + len(result)].addcmul_(result, factor)
        result = grown
    return result


def _by_order(part: Group, rows: slice, columns: slice) -> Tensor:
    """(orders, rows, columns): the group's own polynomial."""
    left, right, order = part.vectors[rows], part.vectors[columns], part.order
    return torch.stack([left[:, order == k] @ right[:, order == k].T for k in range(len(part.inputs) + 1)])
