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
    assert "not run with it" in text


def test_spparks_counts_after_the_exchange() -> None:
    """app_diffusion.cpp puts the atom on its target, then looks up barrier[ncoord(start) - 1][ncoord(target)]."""
    x = rows(300)
    text = as_spparks(kmc_events(network(), ENV, x, 300, 1e12), ENV, network())
    commands = [line.split("#")[0].split() for line in text.splitlines()]
    commands = [words for words in commands if words]
    assert commands[0][:2] == ["barrier", "hop"]
    assert len(commands[0]) == 3  # all pairs: without it SPPARKS lets unlisted pairs jump without a barrier
    assert all(len(words) == 5 for words in commands[1:])
    listed = {(int(i), int(j)): float(q) for _, _, i, j, q in commands[1:]}
    assert max(max(pair) for pair in listed) < 12  # of 12 neighbours one is the other end
    expected: dict[tuple[int, int], list[float]] = {}
    for row, barrier in zip(x, by_hand(network(), x), strict=True):
        atoms = np.vstack([ENV.positions[row > 0], ENV.target])  # after the exchange
        near = [
            (np.abs(np.linalg.norm(atoms - end, axis=1) - 0.5**0.5) < 1e-6).sum()
            for end in (0 * ENV.target, ENV.target)
        ]
        expected.setdefault((near[0] - 1, near[1]), []).append(barrier)
    assert listed.keys() == expected.keys()
    for pair, found in expected.items():
        assert listed[pair] == pytest.approx(max(0, np.mean(found)), abs=1e-5)
    assert "kT in eV: 0.025852 at 300 K" in text


def test_spparks_says_what_it_sets_to_zero() -> None:
    table = kmc_events(network(), ENV, rows(), 300, 1e12)
    table["barrier_eV"] = -0.25
    lines = as_spparks(table, ENV, network()).splitlines()[-3:]
    assert all(" 0.000000 " in line and line.endswith("mean -0.250000 set to 0") for line in lines)


def test_kmcpy_rules() -> None:
    """What kMCpy 0.3.0's LocalBarrierModel.from_file and BaseModel.from_config ask for, read from its source."""
    table = kmc_events(network(), ENV, rows(), 450, 2e12)
    content = json.loads(as_kmcpy(table, network(), ENV))
    assert content["filetype"] == "kmcpy.model_file"
    assert content["model_type"] == "local_barrier"
    model = content["local_barrier"]
    assert model["probability_mode"] == "barrier_arrhenius"
    assert "default_barrier" not in model
    none, all_, *rules = model["rules"]
    assert [none["pattern"], all_["pattern"]] == [[0, 0], [1, 1]]
    assert none["sites"] == all_["sites"] == "mobile_ion"
    assert len(rules) == 80
    there = zip(rules[:40], rows(), table["barrier_eV"], [[0, 1]] * 40, strict=True)
    back = zip(rules[40:], rows(), table["barrier_reverse_eV"], [[1, 0]] * 40, strict=True)
    for rule, row, barrier, ends in [*there, *back]:
        assert (rule["type"], rule["sites"]) == ("pattern", "canonical")
        assert rule["pattern"] == [*ends, *np.where(row > 0, 0, 1).tolist()]
        assert rule["properties"]["barrier"] == pytest.approx(1000 * barrier, abs=1e-5)
    beside = content["rbfscope"]
    assert beside["tested_with_kmcpy"] == "0.3.0"
    assert beside["runtime"] == {"temperature": 450.0, "attempt_frequency": 2e12}
    assert beside["negative_barriers"] == (table["warning"] == "negative").sum() > 0
    np.testing.assert_allclose(beside["positions"], ENV.positions)


def test_kmcpy_without_a_way_back() -> None:
    content = json.loads(as_kmcpy(kmc_events(network(6), None, all_environments(6), 300, 1e12), network(6)))
    assert len(content["local_barrier"]["rules"]) == 2 + 64
    assert content["rbfscope"]["both_ways"] is False
    assert "positions" not in content["rbfscope"]


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
