"""The example of the README does what the README says."""

import re
from pathlib import Path

import pytest

from rbfcore.storage.networks import read_parameters

README = Path(__file__).parents[1] / "README.md"


def test_library_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(example.strip().splitlines()) <= 10
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    error, gap = map(float, re.findall(r"(0\.\d+) eV", capsys.readouterr().out))
    assert error < 0.08
    assert gap < 0.12
    assert read_parameters(tmp_path / "pruned.safetensors").n_centroids == 16


def test_every_linked_file_exists() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (README.parent / link).is_file(), link
