"""Which 3Dmol.js: the version py3Dmol was made for, and the address of the local copy."""

import base64
import importlib.metadata
import inspect
import re

import py3Dmol
import pytest

from dashboard.viewer import script
from dashboard.viewer.served import STATIC_FOLDER, files_of, module_loader, served_path, sources_version


def test_version_is_py3dmols_own_pin() -> None:
    default = inspect.signature(py3Dmol.view.__init__).parameters["js"].default
    assert default == script.CDN_URL
    assert re.search(r"3dmol@([\d.]+)/", default)[1] == script.VERSION
    assert importlib.metadata.version("py3Dmol") == script.VERSION


def test_integrity_is_the_pinned_hash() -> None:
    kind, _, value = script.integrity().partition("-")
    assert kind == "sha512"
    assert base64.b64decode(value).hex() == script.SHA512
    assert script.content_network().url.startswith("https://")


@pytest.mark.parametrize(
    ("base_path", "expected"),
    [("", "/app/static/a.js?v=1"), ("tools/rbf", "/tools/rbf/app/static/a.js?v=1"), ("/x/", "/x/app/static/a.js?v=1")],
)
def test_paths_follow_the_servers_base_path(base_path: str, expected: str) -> None:
    assert served_path("a.js", "1", base_path) == expected


def test_loader_is_small_and_asks_for_all_files_of_the_version() -> None:
    """It is sent with every update of a component."""
    text = module_loader("gallery.js")
    for name in ("gallery.js", "painter.js", "legend.js", "mounting.js", "molecule.js", "viewer.css"):
        assert f"/app/static/{name}?v={sources_version()}" in text
    assert len(text) < 1200


@pytest.mark.parametrize("module", ["gallery", "inspector", "what_if", "importance", "tour", "webgl"])
def test_all_files_of_a_module_are_known(module: str) -> None:
    """Every file that its sources name, and nothing else."""
    files = files_of(module)
    named = {f"{module}.js"}
    for name in files:
        text = (STATIC_FOLDER / name).read_text(encoding="utf-8")
        for other in STATIC_FOLDER.glob("*.*s"):
            if (
                f"./{other.name}" in text
                or f'"{other.name}"' in text
                or f'"{other.stem}"' in "".join(re.findall(r"\n.*\.map\(\(name\) =>", text))
            ):
                named.add(other.name)
    assert set(files) == named
