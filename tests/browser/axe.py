"""axe-core, the accessibility checker, fetched from npm with a pinned hash; never part of this project (MPL-2.0)."""

import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

from dashboard.commands.fetch_viewer import npm_command
from rbfcore.storage.files import replacing

VERSION = "4.14.1"
SHA512 = (
    "e63e659f9806d7ae5bd40899043b0871a5062c5442b01b3f1a3edf5eaf50bf5c"
    "3a7104a72463293b4ad1b77c661a0d4e40e850dec89de9d6ece70a8c13a9af17"
)
SCRIPT = Path(__file__).parent / "vendor" / f"axe-{VERSION}.min.js"
_MEMBER = "package/axe.min.js"


def axe_script() -> Path:
    """Where the script is, fetched once.

    Raises:
        ValueError: npm cannot fetch it, or it is not the pinned file.
    """
    if SCRIPT.is_file() and _is_pinned(SCRIPT.read_bytes()):
        return SCRIPT
    with tempfile.TemporaryDirectory() as folder:
        command = [*npm_command(), "pack", f"axe-core@{VERSION}", "--silent", "--pack-destination", folder]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise ValueError(f"npm could not fetch axe-core@{VERSION}: {(done.stderr or done.stdout).strip()[-200:]}")
        with tarfile.open(archives[0], "r:gz") as package:
            file = package.extractfile(_MEMBER)
            content = file.read() if file is not None else b""
    if not _is_pinned(content):
        raise ValueError(f"{_MEMBER} of axe-core@{VERSION} is not the pinned file (its SHA-512 differs) and is refused")
    SCRIPT.parent.mkdir(exist_ok=True)
    with replacing(SCRIPT) as temporary:
        temporary.write_bytes(content)
    return SCRIPT


def _is_pinned(content: bytes) -> bool:
    return hashlib.sha512(content).hexdigest() == SHA512


if __name__ == "__main__":
    print(axe_script())
