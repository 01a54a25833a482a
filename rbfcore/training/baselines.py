"""The simplest honest comparison for a trained network: a linear model on the same rows."""

import numpy as np

from rbfcore.data.dataset import DataSet


def ridge_rmse(train: DataSet, test: DataSet, strength: float = 1.0) -> float:
    """Test RMSE, in units of y, of ridge regression with an intercept that is not penalised.

    Args:
        train, test: over the same D inputs.
        strength: weight of the squared coefficients against the sum of squared errors, > 0.

    Raises:
        ValueError: the sets differ in D, or strength is not positive.
    """
    if train.n_inputs != test.n_inputs:
        raise ValueError(f"training rows have {train.n_inputs} inputs, test rows {test.n_inputs}: they must agree")
    if not strength > 0:
        raise ValueError(f"strength must be > 0, got {strength}")
    mean = train.x.mean(0, dtype=np.float64)
    x, y = train.x - mean, train.y - train.y.mean()
    weights = np.linalg.solve(x.T @ x + strength * np.eye(train.n_inputs), x.T @ y)
    predicted = train.y.mean() + (test.x - mean) @ weights
    return float(np.sqrt(np.mean((predicted - test.y) ** 2)))
