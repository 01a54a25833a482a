"""How long trainings and prunings take, by small models of measured runs."""


def pruning_seconds(n_centroids: int, n_prototypes: int, restarts: int) -> float:
    """Gauss-Newton pruning under a Bernoulli distribution over 26 sites, on one busy core.

    Measured at K = 1024: M = 4, 16, 32 with ten restarts 0.6, 6.4, 15.9 s, M = 16 with one 2.5 s; at K = 256 about 0.56
    times as long. The number of steps depends on the network, so a factor of two either way is usual.
    """
    return (2.05 + 0.435 * restarts) * (n_prototypes / 16) ** 1.4 * (0.41 + 0.59 * n_centroids / 1024)


def epoch_seconds(n_rows: int, n_centroids: int, batch_size: int) -> float:
    """One epoch of training over 26 sites, on one busy core.

    Measured with 143,000 rows in batches of 256: K = 128, 512, 1024, 2048 take .36, .55, .78, 1.46 s (tied or not makes
    no difference); in batches of 64, K = 1024: 1.5 s. Each batch costs time of its own.
    """
    return n_rows * (0.35e-3 / batch_size + 0.25e-6 + 4.1e-9 * n_centroids)


def xgboost_seconds(n_rows: int) -> float:
    """Boosted trees on 26 sites, on one busy core. Measured: 143,000 rows 25 s, 122,000 rows 20 s."""
    return 1 + 1.7e-4 * n_rows
