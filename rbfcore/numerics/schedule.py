"""Learning-rate schedules: the paper's plateau rule for one run or many at once, and a cosine with warm-up."""

import math

import torch
from torch import Tensor

_CHANGING = ("rate", "best", "_bad", "_resting")


class Plateau:
    """Reduce the rate when the loss has not improved for a while; one rule for R independent runs.

    A run's rate is multiplied by `factor` after more than `patience` steps in a row without a new best loss; the
    next `cooldown` steps do not count. It stops when its rate falls below `stop_below`.

    Args:
        learning_rate: first rate, > 0.
        threshold: a loss counts as better only if it is lower by more than this, number or (R,).
        runs: R.

    Attributes:
        rate: (R,) current rates.
        best: (R,) best losses seen.
        running: (R,) bool.

    Source: Sec. 3 (training and pruning differ in the numbers only).
    """

    def __init__(
        self,
        learning_rate: float,
        *,
        factor: float = 0.1,
        patience: int = 10,
        cooldown: int = 10,
        stop_below: float = 1e-4,
        threshold: float | Tensor = 0.0,
        runs: int = 1,
    ) -> None:
        self.factor, self.patience, self.cooldown, self.threshold = factor, patience, cooldown, threshold
        self.floor = stop_below * (1 - 1e-9)  # a rate that reaches the limit by repeated products still counts
        self.rate = torch.full((runs,), learning_rate, dtype=torch.float64)
        self.best = torch.full((runs,), math.inf, dtype=torch.float64)
        self._bad = torch.zeros(runs, dtype=torch.int64)
        self._resting = torch.zeros(runs, dtype=torch.int64)

    @property
    def running(self) -> Tensor:
        return self.rate >= self.floor

    def step(self, loss: Tensor) -> Tensor:
        """Take the newest losses (R,); returns (R,) bool: which runs have a new best. Stopped runs are left alone."""
        running = self.running
        improved = running & (loss < self.best - self.threshold)
        self.best = torch.where(improved, loss, self.best)
        resting = self._resting > 0
        self._resting = (self._resting - 1).clamp_min(0)
        self._bad = torch.where(improved | resting, 0, self._bad + 1)
        reduce = running & (self._bad > self.patience)
        self.rate = torch.where(reduce, self.rate * self.factor, self.rate)
        self._bad[reduce] = 0
        self._resting[reduce] = self.cooldown
        return improved

    def state(self) -> dict[str, list[float]]:
        """The numbers that change, as plain values."""
        return {name: getattr(self, name).tolist() for name in _CHANGING}

    def restore(self, state: dict[str, list[float]]) -> None:
        """Go on from the numbers of `state`."""
        for name in _CHANGING:
            setattr(self, name, torch.tensor(state[name], dtype=getattr(self, name).dtype))


def cosine_rate(step: int, total: int, peak: float, warmup: float = 0.05) -> float:
    """Rate of step 0 <= step < total: linear up to `peak` over the first part `warmup`, then a half cosine to zero."""
    rising = max(1, round(warmup * total))
    if step < rising:
        return peak * (step + 1) / rising
    return peak * 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, total - rising)))
