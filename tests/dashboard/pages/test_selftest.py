"""The self-test tells a healthy installation from a broken one."""

from pathlib import Path

import pytest

from dashboard.app_pages.library import selftest
from dashboard.viewer import script


def test_this_installation_is_healthy_but_perhaps_for_the_script() -> None:
    checks = {check.name: check for check in selftest.self_test()}
    assert {"Versions", "Packages", "3D viewer script", "Bundled files", "Free disk space", "Threads"} == set(checks)
    assert all(check.fine for name, check in checks.items() if name not in ("3D viewer script", "Free disk space"))
    assert "6 data sets" in checks["Bundled files"].detail


def test_a_tampered_script_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tampered = tmp_path / "3Dmol.js"
    tampered.write_bytes(b"x" * script.SIZE)
    for module in (script, selftest):
        monkeypatch.setattr(module, "SCRIPT_PATH", tampered)
    (script_check,) = [check for check in selftest.self_test() if check.name == "3D viewer script"]
    assert not script_check.fine
    assert "not the pinned file" in script_check.detail
