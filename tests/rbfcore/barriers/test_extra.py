"""Every way to computed barriers says what to install when a library of the extra is missing."""

import subprocess
import sys

import pytest

# Python takes None in sys.modules for a module that is not there.
_CODE = """
import sys
sys.modules[{missing!r}] = None
{action}
"""
_COMMAND = "from dashboard.cli import main; raise SystemExit(main({words!r}))"
_LIBRARY = "import rbfcore as rc\ntry: rc.barriers.generate\nexcept ValueError as error: sys.exit(str(error))"


@pytest.mark.parametrize(
    ("missing", "action"),
    [
        ("numba", _COMMAND.format(words=["barriers", "validate", "--quick"])),
        ("ase", _COMMAND.format(words=["barriers", "validate", "--environments", "1"])),
        ("numba", _COMMAND.format(words=["barriers", "generate", "100", "-n", "1", "-o", "never.npz"])),
        ("numba", _COMMAND.format(words=["barriers", "closure", "never.npz", "-o", "never"])),
        ("numba", _LIBRARY),
    ],
)
def test_a_missing_library_is_named_in_one_line(missing: str, action: str) -> None:
    code = _CODE.format(missing=missing, action=action)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == (1 if action == _LIBRARY else 2)
    assert f"needs the library {missing}" in ended.stderr
    assert "pip install 'rbfscope[barriers]'" in ended.stderr
    assert "Traceback" not in ended.stderr
