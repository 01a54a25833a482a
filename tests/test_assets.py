"""The bundled networks are what the settings of `rbfscope assets` say."""

import json

import numpy as np
import pytest
import torch

import rbfcore as rc
from dashboard.commands.assets import (
    DISTRIBUTION,
    GAMMA,
    PATH,
    PRUNING,
    SURFACES,
    candidates_file,
    explanation_file,
    network_file,
    path_file,
    prototypes_file,
)
from rbfcore.data.bundled import assets_folder
from rbfcore.explain.report import from_json
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import read_pruning_path
from rbfcore.studies.candidates import EPOCHS, SEEDS, TRAINING
from rbfcore.training.baselines import ridge
from rbfcore.training.settings import TrainSettings, train_settings


def stored(name: str) -> Parameters:
    return rc.read_parameters(assets_folder() / "networks" / name)


def chosen(surface: str) -> list[dict[str, float]]:
    table: list[dict[str, float]] = json.loads((assets_folder() / "networks" / candidates_file(surface)).read_text())
    return table


@pytest.mark.parametrize("surface", SURFACES)
def test_the_best_of_all_candidates_is_bundled(surface: str) -> None:
    table = chosen(surface)
    assert {(row["epochs"], row["seed"]) for row in table} == {(epochs, seed) for epochs in EPOCHS for seed in SEEDS}
    assert min(row["validation_rmse"] for row in table) == table[0]["validation_rmse"]


@pytest.mark.parametrize("surface", SURFACES)
def test_trained_network_is_what_its_card_says(surface: str) -> None:
    plain = stored(network_file(surface))
    card = plain.metadata
    assert plain.centroids.shape == (TRAINING["n_centroids"], 26)
    # settings that are newer than the card stand at their defaults
    best = chosen(surface)[0]
    assert TrainSettings(**card["training"]) == train_settings(**TRAINING, seed=best["seed"], max_epochs=best["epochs"])
    assert [card[name] for name in ("validation_rmse", "test_rmse")] == [best["validation_rmse"], best["test_rmse"]]
    assert card["fingerprint"] == plain.fingerprint()
    assert float(plain.gamma) == pytest.approx(GAMMA)
    data = rc.load_dataset(f"cu{surface}")
    assert card["data_fingerprint"] == data.fingerprint()
    train, validation, test = data.split(seed=card["split"]["seed"])
    assert [len(part) for part in (train, validation, test)] == [
        card["split"][name] for name in ("train", "validation", "test")
    ]
    network = rc.RBFN.from_plain(plain)
    for part, name in ((validation, "validation_rmse"), (test, "test_rmse")):
        error = network.predict(part.x).astype(np.float64) - part.y
        assert np.sqrt(np.mean(error**2)) == pytest.approx(card[name], rel=1e-3)
    assert card["test_rmse"] < 0.15 * card["test_sd"]
    assert card["test_rmse"] < 0.5 * ridge(train, validation, test).test_rmse


@pytest.mark.parametrize("surface", SURFACES)
def test_prototypes_are_what_their_card_says(surface: str) -> None:
    large, small = stored(network_file(surface)), stored(prototypes_file(surface))
    card = small.metadata
    assert small.centroids.shape == (PRUNING["n_prototypes"], 26)
    assert card["pruning"] == PRUNING
    assert card["distribution"] == DISTRIBUTION
    assert (card["fingerprint"], card["parent"]) == (small.fingerprint(), large.fingerprint())
    loss = rc.pruning_loss(rc.RBFN.from_plain(large), rc.RBFN.from_plain(small), rc.parse_distribution(DISTRIBUTION))
    assert float(loss.detach()) == pytest.approx(card["loss"], rel=1e-8)
    assert card["rms_gap"] == pytest.approx(card["loss"] ** 0.5)
    assert card["loss"] < 0.065 * card["variance"]


@pytest.mark.parametrize("surface", SURFACES)
def test_float32_can_evaluate_the_prototypes(surface: str) -> None:
    """The prototypes are not cancelling pairs of huge weights: single precision gives the same barriers."""
    small = stored(prototypes_file(surface))
    x = np.sign(np.random.default_rng(0).normal(size=(4000, 26)))
    double = rc.RBFN.from_plain(small)
    single = rc.RBFN.from_parameters(
        *(
            torch.as_tensor(np.array(a), dtype=torch.float32)
            for a in (small.alpha, small.beta, small.gamma, small.centroids)
        )
    )
    assert np.abs(single.predict(x) - double.predict(x)).max() < 1e-4


@pytest.mark.parametrize("surface", SURFACES)
def test_path_belongs_to_the_bundled_network(surface: str) -> None:
    large = stored(network_file(surface))
    curve = read_pruning_path(assets_folder() / "paths" / path_file(surface))
    assert curve.parent == large.fingerprint()
    assert curve.sizes == PATH["sizes"]
    assert list(curve.gaps) == sorted(curve.gaps, reverse=True)
    p = rc.parse_distribution(DISTRIBUTION)
    for network in (curve.networks[0], curve.networks[-1]):
        loss = rc.pruning_loss(rc.RBFN.from_plain(large), rc.RBFN.from_plain(network), p)
        assert float(loss.detach()) == pytest.approx(network.metadata["loss"], rel=1e-7)
    assert stored(prototypes_file(surface)).metadata["rms_gap"] <= 1.02 * curve.gaps[curve.sizes.index(16)]


@pytest.mark.parametrize("surface", SURFACES)
def test_explanations_are_those_of_the_bundled_networks(surface: str) -> None:
    """First order and variance of the large network, and everything of the small one, computed again."""
    folder, p = assets_folder() / "explanations", rc.parse_distribution(DISTRIBUTION)
    for name in (network_file(surface), prototypes_file(surface)):
        found, network = from_json((folder / explanation_file(name)).read_text(encoding="utf-8")), stored(name)
        assert found.card.fingerprint == network.fingerprint()
        assert found.card.distribution == DISTRIBUTION
        assert found.shapley.sum() == pytest.approx(1)
        if network.n_centroids == 16:
            np.testing.assert_allclose(
                found.shapley * found.indices.variance, rc.shapley_effects(network, p), rtol=1e-9
            )
            np.testing.assert_allclose(found.indices.pairs, rc.sobol(network, p).pairs, rtol=1e-9, atol=1e-15)
            np.testing.assert_allclose(found.orders, rc.interaction_orders(network, p), rtol=1e-9, atol=1e-15)
        else:
            card = stored(prototypes_file(surface)).metadata
            assert found.indices.variance == pytest.approx(card["variance"], rel=1e-9)
            assert found.indices.first.sum() == pytest.approx(found.orders[0])
            assert found.indices.pairs.sum() / 2 == pytest.approx(found.orders[1])
