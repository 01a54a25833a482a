"""What dashboard/README.md says about adding something is true: its files, put into a copy of the program, do it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_house import ROOT

HOUSE = (ROOT / "dashboard" / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```python\n# (\S+\.py)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


def _sections() -> dict[str, list[tuple[str, str]]]:
    """Heading -> names and texts of the files that its section adds."""
    parts = re.split(r"^## (.+)$", HOUSE.partition("# Adding to it")[2], flags=re.MULTILINE)[1:]
    found = {heading: _BLOCK.findall(text) for heading, text in zip(parts[::2], parts[1::2], strict=True)}
    return {heading: files for heading, files in found.items() if files}


def test_every_block_is_a_file_that_is_not_there_yet() -> None:
    blocks = re.findall(r"^```python\n.*$", HOUSE, flags=re.MULTILINE)
    named = [name for files in _sections().values() for name, _ in files]
    assert len(named) == len(blocks) >= 5
    assert not [name for name in named if (ROOT / name).exists()]


@pytest.mark.parametrize("heading", _sections())
def test_these_files_are_all_it_takes(heading: str, tmp_path: Path) -> None:
    """The section's own test, and the import rules."""
    for folder in ("rbfcore", "dashboard", "tests"):
        skipped = shutil.ignore_patterns("__pycache__", "vendor", "prepared", "browser", "node_modules")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=skipped)
    for name in ("assets", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name, text in _sections()[heading]:
        assert not (tmp_path / name).exists()
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    tests = [name for name, _ in _sections()[heading] if name.startswith("tests/")]
    assert tests
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "tests/test_house.py"]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
