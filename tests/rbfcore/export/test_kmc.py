"""Event tables: barriers and rates by plain arithmetic, the reverse jump by geometry, the forms read back."""

import io
import json
import math
import re

import numpy as np
import pandas as pd
import pytest

from rbfcore.export.kmc import all_environments, as_csv, as_kmcpy, as_spparks, kmc_events
from rbfcore.lattice import Environment, environment
from rbfcore.parameters import Parameters

ENV = environment("fcc", 2)
K_BOLTZMANN = 8.617333262e-5  # eV/K
FLOAT32 = 1e-4


def network(n_inputs: int = 26) -> Parameters:
    rng = np.random.default_rng(3)
    beta, theta = rng.normal(size=5), rng.normal(size=(5, n_inputs))
    return Parameters.checked(0.5, beta, 1 / n_inputs, theta, {"unit": "eV", "dataset": "toy"})


def by_hand(net: Parameters, x: np.ndarray) -> np.ndarray:
    squared = ((x[:, None, :] - net.centroids) ** 2).sum(2)
    return net.alpha + np.exp(-float(net.gamma) * squared) @ net.beta


def rows(n: int = 40) -> np.ndarray:
    return np.random.default_rng(0).choice([-1, 1], size=(n, 26))


def mirrored(env: Environment, x: np.ndarray) -> np.ndarray:
    """The surroundings seen from the target: the mirror that exchanges both ends maps position to position."""
    direction = env.target / np.linalg.norm(env.target)
    images = env.positions - 2 * np.outer((env.positions - env.target / 2) @ direction, direction)
    places = [int(np.argmin(np.linalg.norm(env.positions - image, axis=1))) for image in images]
    return x[:, places]


def test_barriers_rates_and_the_way_back() -> None:
    net = network()
    # A reversal is only fixed up to the symmetry of the jump, so the network is made symmetric first.
    symmetric = np.concatenate([net.centroids[:, image] for image in ENV.symmetry])
    net = Parameters.checked(0.5, np.tile(net.beta, 4) / 4, 1 / 26, symmetric, net.metadata)
    x = rows()
    table = kmc_events(net, ENV, np.concatenate([x, x[:5]]), 450.0, 2e12)
    assert len(table) == 40  # repeated rows are listed once
    assert table["occupation"].tolist() == ["".join("1" if v > 0 else "0" for v in row) for row in x]
    np.testing.assert_allclose(table["barrier_eV"], by_hand(net, x), atol=FLOAT32)
    np.testing.assert_allclose(table["barrier_reverse_eV"], by_hand(net, mirrored(ENV, x)), atol=FLOAT32)
    np.testing.assert_allclose(table["dE_eV"], table["barrier_eV"] - table["barrier_reverse_eV"])
    rates = [2e12 * math.exp(-e / (K_BOLTZMANN * 450)) for e in table["barrier_eV"]]
    np.testing.assert_allclose(table["rate_Hz"], rates)
    negative = (table["barrier_eV"] < 0) | (table["barrier_reverse_eV"] < 0)
    assert (table["warning"] == np.where(negative, "negative", "")).all()
    assert negative.any()


def test_csv_reads_back() -> None:
    table = kmc_events(network(), ENV, rows(), 300, 1e12)
    text = as_csv(table, network())
    assert f"# network: {network().fingerprint()}" in text
    back = pd.read_csv(io.StringIO(text), comment="#", dtype={"occupation": str}, keep_default_na=False)
    assert list(back.columns) == list(table.columns)
    assert back["occupation"].tolist() == table["occupation"].tolist()
    np.testing.assert_allclose(back["rate_Hz"], table["rate_Hz"], rtol=1e-8)


def test_spparks_lines_are_group_means() -> None:
    x = rows(4000)
    table = kmc_events(network(), ENV, x, 300, 1e12)
    text = as_spparks(table, ENV, network())
    lines = re.findall(r"^barrier hop (\d+) (\d+) ([\d.]+)  # environments (\d+)", text, re.MULTILINE)
    start = np.linalg.norm(ENV.positions, axis=1) < 0.75
    target = np.linalg.norm(ENV.positions - ENV.target, axis=1) < 0.75
    assert start.sum() == target.sum() == 11  # twelve nearest neighbours, one of which is the other end
    i, j = (x[:, start] > 0).sum(1), (x[:, target] > 0).sum(1)
    assert sum(int(count) for *_, count in lines) == len(table)
    for first, second, barrier, count in lines:
        here = (i == int(first)) & (j == int(second))
        assert int(count) == here.sum()
        assert float(barrier) == pytest.approx(max(0, table["barrier_eV"][here].mean()), abs=1e-5)
    assert "not run with SPPARKS" in text


def test_kmcpy_entries() -> None:
    table = kmc_events(network(), ENV, rows(), 300, 1e12)
    content = json.loads(as_kmcpy(table, network()))
    entries = content["tabulated"]["entries"]
    assert len(entries) == 40
    for entry, row, barrier in zip(entries, rows(), table["barrier_eV"], strict=True):
        assert entry["mobile_ion_indices"] == [0, 1]
        assert entry["local_env_indices"] == list(range(2, 28))
        assert entry["occupations"] == [1, -1, *row.tolist()]
        assert entry["properties"]["barrier"] == pytest.approx(1000 * barrier, abs=1e-3)
    assert content["rbfscope"]["tested_with_kmcpy"] is False


def test_without_a_lattice_there_is_no_way_back() -> None:
    table = kmc_events(network(6), None, all_environments(6), 300, 1e12)
    assert len(table) == 64
    assert "barrier_reverse_eV" not in table
    assert as_csv(table, network(6)).count("\n") > 64


@pytest.mark.parametrize(
    ("x", "said"), [(np.ones((3, 25)), r"\(N, 26\)"), (np.zeros((3, 26)), "-1"), (np.ones((0, 26)), r"\(N, 26\)")]
)
def test_bad_rows(x: np.ndarray, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        kmc_events(network(), ENV, x, 300, 1e12)


def test_bad_settings() -> None:
    with pytest.raises(ValueError, match="temperature"):
        kmc_events(network(), ENV, rows(), 0, 1e12)
    with pytest.raises(ValueError, match="2\\^26"):
        all_environments(26)
