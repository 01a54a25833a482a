"""3Dmol.js: which file, where it lies, and how a page may load it."""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.viewer.served import STATIC_FOLDER, served_path

VERSION = "2.5.5"
MEMBER = "package/build/3Dmol-min.js"
LICENSE_MEMBER = "package/LICENSE"
SIZE = 537_792
SHA512 = (
    "ae4da023c158cd26e26670d9f4cef448485e9b26080f041085bd731fd78af248"
    "2532ca7b6ca25dbb9f9a91bfb09534310bd0e2326a0c4cd510d19d10fedaddcb"
)
FETCH_COMMAND = "rbfscope fetch-viewer"
SCRIPT_PATH = STATIC_FOLDER / "vendor" / f"3Dmol-{VERSION}-min.js"
LICENSE_PATH = STATIC_FOLDER / "vendor" / f"3Dmol-{VERSION}-LICENSE"
CDN_URL = f"https://cdn.jsdelivr.net/npm/3dmol@{VERSION}/build/3Dmol-min.js"


@dataclass(frozen=True)
class ScriptSource:
    """Where a page gets 3Dmol.js.

    Attributes:
        url: path on our own server, or the address of the content network.
        integrity: value of the HTML attribute by which the browser refuses any other file.
        local: whether no request leaves the machine.
    """

    url: str
    integrity: str
    local: bool


def viewer_script(base_path: str = "") -> ScriptSource:
    """The local copy when it is there and untouched, else the content network.

    Args:
        base_path: the path under which the dashboard is served (Streamlit's server.baseUrlPath).
    """
    if has_local_script():
        path = f"vendor/{SCRIPT_PATH.name}"
        return ScriptSource(served_path(path, SHA512[:12], base_path), integrity(), local=True)
    return content_network()


def content_network() -> ScriptSource:
    """The public copy, which the browser takes only when it is the pinned file."""
    return ScriptSource(CDN_URL, integrity(), local=False)


def integrity() -> str:
    """The pinned hash as browsers want it."""
    return "sha512-" + base64.b64encode(bytes.fromhex(SHA512)).decode()


def has_local_script() -> bool:
    """Whether the fetched file is there and is the pinned one."""
    try:
        status = SCRIPT_PATH.stat()
    except OSError:
        return False
    return status.st_size == SIZE and _is_pinned(SCRIPT_PATH, status.st_mtime_ns)


def script_text() -> str:
    """3Dmol.js as text, to put into a page that must open without a server.

    Raises:
        ValueError: it has not been fetched.
    """
    if not has_local_script():
        raise ValueError(f"3Dmol.js is not on this machine: run `{FETCH_COMMAND}` once, then try again")
    return SCRIPT_PATH.read_text(encoding="utf-8")


def is_pinned(content: bytes) -> bool:
    """Whether these bytes are the one file we trust."""
    return hashlib.sha512(content).hexdigest() == SHA512


@lru_cache(maxsize=4)
def _is_pinned(path: Path, _changed: int) -> bool:
    return is_pinned(path.read_bytes())
