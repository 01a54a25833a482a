"""The pace of a training, with a clock that counts the work instead of the time."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

import rbfcore.training.train as training
from rbfcore.training.gradient import FlatNetwork
from rbfcore.training.pace import epoch_seconds
from rbfcore.training.settings import train_settings


@pytest.fixture
def a_second_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Showing a row takes one second, and nothing else takes any."""
    seconds = 0.0
    plain = training.accumulate_gradient

    def counted(flat: FlatNetwork, x: Tensor, y: Tensor, images: int = 1) -> Tensor:
        nonlocal seconds
        seconds += len(y)
        return plain(flat, x, y, images)

    monkeypatch.setattr(training, "accumulate_gradient", counted)
    monkeypatch.setattr(training.time, "perf_counter", lambda: seconds)


@pytest.mark.usefixtures("a_second_a_row")
@pytest.mark.parametrize("recipe", ["fast", "paper"])
@pytest.mark.parametrize(("n_train", "n_inputs", "lattice"), [(100_000, 26, "fcc26"), (37, 3, None), (1, 2, None)])
def test_a_few_rows_stand_for_all(recipe: str, n_train: int, n_inputs: int, lattice: str | None) -> None:
    symmetry = {"tied_orbits": True} if lattice else {}
    settings = train_settings(8, recipe, **symmetry)
    assert epoch_seconds(settings, n_train, n_train // 10, n_inputs, lattice) == pytest.approx(n_train)


def test_leaves_the_common_random_numbers_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    assert epoch_seconds(train_settings(4), 1000, 100, 26, "fcc26") > 0
    assert torch.equal(torch.rand(4), expected)


def test_refuses_what_the_training_would_refuse() -> None:
    tied = train_settings(6, tied_orbits=True)
    with pytest.raises(ValueError, match="must be a multiple of 4, got 6"):
        epoch_seconds(tied, 1000, 100, 26, "fcc26")
    with pytest.raises(ValueError, match="tied_orbits needs a data set on lattice sites"):
        epoch_seconds(replace(tied, n_centroids=8), 1000, 100, 26)
