"""The bundled barriers: pinned content, both directions, families, and physics that a wrong reversal would break."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import rbfcore
from rbfcore.barriers.candidates import admissible_families
from rbfcore.data import bundled
from rbfcore.data.bundled import assets_folder, bundled_names, bundled_path
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.lattice.codes import families, site_codes

SHA256 = {
    "cu100": "69efe43668ef53d5b390b37f19d3878e176a77d40285d439d16acd161242c2ad",
    "cu110": "b8630f07d67b48cc70107266912e99b516c1e4675adbb12a7193e3845440ddf5",
    "cu111": "304fd9a214440bb328d93889dbbdec04a6970bbdecd5538b5a90e417b9d900e6",
    "cu100-emt": "3ec2dbece8b0b14eac37c27ca764d11fb13a73f5612ebf0dda61b1c8cf47aa76",
    "cu110-emt": "78f8d5d2a6ecf9fc9e836283c8438c74414081b649aa823c8f1dbacb70e7bbc9",
    "cu111-emt": "74fe593b4c1a4cc957ee90d55251a21dc0d65d8d884811af4f9b849f41865db2",
}
# Environments computed; with a tethered and with a free barrier; mean and sd of the tethered one, both directions.
EXPECTED = {
    "cu100": (142_797, 89_155, 4_913, 0.443, 0.279),
    "cu110": (137_335, 87_051, 1_857, 0.454, 0.273),
    "cu111": (125_769, 76_349, 1_925, 0.482, 0.268),
}
STATUS = {
    "cu100": {0: 89_155, 3: 272, 5: 36_481, 6: 16_889},
    "cu110": {0: 87_051, 3: 609, 5: 35_921, 6: 13_754},
    "cu111": {0: 76_349, 2: 1, 3: 524, 5: 38_654, 6: 10_241},
}
# Sites, numbered from 1, that change places when the jump is looked at from its other end or mirrored.
TURN_BACK = [(1, 6), (2, 4), (3, 5), (7, 11), (8, 12), (13, 17), (14, 18), (19, 21), (20, 22), (23, 24), (25, 26)]
MIRROR_001 = [(7, 13), (8, 14), (9, 15), (10, 16), (11, 17), (12, 18), (23, 25), (24, 26)]
MIRROR_110 = [(2, 3), (4, 5), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16), (17, 18), (19, 20), (21, 22)]
NEAR_START = [1, 2, 3, 7, 8, 9, 10, 13, 14, 15, 16]  # sites next to the start of the jump ...
NEAR_TARGET = [6, 4, 5, 11, 12, 9, 10, 17, 18, 15, 16]  # ... and to its end


def swapped(x: NDArray[np.float32], pairs: list[tuple[int, int]]) -> NDArray[np.float32]:
    result = x.copy()
    for a, b in pairs:
        result[:, a - 1], result[:, b - 1] = x[:, b - 1], x[:, a - 1]
    return result


def all_images(x: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    found = [x]
    for pairs in (MIRROR_001, MIRROR_110, TURN_BACK):
        found += [swapped(image, pairs) for image in found]
    return found


def keys(x: NDArray[np.float32]) -> set[bytes]:
    return {row.tobytes() for row in np.packbits(x > 0, axis=1)}


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def surface(request: pytest.FixtureRequest) -> DataSet:
    return load_dataset(request.param)


def test_bundled_names() -> None:
    assert bundled_names() == ["cu100", "cu110", "cu111", "cu100-emt", "cu110-emt", "cu111-emt"]
    assert set(bundled_names()) == set(SHA256)


@pytest.mark.parametrize("name", SHA256)
def test_files_are_the_pinned_ones(name: str) -> None:
    assert hashlib.sha256(bundled_path(name).read_bytes()).hexdigest() == SHA256[name]


def test_all_files_are_small() -> None:
    assert sum(bundled_path(name).stat().st_size for name in SHA256) < 12e6


@pytest.mark.parametrize("name", EXPECTED)
def test_every_computed_row_is_kept_with_its_status(name: str) -> None:
    with np.load(bundled_path(name), allow_pickle=False) as file:
        status, status_free = file["status"], file["status_free"]
        assert len(file["occupations_packed"]) == len(status) == EXPECTED[name][0]
        assert not (file["occupations_packed"][:, 3] & 0b111111).any()  # 26 of 32 bits are sites
        assert dict(zip(*(a.tolist() for a in np.unique(status, return_counts=True)), strict=True)) == STATUS[name]
        assert int((status_free == 0).sum()) == EXPECTED[name][2]
        for kind in ("tethered", "tethered_pure", "free"):
            good = (status_free if kind == "free" else status) == 0
            for direction in ("barrier_", "reverse_barrier_"):
                assert np.isfinite(file[direction + kind][good]).all()
        assert {"source", "normal", "top_layer", "mismatch", "saddle_position", "sites"} <= set(file.files)
        np.testing.assert_allclose(file["sites"], rbfcore.lattice.environment("fcc", 2).positions)


def test_rows_and_moments(surface: DataSet) -> None:
    _, tethered, _, mean, sd = EXPECTED[surface.name]
    assert surface.x.shape == (2 * tethered, 26)
    assert surface.x.dtype == np.float32
    assert set(np.unique(surface.x)) == {-1.0, 1.0}
    assert surface.y.mean() == pytest.approx(mean, abs=5e-4)
    assert surface.y.std() == pytest.approx(sd, abs=5e-4)
    assert (surface.unit, surface.coding, surface.lattice) == ("eV", "occupation", "fcc26")
    assert surface.site_names == tuple(str(site) for site in range(1, 27))
    assert surface.family is not None
    assert len(np.unique(surface.family)) == tethered


def test_provenance_says_what_the_numbers_are(surface: DataSet) -> None:
    found = surface.provenance
    assert found["potential"] == "Mishin EAM1 for Cu, closed form"
    assert "63, 224106" in found["potential_reference"]
    assert found["surface"] == surface.name.removeprefix("cu")
    assert found["status_codes"]["0"] == "a barrier between two minima"
    assert found["environments"] == EXPECTED[surface.name][0]
    assert found["status_counts"] == {str(code): count for code, count in STATUS[surface.name].items()}
    assert (found["target"], found["directions"]) == ("tethered", "both")
    assert (
        found["tether"] == "1.0 eV/A^2 on all mobile atoms; on the migrating one at the two ends only, and not counted"
    )
    assert found["sha256"] == SHA256[surface.name]
    assert len(found["weak_points"]) == 4


def test_the_closure_search_left_no_neighbour_out() -> None:
    """Whatever differs in one site from an environment with a barrier without a tether is in one of the sets too."""
    known, stable = [], []
    for name in EXPECTED:
        with np.load(bundled_path(name), allow_pickle=False) as file:
            rows = np.unpackbits(file["occupations_packed"], axis=1, count=26)
            known.append(families(site_codes(rows), "fcc26"))
            stable.append(rows[file["status_free"] == 0])
        assert load_dataset(name).provenance["closure"]["closed"]
    free = np.concatenate(stable)
    flips = np.concatenate([free ^ np.eye(26, dtype=np.uint8)[site] for site in range(26)])
    assert np.isin(admissible_families(flips), np.concatenate(known)).all()


def test_the_same_surfaces_with_another_potential() -> None:
    for surface in ("100", "110", "111"):
        data = load_dataset(f"cu{surface}-emt", directions="forward")
        assert len(data) >= 20_000
        assert data.name == f"cu{surface}-emt"
        assert data.provenance["surface"] == surface
        assert "effective medium theory" in data.provenance["potential"]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_other_targets(name: str) -> None:
    pure, free = load_dataset(name, target="tethered_pure"), load_dataset(name, target="free")
    tethered = load_dataset(name)
    np.testing.assert_array_equal(pure.x, tethered.x)
    assert (tethered.y >= 0).all()
    assert 0.04 < (pure.y < 0).mean() < 0.12  # without the energy of the tether some barriers are negative
    assert len(free) == 2 * EXPECTED[name][2]
    assert (free.y >= 0).all()


@pytest.mark.parametrize("name", EXPECTED)
def test_forward_rows_are_the_first_half_and_biased_upwards(name: str) -> None:
    forward, both = load_dataset(name, directions="forward"), load_dataset(name)
    half = len(both) // 2
    assert len(forward) == half
    np.testing.assert_array_equal(forward.x, both.x[:half])
    np.testing.assert_array_equal(forward.y, both.y[:half])
    assert forward.y.mean() > both.y[half:].mean() + 0.1


def test_reverse_rows_are_the_surroundings_seen_from_the_other_end(surface: DataSet) -> None:
    half = len(surface) // 2
    np.testing.assert_array_equal(surface.x[half:], swapped(surface.x[:half], TURN_BACK))
    assert surface.family is not None
    np.testing.assert_array_equal(surface.family[half:], surface.family[:half])


def test_more_neighbours_at_the_target_mean_an_easier_jump(surface: DataSet) -> None:
    """Forward minus reverse barrier is the energy gained, about .22 eV a bond: in both halves with the same sign.

    Reverse rows whose sites were not exchanged would show the opposite sign.
    """
    half = len(surface) // 2
    filled = (surface.x > 0).astype(float)
    gained = filled[:, np.array(NEAR_TARGET) - 1].sum(1) - filled[:, np.array(NEAR_START) - 1].sum(1)
    difference = surface.y[:half] - surface.y[half:]
    for rows, energy in ((slice(0, half), difference), (slice(half, None), -difference)):
        assert np.corrcoef(gained[rows], energy)[0, 1] < -0.93
        assert -0.25 < np.polyfit(gained[rows], energy, 1)[0] < -0.19
        assert np.corrcoef(gained[rows], surface.y[rows])[0, 1] < -0.55


def test_family_is_one_number_for_all_eight_images(surface: DataSet) -> None:
    """Against images made by exchanging columns: the smallest code of the eight, spelled out."""
    place = 2.0 ** np.arange(26)
    codes = np.stack([(image > 0) @ place for image in all_images(surface.x)])
    np.testing.assert_array_equal(surface.family, codes.min(0).astype(np.int64))


@pytest.mark.parametrize("seed", [0, 1])
def test_no_image_of_a_training_row_is_validated_or_tested(surface: DataSet, seed: int) -> None:
    train, validation, test = surface.split(seed=seed)
    held_out = keys(validation.x) | keys(test.x)
    for image in all_images(train.x):
        assert not keys(image) & held_out
    assert not keys(validation.x) & keys(test.x)
    assert len(train) + len(validation) + len(test) == len(surface)


def test_images_fill_the_orbits(surface: DataSet) -> None:
    images = surface.with_images()
    assert keys(images.x) == set().union(*(keys(image) for image in all_images(surface.x)))
    np.testing.assert_array_equal(images.x[: len(surface)], surface.x)
    assert images.family is not None
    assert set(images.family.tolist()) == set(np.asarray(surface.family).tolist())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "energy"}, "unknown target 'energy': barrier sets hold tethered, tethered_pure, free"),
        ({"directions": "backward"}, "unknown directions 'backward': expected both or forward"),
        ({"surface": "100"}, "surface='100' does not apply to an .npz file"),
        ({"lattice": "bcc20"}, "lattice='bcc20' does not apply to a barrier set"),
        ({"limit": 2}, "limit must be at least 3 rows, got 2"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        load_dataset("cu111", **options)


def test_limit_counts_environments() -> None:
    assert len(load_dataset("cu111", limit=10)) == 20
    assert len(load_dataset("cu111", limit=10, directions="forward")) == 10


def test_unknown_names_list_the_bundled_ones() -> None:
    with pytest.raises(ValueError, match="unknown data set 'cu101': expected one of cu100, cu110, cu111, cu100-emt"):
        load_dataset("cu101")
    with pytest.raises(ValueError, match="unknown data set 'cu101': bundled are cu100, cu110, cu111, "):
        bundled_path("cu101")


def test_missing_assets_say_where_they_were_expected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundled, "__file__", str(tmp_path / "rbfcore" / "data" / "bundled.py"))
    with pytest.raises(ValueError, match=r"bundled files are missing: expected .*_assets \(installed\)"):
        assets_folder()


def test_an_installed_package_uses_its_own_assets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundled, "__file__", str(tmp_path / "rbfcore" / "data" / "bundled.py"))
    (tmp_path / "assets" / "data").mkdir(parents=True)
    assert assets_folder() == tmp_path / "assets"
    (tmp_path / "rbfcore" / "_assets" / "data").mkdir(parents=True)
    assert assets_folder() == tmp_path / "rbfcore" / "_assets"
    with pytest.raises(ValueError, match="bundled data set cu100 is missing"):
        bundled_path("cu100")


def test_reading_data_needs_no_torch() -> None:
    code = "import sys, rbfcore; rbfcore.load_dataset('cu100').split(); sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(rbfcore.__file__).parents[1])
