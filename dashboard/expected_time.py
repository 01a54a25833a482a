"""How long a pruning takes, by a small model of measured runs."""


def pruning_seconds(n_centroids: int, n_prototypes: int, restarts: int) -> float:
    """Gauss-Newton pruning under a Bernoulli distribution over 26 sites, on one busy core.

    Measured at K = 1024: M = 4, 16, 32 with ten restarts 0.6, 6.4, 15.9 s, M = 16 with one 2.5 s; at K = 256 about 0.56
    times as long. The number of steps depends on the network, so a factor of two either way is usual.
    """
    return (2.05 + 0.435 * restarts) * (n_prototypes / 16) ** 1.4 * (0.41 + 0.59 * n_centroids / 1024)
