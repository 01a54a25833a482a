"""Groups of sites as the paper lists them, layers against a plain analysis of variance, statements of known truth."""

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.lattice import environment
from rbfcore.lattice.groups import layer_share, layer_share_by_chance, shells_by_side, site_groups
from rbfcore.studies.committee import Committee, calibrations, member_rows
from rbfcore.studies.explanations import Explanations, best_split, prototypes_of
from rbfcore.studies.models import parse_model
from rbfcore.studies.runner import finished_cells, run_cells
from rbfcore.studies.statements import MEASURES, group_means, report, statements, text
from rbfcore.studies.surfaces import Rows

ENV = environment("fcc", 2)


def numbers(first: int, last: int) -> list[int]:
    """Sites first ... last as on screen, 0-based."""
    return list(range(first - 1, last))


@pytest.mark.parametrize(
    ("surface", "own", "other"),
    [("100", numbers(19, 22), numbers(23, 26)), ("110", numbers(23, 26), numbers(19, 22))],
)
def test_groups_are_those_of_the_paper(surface: str, own: list[int], other: list[int]) -> None:
    found = {name: sites.tolist() for name, sites in site_groups(ENV, surface).items()}
    assert found == {"1nn": numbers(1, 18), "2nn own layer": own, "2nn other layers": other}


def test_no_second_neighbour_lies_in_its_layer_on_111() -> None:
    found = {name: sites.tolist() for name, sites in site_groups(ENV, "111").items()}
    assert found == {"1nn": numbers(1, 18), "2nn other layers": numbers(19, 26)}


def test_groups_of_other_environments_are_refused() -> None:
    with pytest.raises(ValueError, match="no layers of surface '211'"):
        site_groups(ENV, "211")
    with pytest.raises(ValueError, match="two shells, got 3"):
        site_groups(environment("fcc", 3), "100")


def test_shells_are_told_apart_by_side_of_the_layer() -> None:
    """{100}: the jump's plane is z = 0; 7 to 12 and 23, 24 lie above it."""
    found = {(shell, side): sites.tolist() for shell, side, sites in shells_by_side(ENV, "100")}
    assert found == {
        (1, 0): numbers(1, 6), (1, 1): numbers(7, 12), (1, -1): numbers(13, 18),
        (2, 0): numbers(19, 22), (2, 1): numbers(23, 24), (2, -1): numbers(25, 26),
    }  # fmt: skip
    assert [(shell, side) for shell, side, _ in shells_by_side(ENV, None)] == [(1, 0), (2, 0)]


def test_share_of_layers_and_its_mean_over_all_orders() -> None:
    values, layer = np.array([0.3, -1.2, 0.7, 2.0, 0.1]), np.array([0, 0, 1, 1, 2])
    between = sum(len(v) * (v.mean() - values.mean()) ** 2 for v in (values[:2], values[2:4], values[4:]))
    expected = between / ((values - values.mean()) ** 2).sum()
    np.testing.assert_allclose(layer_share(np.stack([values, np.ones(5), layer]), layer), [expected, 0, 1])
    orders = layer_share(np.array(list(permutations(values))), layer)
    assert orders.mean() == pytest.approx(layer_share_by_chance(layer), rel=1e-12)


def outcome(surface: str, sizes: dict[str, float], shift: float = 0.0) -> dict[str, Any]:
    """A cell whose sites have the value of their group in every measure, and prototypes of whole layers."""
    sites = np.zeros(26)
    for name, members in site_groups(ENV, surface).items():
        sites[members] = sizes[name] + shift
    layered = np.where(ENV.layer[surface] > 0, 1.0, -1.0)[None].repeat(2, 0).tolist()
    return {
        "opacity": {"mean": sites.tolist()},
        "opacity_gauge_free": {"mean": sites.tolist()},
        "sobol_total": sites.tolist(),
        "shapley": sites.tolist(),
        "interaction_orders": [0.7, 0.3],
        "prototypes": {"centroids": layered},
    }


PAPER = {"1nn": 0.5, "2nn other layers": 0.3, "2nn own layer": 0.1}


def test_data_made_to_agree_agree_and_the_opposite_disagree() -> None:
    agree = {s: [outcome(s, PAPER, e) for e in (0.0, 0.01, 0.02)] for s in ("100", "110", "111")}
    assert {one.verdict for one in statements(agree)} == {"agrees"}
    turned = {name: 0.6 - value for name, value in PAPER.items()}
    found = statements({"100": [outcome("100", turned, e) for e in (0.0, 0.01, 0.02)]})
    assert {one.verdict for one in found if "matter" in one.text} == {"disagrees"}
    (layers,) = [one for one in found if "layers parallel" in one.text]
    assert layers.verdict == "agrees"
    means = group_means(agree["100"], "100", "opacity")
    assert means["2nn own layer"].value == pytest.approx(0.11)
    assert means["2nn own layer"].error == pytest.approx(0.01 / np.sqrt(3))
    assert "| {111} | opacity | 0.510 ± 0.006 | - | 0.310 ± 0.006 |" in text(agree)
    assert set(report(agree)["groups"]["111"]) == set(MEASURES)


def test_noise_is_undecided_and_one_network_says_so() -> None:
    even = {"1nn": 0.3, "2nn other layers": 0.3, "2nn own layer": 0.3}
    noisy = [outcome("100", even | {"1nn": 0.3 + e}) for e in (0.1, -0.1, 0.05, -0.04)]
    found = {one.measure: one.verdict for one in statements({"100": noisy}) if one.text.startswith("1nn")}
    assert set(found.values()) == {"undecided"}
    (first, *_) = statements({"100": [outcome("100", PAPER)]})
    assert first.verdict == "agrees (one network)"
    assert first.difference.error is None
    # two networks can agree by chance: twice the standard error is not enough for them
    (pair, *_) = statements({"100": [outcome("100", even | {"1nn": 0.3 + e}) for e in (0.1, 0.04)]})
    assert pair.difference.value / pair.difference.error == pytest.approx(7 / 3)  # type: ignore[operator]
    assert pair.verdict == "undecided"


def test_explained_networks_are_explained_exactly(tmp_path: Path) -> None:
    study = Explanations(
        parse_model("rbfn-16-fast-tied"), ("100",), 2, Rows(limit=200), 3, n_prototypes=3, restarts=2, path=(1, 2)
    )
    for _ in run_cells(study.cells(), tmp_path):
        pass
    cells = [one.outcome for one in finished_cells(study.cells(), tmp_path)]
    large = rc.load_network(tmp_path / cells[0]["network"]["file"])
    sampled = large.predict(np.random.default_rng(0).choice([-1.0, 1.0], size=(100_000, 26)))
    assert cells[0]["variance"] == pytest.approx(float(sampled.astype(np.float64).var()), rel=0.03)
    assert sum(cells[0]["shapley"]) == pytest.approx(1)
    pruned = rc.RBFN.from_plain(prototypes_of(cells[0]))
    gap = float(rc.pruning_loss(large, pruned, rc.Bernoulli(0.5)).detach()) ** 0.5
    assert gap == pytest.approx(cells[0]["prototypes"]["rms_gap"], rel=1e-6)
    assert [point["n_prototypes"] for point in cells[0]["path"]] == [1, 2]
    assert cells[0]["opacity"]["mean"] == pytest.approx(rc.site_opacity(pruned).mean.tolist())
    chosen = best_split(cells)
    assert cells[chosen]["network"]["validation_rmse"] == min(c["network"]["validation_rmse"] for c in cells)
    with pytest.raises(ValueError, match="only networks of one surface"):
        Explanations(parse_model("ridge"))


def test_committee_members_share_test_rows_that_none_has_seen(tmp_path: Path) -> None:
    rows = Rows(limit=200)
    parts = [member_rows(rows, "100", member) for member in range(3)]
    first = parts[0][2]
    for train, validation, test in parts:
        np.testing.assert_array_equal(test.x, first.x)
        assert len(train) + len(validation) + len(test) == 400
        for one, other in ((train, test), (validation, test), (train, validation)):
            assert one.family is not None
            assert other.family is not None
            assert not np.isin(one.family, other.family).any()
    assert not np.array_equal(parts[0][0].x, parts[1][0].x)
    study = Committee(parse_model("ridge"), ("100",), 3, rows)
    for _ in run_cells(study.cells(), tmp_path):
        pass
    found = calibrations(finished_cells(study.cells(), tmp_path))["100"]
    predictions = [rc.ridge(train, test, validation).predict(test.x) for train, validation, test in parts]
    assert found.mean_rmse == pytest.approx(np.sqrt(np.mean((np.mean(predictions, 0) - first.y) ** 2)), rel=1e-4)
    assert found.members == 3
