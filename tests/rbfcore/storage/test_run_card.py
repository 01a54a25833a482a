"""Run cards: every older file reads into one and back, and a stranger's file cannot surprise."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

import rbfcore as rc
from rbfcore.data.bundled import assets_folder
from rbfcore.explain.report import as_json, from_json
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import read_pruning_path
from rbfcore.storage.run_card import VERSION, RunCard, Split, run_card
from tests.dashboard.tiny import tiny_network

# What the program called these before cards had versions.
NETWORKS = {
    "cu100-16": "2f096fd40210dafd",
    "cu100": "ec9bcb9e86c0036c",
    "cu110-16": "03d9167fa03c0dac",
    "cu110": "84acc4be930f353a",
    "cu111-16": "5c9735c249f1a198",
    "cu111": "64a03c19d2269613",
}
PATHS = {
    "cu100": (
        "5bf5b37384b62866 b1fb10b60a1294b7 c0518963a5a03f6d dd9c38c20b1b0fee f745c92ff328986a 1b52a451f76acbaa "
        "e63482b61e460bf5 923a584b9b17f229 58de37d3ae0ff544 66df108919643841 1081b6342f3dbaf1 3b8cdbc9432887aa"
    ),
    "cu110": (
        "aeb3fab9ca006393 eed354857db3a70f bc632eb6c963d693 5d9a5e44e55fabe6 8a9bd0a84263bde5 9f946bc9a5815ae9 "
        "7eee3f4b43352999 8cafd404914a8c78 88623fa3817b1e5c d0a6cdbc36d104cd 9a21c1ecf6bf0f4f f6ef7ff18c6c9f49"
    ),
    "cu111": (
        "96f02d0dc04c113e 468733b80610d4d2 c6739f58061ba668 6d9cfe08af6454e9 60379015e1785901 29171c6cfd5ab5d0 "
        "949f19a8d06e3402 4ec162f1db5b8e3a 390e890b560071f5 1a287723c89bf3de feebab83bb69fd83 520bda7f870924ef"
    ),
}


def comes_back(card: dict[str, Any]) -> RunCard:
    """The card, when it is written again as it was read."""
    typed = RunCard.from_dict(card)
    assert typed.as_dict() == card
    assert json.dumps(typed.as_dict(), sort_keys=True) == json.dumps(card, sort_keys=True)
    return typed


@pytest.mark.parametrize("name", NETWORKS)
def test_bundled_networks_are_those_they_were(name: str) -> None:
    network = rc.read_parameters(assets_folder() / "networks" / f"{name}.safetensors")
    assert network.fingerprint() == NETWORKS[name]
    card = comes_back(network.metadata)
    assert card.others == {}  # every entry has a field of its own
    assert card == network.card
    assert (card.fingerprint, card.unit, card.lattice, card.card_version) == (NETWORKS[name], "eV", "fcc26", None)


@pytest.mark.parametrize("name", PATHS)
def test_bundled_paths_are_those_they_were(name: str) -> None:
    path = read_pruning_path(assets_folder() / "paths" / f"{name}.safetensors")
    assert [network.fingerprint() for network in path.networks] == PATHS[name].split()
    assert path.parent == NETWORKS[name]
    for network, gap in zip(path.networks, path.gaps, strict=True):
        assert comes_back(network.metadata).rms_gap == gap == network.metadata["rms_gap"]


@pytest.mark.parametrize("name", NETWORKS)
def test_bundled_explanations_come_back(name: str) -> None:
    text = (assets_folder() / "explanations" / f"{name}.json").read_text(encoding="utf-8")
    explained = from_json(text)
    assert comes_back(json.loads(text)["card"]) == explained.card
    assert (explained.card.fingerprint, explained.card.network) == (NETWORKS[name], name)
    assert json.loads(as_json(explained)) == json.loads(text)


def test_tables_of_studies_and_candidates_come_back() -> None:
    files = [*(assets_folder() / "studies").rglob("*.json"), *(assets_folder() / "networks").glob("*.json")]
    assert len(files) > 300
    for file in files:
        content = json.loads(file.read_text(encoding="utf-8"))
        for card in content if isinstance(content, list) else [content]:
            comes_back(card)


ODD: dict[str, Any] = {
    "unit": 3,
    "lattice": None,
    "rms_gap": "small",
    "variance": -1.0,
    "loss": float("inf"),
    "test_rmse": True,
    "test_sd": 10**400,
    "parent": ["a"],
    "parent_centroids": "many",
    "split": {"train": "all"},
    "numbering": [1, 2],
    "provenance": "a friend",
    "tags": ["good", 7],
    "restart_losses": [0.1, None],
    "pruning": 16,
    "float32_safe": "yes",
    "others": {"of": "theirs"},
    "note": {"by": "hand"},
}


def test_values_of_other_types_count_as_missing_and_are_kept() -> None:
    card = comes_back(ODD)
    assert card == RunCard(others=ODD)
    for entry in fields(RunCard):
        assert entry.name == "others" or getattr(card, entry.name) is None


def test_what_is_changed_replaces_what_was_odd() -> None:
    changed = replace(RunCard.from_dict(ODD), unit="eV", tags=("good",), split=Split(3, 1, 1, 0))
    assert changed.as_dict() == {
        **ODD,
        "unit": "eV",
        "tags": ["good"],
        "split": {"train": 3, "validation": 1, "test": 1, "seed": 0},
    }
    assert RunCard.from_dict(changed.as_dict()) == replace(
        changed, others={name: value for name, value in ODD.items() if name not in ("unit", "tags", "split")}
    )


def test_entries_are_typed() -> None:
    card = comes_back(
        {"split": {"train": 8, "seed": 1, "by": "me"}, "restart_losses": [1, 0.5], "tags": ["a"], "seconds": 3}
    )
    assert card.split == Split(train=8, seed=1, others={"by": "me"})
    assert (card.restart_losses, card.tags, card.seconds) == ((1, 0.5), ("a",), 3)
    assert card.taken(("tags", "seconds", "unit")) == {"tags": ["a"], "seconds": 3}


def test_a_new_card_has_a_version_and_survives_its_file(tmp_path: Path) -> None:
    network = rc.RBFN.from_plain(tiny_network(3, 4))
    made = run_card("train", network, training={"seed": 1}, split=Split(5, 1, 1, 0), lattice=None, unit="eV")
    rc.save_network(network, tmp_path / "net.safetensors", made.as_dict())
    read = rc.read_parameters(tmp_path / "net.safetensors")
    assert read.card == made
    assert (read.card.card_version, read.card.fingerprint) == (VERSION, read.fingerprint())
    assert read.metadata["split"] == {"train": 5, "validation": 1, "test": 1, "seed": 0}  # where older readers look


def test_the_card_of_a_network_is_read_once() -> None:
    network = Parameters.checked(0.0, [1.0], 1.0, [[0.0]], {"unit": "eV"})
    assert network.card is network.card
    assert replace(network, metadata={"unit": "K"}).card.unit == "K"
