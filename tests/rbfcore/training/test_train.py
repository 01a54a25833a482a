"""Training: the paper's recipe against a plain loop, honest bookkeeping, and clear refusals."""

import math

import numpy as np
import pytest
import torch

from rbfcore.data.dataset import DataSet
from rbfcore.lattice import environment
from rbfcore.network import RBFN
from rbfcore.numerics.schedule import cosine_rate
from rbfcore.training.settings import TrainSettings, train_settings
from rbfcore.training.train import steps as steps_of
from rbfcore.training.train import train, train_steps


def sine(n: int, seed: int = 0) -> DataSet:
    """y = 5 + 3 sin(2 x1) x2 without noise: far from zero mean and unit scale, so folding back shows."""
    x = np.random.default_rng(seed).uniform(-2, 2, (n, 2)).astype(np.float32)
    return DataSet("sine", x, 5 + 3 * np.sin(2.0 * x[:, 0]) * x[:, 1], ("a", "b"), "real")


def pairs(n: int, seed: int = 0) -> DataSet:
    """Occupations of the 26 sites and a response of two of them."""
    x = np.where(np.random.default_rng(seed).random((n, 26)) < 0.5, 1.0, -1.0).astype(np.float32)
    return DataSet("pairs", x, x[:, 0] + 2.0 * x[:, 1] * x[:, 4], environment().names, "occupation", lattice="fcc26")


def test_paper_recipe_follows_a_plain_autograd_loop() -> None:
    """Same start and batches through the library's Adam, autograd and scheduler: the same losses, epoch for epoch."""
    data, validation = sine(200), sine(60, seed=1)
    seed, epochs = 3, 6
    generator = torch.Generator().manual_seed(seed)
    network = RBFN(2, 12, generator=generator)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2, weight_decay=1e-5)
    mean, scale = data.y.mean(), data.y.std()
    x, y = torch.from_numpy(data.x), torch.from_numpy((data.y - mean) / scale).float()
    x_val = torch.from_numpy(validation.x)
    expected = []
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=generator).split(64):
            optimiser.zero_grad()
            (network(x[rows]) - y[rows]).square().sum().backward()
            optimiser.step()
        predicted = mean + scale * network(x_val).detach().double().numpy()
        expected.append(float(np.sqrt(np.mean((predicted - validation.y) ** 2))))
    found = [s.validation_rmse for s in train_steps(data, validation, 12, "paper", seed, max_epochs=epochs)]
    assert found == pytest.approx(expected, rel=1e-4)  # float32 rounding grows slowly over the steps


def test_fast_recipe_follows_a_plain_autograd_loop() -> None:
    """Two rates, decoupled decay of the centroids and the cosine, written with the library's own Adam and AdamW."""
    data, validation = sine(200), sine(60, seed=1)
    seed, epochs, batch = 3, 6, 32
    chosen = train_settings(12, "fast", seed, max_epochs=epochs, batch_size=batch, beta_rate=5.0, centroid_decay=0.1)
    generator = torch.Generator().manual_seed(seed)
    network = RBFN(2, 12, generator=generator)
    betas = (0.9, chosen.beta2)
    adam = torch.optim.Adam([network.alpha, network.log_gamma], betas=betas)
    weights = torch.optim.Adam([network.beta], betas=betas)
    decayed = torch.optim.AdamW([network.centroids], betas=betas, weight_decay=chosen.centroid_decay)
    mean, scale = data.y.mean(), data.y.std()
    x, y = torch.from_numpy(data.x), torch.from_numpy((data.y - mean) / scale).float()
    x_val = torch.from_numpy(validation.x)
    expected, step, steps = [], 0, epochs * math.ceil(len(x) / batch)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            rate = cosine_rate(step, steps, chosen.learning_rate)
            for optimiser, multiple in ((adam, 1.0), (weights, chosen.beta_rate), (decayed, 1.0)):
                optimiser.param_groups[0]["lr"] = rate * multiple
                optimiser.zero_grad()
            (network(x[rows]) - y[rows]).square().sum().backward()
            for optimiser in (adam, weights, decayed):
                optimiser.step()
            step += 1
        predicted = mean + scale * network(x_val).detach().double().numpy()
        expected.append(float(np.sqrt(np.mean((predicted - validation.y) ** 2))))
    found = [s.validation_rmse for s in steps_of(data, validation, chosen)]
    assert found == pytest.approx(expected, rel=1e-4)


def test_result_is_the_best_validation_network_in_units_of_y() -> None:
    data, validation = sine(400), sine(100, seed=1)
    result = train(data, validation, n_centroids=30, max_epochs=40)
    error = result.network.predict(validation.x).astype(np.float64) - validation.y
    assert float(np.sqrt(np.mean(error**2))) == pytest.approx(result.rmse, rel=1e-4)
    assert result.rmse == min(entry["validation_rmse"] for entry in result.history)
    assert result.rmse < 0.3 * validation.y.std()


def test_same_seed_same_network_and_snapshots_stay_as_they_were() -> None:
    runs = []
    for _ in range(2):
        snapshots = list(train_steps(sine(150), sine(50, seed=1), 8, seed=4, max_epochs=5))
        copies = [s.network.fingerprint() for s in snapshots]
        assert [s.network.fingerprint() for s in snapshots] == copies
        assert [s.done for s in snapshots] == [False] * 4 + [True]
        runs.append(copies)
    assert runs[0] == runs[1]
    other = list(train_steps(sine(150), sine(50, seed=1), 8, seed=5, max_epochs=5))[-1]
    assert other.network.fingerprint() != runs[0][-1]


def test_paper_recipe_stops_by_itself() -> None:
    """With patience and rest of one epoch the rates fall 1e-2, 1e-3, 1e-4 and the run ends before 1e-5."""
    history = train(sine(100), sine(40, seed=1), n_centroids=3, recipe="paper", patience=1, cooldown=1).history
    rates = sorted({round(math.log10(entry["learning_rate"])) for entry in history})
    assert rates == [-4, -3, -2]


def test_symmetric_images_teach_the_symmetry() -> None:
    """One corner of the images is enough to learn a function of the orbits; without images it is not."""
    env = environment()
    rng = np.random.default_rng(0)
    x = np.where(rng.random((3000, 26)) < 0.5, 1.0, -1.0).astype(np.float32)
    half = np.sort(x[:, 6:18], axis=1)  # always the same side of the mirror filled: images are never seen
    x[:, 6:18] = half
    y = x[:, 6:18][:, :6].sum(1) * x[:, 6:18][:, 6:].sum(1) + x[:, 0] * 2.0
    data = DataSet("pairs", x, y.astype(np.float64), env.names, "occupation", lattice="fcc26")
    first, rest = data.rows(np.arange(2500)), data.rows(np.arange(2500, 3000))
    gap = {}
    for images in (False, True):
        network = train(first, rest, 32, "fast", max_epochs=15, symmetric_images=images).network
        mirrored = rest.x[:, env.symmetry[3]]
        gap[images] = np.sqrt(np.mean((network.predict(mirrored) - rest.y) ** 2))
    assert gap[True] < 0.5 * gap[False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_centroids": 0}, "n_centroids must be a whole number >= 1"),
        ({"recipe": "secret"}, "unknown recipe 'secret'"),
        ({"momentum": 1}, "unknown training setting momentum"),
        ({"learning_rate": 0.0}, "learning_rate must be > 0"),
        ({"recipe": "paper", "schedule": "cosine"}, "needs max_epochs"),
        ({"max_epochs": 0}, "max_epochs must be >= 1"),
    ],
)
def test_bad_settings_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train_settings(**change)  # type: ignore[arg-type] # wrong on purpose


def test_bad_data_are_refused() -> None:
    flat = sine(20)
    flat.y[:] = 1.0
    with pytest.raises(ValueError, match="nothing to learn"):
        next(train_steps(flat, sine(20)))
    with pytest.raises(ValueError, match="26 FCC sites"):
        next(train_steps(sine(20), sine(20), symmetric_images=True))


def test_defaults_are_the_papers() -> None:
    """Section 3, number by number."""
    s = TrainSettings()
    assert (s.batch_size, s.weight_decay, s.learning_rate, s.factor) == (64, 1e-5, 1e-2, 0.1)
    assert (s.patience, s.cooldown, s.stop_below, s.max_epochs) == (10, 10, 1e-4, None)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("symmetry", ["symmetric_images", "tied_orbits"])
def test_cuda_follows_the_processor(symmetry: str) -> None:
    """The same starts and batches on both devices: the same errors until rounding has grown."""
    train_set, validation = pairs(600), pairs(200, seed=1)
    errors = []
    for device in ("cpu", "cuda"):
        run = train_steps(train_set, validation, 32, max_epochs=4, device=device, **{symmetry: True})
        errors.append([step.validation_rmse for step in run])
    assert errors[1] == pytest.approx(errors[0], rel=1e-3)


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="device must be"):
        train_settings(device="gpu")
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no CUDA device"):
            train_settings(device="cuda")
