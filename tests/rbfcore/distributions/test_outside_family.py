"""A family registered from outside the package is parsed, named, pruned under, explained and exported like its own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from dashboard.cli import build_parser, main
from rbfcore.distributions.registry import families, fingerprint_of, forget_family, register_family, usage
from rbfcore.export.snippet import importance_snippet
from rbfcore.pruning.pace import Sizes, pruning_time
from rbfcore.storage.networks import write_parameters
from tests.rbfcore.distributions.triangular import Triangular

TEXT = "triangular:0,1;0.5,2"


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    register_family(Triangular)
    yield
    forget_family(Triangular)


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Midpoints (N, 2) of both inputs and their chances."""
    share = (np.arange(-400, 400) + 0.5) / 400
    weight = (1 - np.abs(share)) / 400
    x = np.stack([part.ravel() for part in np.meshgrid(share, 0.5 + 2 * share, indexing="ij")], 1)
    return x, np.outer(weight, weight).ravel()


def network() -> rc.RBFN:
    draw = np.random.default_rng(3)
    return rc.RBFN.from_parameters(0.1, draw.normal(size=12), 0.6, draw.normal(size=(12, 2)))


def test_text_fingerprint_and_lists_know_it() -> None:
    p = rc.parse_distribution(TEXT)
    assert type(p) is Triangular
    assert p.describe() == TEXT
    assert fingerprint_of("triangular:.0,1.0;.5,2", 2) == p.fingerprint()
    assert families()[-1].label == "Triangular"
    assert "triangular:0,1" in usage("bernoulli:0.5")
    with pytest.raises(ValueError, match="triangular:CENTRE,WIDTH"):
        rc.parse_distribution("beta:1,2")


@pytest.mark.parametrize("method", [None, "adam"])
def test_pruning_under_it_is_exact(method: str | None) -> None:
    large, (x, chance) = network(), grid()
    found = rc.prune(large, rc.parse_distribution(TEXT), 2, restarts=2, method=method, max_iterations=60)
    gap = large.predict(x) - found.network.predict(x)
    assert found.loss == pytest.approx(float(chance @ gap**2), rel=1e-3)
    expected = pruning_time(Sizes(12, 2, 2, 2), method, "triangular")
    assert expected.step > 0


def test_importance_under_it_is_exact_and_its_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    net, p, (x, chance) = network().plain(), rc.parse_distribution(TEXT), grid()
    found = rc.sobol(net, p)
    values = network().predict(x)
    mean = chance @ values
    assert found.mean == pytest.approx(mean, rel=1e-4)
    assert found.variance == pytest.approx(chance @ values**2 - mean**2, rel=1e-3)
    assert rc.shapley_effects(net, p).sum() == pytest.approx(found.variance, rel=1e-9)
    assert rc.shapley_values(net, p, [[0.2, 1.0]]).sum() == pytest.approx(
        float(network().predict([[0.2, 1.0]])[0]) - found.mean, rel=1e-9
    )
    write_parameters(net, tmp_path / "mine.safetensors")
    monkeypatch.chdir(tmp_path)
    exec(importance_snippet("mine", rc.read_parameters("mine.safetensors"), p.describe(), found.variance), {})
    assert f"variance {found.variance:.6f}" in capsys.readouterr().out


def test_the_command_line_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_parameters(network().plain(), tmp_path / "net.safetensors")
    net, out = str(tmp_path / "net.safetensors"), str(tmp_path / "small.safetensors")
    assert main(["prune", net, "-m", "2", "--restarts", "2", "-p", TEXT, "-o", out]) == 0
    assert TEXT in capsys.readouterr().out
    assert rc.read_parameters(out).metadata["distribution"] == TEXT
    assert main(["explain", net, "-p", TEXT, "-o", str(tmp_path / "out.json")]) == 0
    assert main(["prune", net, "-p", "triangular:0,-1", "-o", out]) == 2
    assert "width must be > 0" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        build_parser().parse_args(["prune", "--help"])
    assert "triangular:0,1" in "".join(capsys.readouterr().out.split())
