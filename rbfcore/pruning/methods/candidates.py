"""What every pruning method hands on after a step."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Candidates:
    """The best network of each of R restarts so far.

    Attributes:
        losses: (R,) Eq. (5), in units of y squared.
        gamma: (R,); alpha: (R,); beta: (R, M); theta: (R, M, D), float64.
        running: restarts that still go on.
        step_size: the method's own measure: Adam's largest rate, or the damping of Levenberg-Marquardt.
    """

    losses: Tensor
    gamma: Tensor
    alpha: Tensor
    beta: Tensor
    theta: Tensor
    running: int
    step_size: float
