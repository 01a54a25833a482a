"""Candidates: repeatable, new, supported and labelled; snapshots that cut the right 26 sites out of a crystal."""

import numpy as np
import pytest

from rbfcore.barriers import snapshots
from rbfcore.barriers.candidates import BATCH, SHARES, CandidateStream, layerwise_occupations, occupations_of
from rbfcore.barriers.half_space import SURFACES, half_spaces
from rbfcore.barriers.support import supported
from rbfcore.lattice import environment
from rbfcore.lattice.codes import families, site_codes

SITES = environment("fcc", 2)


@pytest.mark.parametrize("surface", SURFACES)
def test_batches(surface: str) -> None:
    stream, again = CandidateStream(surface, 7), CandidateStream(surface, 7)
    first = stream.draw()
    stream.add(first)
    second = stream.draw()
    np.testing.assert_array_equal(again.draw().codes, first.codes)
    again.add(first)  # as read from a file, not drawn
    repeated = again.draw()
    np.testing.assert_array_equal(repeated.codes, second.codes)
    np.testing.assert_array_equal(repeated.source, second.source)

    codes = np.concatenate([first.codes, second.codes])
    assert len(codes) == len(np.unique(codes)) == 2 * BATCH
    np.testing.assert_array_equal(families(codes, "fcc26"), codes)
    spaces = half_spaces(occupations_of(codes))
    assert set(spaces.surface) == {surface}
    assert supported(occupations_of(codes)).all()
    for source, share in SHARES.items():
        assert (first.source == source).mean() == pytest.approx(share, abs=1e-3)
        # Mixed: also the first stretch has its share (512 rows: standard deviation 0.02).
        assert (first.source[:512] == source).mean() == pytest.approx(share, abs=0.08)


def test_other_seeds_give_other_candidates() -> None:
    one, other = (CandidateStream("100", seed).draw().codes for seed in (0, 1))
    assert len(np.intersect1d(one, other)) < BATCH // 2


def test_bad_settings() -> None:
    with pytest.raises(ValueError, match="unknown surface"):
        CandidateStream("211", 0)
    with pytest.raises(ValueError, match="seed"):
        CandidateStream("100", -1)


def test_codes_and_occupations() -> None:
    occupations = np.random.default_rng(0).integers(2, size=(50, 26), dtype=np.uint8)
    np.testing.assert_array_equal(occupations_of(site_codes(occupations)), occupations)


@pytest.mark.parametrize("surface", SURFACES)
def test_snapshots_see_the_sites_of_the_jump(surface: str) -> None:
    """All distances among the 26 sites, the start and the end are those of the environment, for all twelve jumps."""
    jumps = snapshots._jumps(surface)
    cell = np.array(snapshots._CELLS[surface])[[2, 0, 1]]  # steps count layers, rows, columns
    assert len({tuple(step) for step in jumps.steps}) == 12
    expected = np.concatenate([[np.zeros(3), SITES.target], SITES.positions])
    for step, around in zip(jumps.steps, jumps.sites, strict=True):
        points = np.concatenate([np.zeros((1, 3), dtype=int), step[None], around]) @ cell
        between = [np.linalg.norm(p[:, None] - p, axis=2) for p in (points, expected)]
        np.testing.assert_allclose(*between, atol=1e-12)


def test_snapshots_carry_the_label_of_their_surface_more_often_than_those_of_others() -> None:
    shares = {}
    for surface in SURFACES:
        rng = np.random.default_rng(3)
        found = np.concatenate([snapshots.snapshot_occupations(surface, rng) for _ in range(12)])
        labels = half_spaces(found[supported(found)]).surface
        shares[surface] = {label: (labels == label).mean() for label in SURFACES}
    for label in SURFACES:
        assert max(shares, key=lambda surface: shares[surface][label]) == label


def test_annealing_keeps_a_cold_flat_surface_and_roughens_a_hot_one() -> None:
    steps = snapshots._jumps("100").steps
    flat = (np.arange(snapshots._LAYERS)[:, None, None] <= 8) * np.ones((24, 24))
    cold, hot = flat.astype(np.uint8), flat.astype(np.uint8)
    snapshots._anneal(cold, steps, 50_000, 1 / 0.2, 0.0, 1)
    snapshots._anneal(hot, steps, 50_000, 1 / 1.5, 0.0, 1)
    assert (cold != flat).mean() < 0.002
    assert (hot != flat).mean() > 0.02


@pytest.mark.parametrize("surface", SURFACES)
def test_layerwise_environments_fit_their_surface_better_than_random_ones(surface: str) -> None:
    rng = np.random.default_rng(8)
    layered = half_spaces(layerwise_occupations(surface, 4000, rng), surface).mismatch.mean()
    random = half_spaces(rng.integers(2, size=(4000, 26)), surface).mismatch.mean()
    assert layered < random - 2
