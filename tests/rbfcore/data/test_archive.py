"""The published archive's form: members chosen by surface, streamed, its checksum reported, damage noticed."""

import gzip
import hashlib
import io
import tarfile

import numpy as np
import pytest

from rbfcore.data import archive
from rbfcore.data.load import load_dataset

FOLDER = "Cu_ANN_processed/barriers/Cu_20170906_"
SURFACES = ("100", "110", "111")
N_ROWS = 400


def rows(surface: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(int(surface))
    return rng.integers(0, 2, (N_ROWS, 26)), rng.random(N_ROWS).round(4)


def archived(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def text(surface: str) -> bytes:
    x, y = rows(surface)
    lines = [" ".join([*map(str, row), f"{value:.4f}"]) for row, value in zip(x, y, strict=True)]
    return ("# sites, barrier\n" + "\n".join(lines) + "\n").encode()


PUBLISHED_FORM = archived({"Cu_ANN_processed/README": b"hello", **{f"{FOLDER}{s}.26d": text(s) for s in SURFACES}})


def upload(content: bytes, name: str = "Cu_ANN_processed.tgz") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", ["Cu_ANN_processed.tgz", "renamed.tar.gz", "UPPER.TGZ"])
def test_a_surface_is_read_from_its_member(surface: str, name: str) -> None:
    found = load_dataset(upload(PUBLISHED_FORM, name), surface=surface)
    x, y = rows(surface)
    np.testing.assert_array_equal(found.x, 2 * x - 1)
    np.testing.assert_array_equal(found.y, y)
    assert found.name == f"Cu_20170906_{surface}"
    assert found.provenance["member"] == f"{FOLDER}{surface}.26d"


def test_the_checksum_is_reported() -> None:
    found = load_dataset(upload(PUBLISHED_FORM), surface="100").provenance
    assert found["sha256"] == hashlib.sha256(PUBLISHED_FORM).hexdigest()
    assert found["sha256_published"] == "61aa30bfa00ccc31c951c42b37ecd4b96f788d40b4910d9d5805da80fbf34cba"
    assert found["is_published_archive"] is False
    assert "source" not in found


def test_the_published_archive_is_recognised_by_its_checksum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PUBLISHED_SHA256", hashlib.sha256(PUBLISHED_FORM).hexdigest())
    found = load_dataset(upload(PUBLISHED_FORM), surface="100").provenance
    assert found["is_published_archive"] is True
    assert "arXiv 2004.02569" in found["source"]


def test_a_single_member_needs_no_choice() -> None:
    found = load_dataset(upload(archived({"mine.26d": text("110"), "notes.txt": b"-"})))
    np.testing.assert_array_equal(found.y, rows("110")[1])


def test_limit_reads_the_first_rows() -> None:
    found = load_dataset(upload(PUBLISHED_FORM), surface="110", limit=7)
    np.testing.assert_array_equal(found.y, rows("110")[1][:7])


TAR = gzip.decompress(PUBLISHED_FORM)
DAMAGED = {
    "cut in the member": (PUBLISHED_FORM[: len(PUBLISHED_FORM) // 2], "truncated or damaged archive"),
    "cut after the member": (PUBLISHED_FORM[:-30], "truncated or damaged archive"),
    "cut to the head": (PUBLISHED_FORM[:12], "truncated or damaged archive"),
    "no gzip": (TAR, "truncated or damaged archive .Not a gzipped file"),
    "no tar": (gzip.compress(b"1 0 1\n" * 500), "truncated or damaged archive"),
    "tar cut before compression": (gzip.compress(TAR[:20_000]), "truncated or damaged archive"),
    "a flipped byte": (
        PUBLISHED_FORM[:3000] + bytes([PUBLISHED_FORM[3000] ^ 0xFF]) + PUBLISHED_FORM[3001:],
        "truncated or damaged archive|Cu_20170906_100.26d: line",
    ),
    "no lists": (archived({"notes.txt": b"-"}), r"holds no barrier list for surface '100' .* it holds none"),
    "another surface": (archived({"Cu_211.26d": text("100")}), r"no name ends in _100.26d\); it holds Cu_211.26d"),
    "a bad row": (
        archived({"Cu_100.26d": b"1 0 1 0.5\n" * 3}),
        "Cu_ANN_processed.tgz/Cu_100.26d: line 1 has 4 columns",
    ),
    "a folder": (archived({"Cu_100.26d/": b""}), "holds no barrier list|line|rows"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damage_is_one_clear_line(case: str) -> None:
    content, message = DAMAGED[case]
    with pytest.raises(ValueError, match=message) as caught:
        load_dataset(upload(content), surface="100")
    assert str(caught.value).startswith("Cu_ANN_processed.tgz")
    assert "\n" not in str(caught.value)


def test_several_members_ask_for_a_choice() -> None:
    with pytest.raises(ValueError, match=r"holds 3 barrier lists \(.*_100.26d, .*_111.26d\); choose .* surface='100'"):
        load_dataset(upload(PUBLISHED_FORM))


def test_no_members_is_said() -> None:
    with pytest.raises(ValueError, match=r"holds 0 barrier lists \(none\); expected members ending in .26d"):
        load_dataset(upload(archived({"notes.txt": b"-"})))
