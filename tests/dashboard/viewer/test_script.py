"""Which 3Dmol.js: the version py3Dmol was made for, and the address of the local copy."""

import base64
import importlib.metadata
import inspect
import re

import py3Dmol
import pytest

from dashboard.viewer import script
from dashboard.viewer.served import served_path


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
