"""The report on a set of prototypes: complete, and nothing in it points outside."""

import re
from pathlib import Path

import pytest

import rbfcore as rc
from dashboard.cli import main
from dashboard.drawing.style import Drawing
from dashboard.export.report import prototypes_report
from rbfcore.data.bundled import assets_folder
from rbfcore.lattice.of_network import environment_of
from rbfcore.storage.pruning_path import read_pruning_path
from tests.dashboard.tiny import tiny_network

NETWORKS = assets_folder() / "networks"


def links(html: str) -> list[str]:
    """Whatever a browser would fetch or run."""
    named = re.findall(r"""(?:src|href|xlink:href)\s*=\s*["']([^"'#][^"']*)""", html)
    return named + re.findall(r"url\(['\"]?([^#'\")][^)]*)", html) + re.findall(r"<(?:script|link|iframe)\b", html)


def test_it_holds_everything_about_the_bundled_prototypes() -> None:
    network, large = (rc.read_parameters(NETWORKS / f"{name}.safetensors") for name in ("cu110-16", "cu110"))
    curve = read_pruning_path(assets_folder() / "paths" / "cu110.safetensors")
    env = environment_of(network)
    html = prototypes_report("cu110-16", network, env, Drawing("orange-blue", "gauge-free"), large=large, curve=curve)
    assert links(html) == []
    card = network.metadata
    assert f"<dd>{card['rms_gap']:.4f}</dd>" in html
    assert f"<dd>{large.metadata['test_rmse']:.4f}</dd>" in html
    assert f"16: {card['rms_gap']:.4f} eV" in html  # marked on the pruning path
    assert f"<dd>{rc.sobol(network, rc.Bernoulli(0.5)).variance ** 0.5:.4g}</dd>" in html
    for said in (network.fingerprint(), large.fingerprint(), "Run card", "Which sites matter", "site 26", "Gauge-free"):
        assert said in html
    circles = len(re.findall(r"<circle[^>]*fill-opacity", html))
    assert circles >= 16 * 4 * 26  # every site of every prototype from four directions


def test_other_inputs_and_other_p() -> None:
    """A table without a lattice, under inputs that depend on each other: no importance, and the page says so."""
    network = tiny_network(3, 7, distribution="mixture of 2", rms_gap=0.5)
    html = prototypes_report("<b>mine</b>", network, None, Drawing())
    assert "&lt;b&gt;mine" in html
    assert "<b>" not in html
    assert "Which inputs matter" in html
    assert "independent inputs" in html
    assert "<dd>0.5000</dd>" in html
    assert links(html) == []


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.html"
    assert main(["export", str(NETWORKS / "cu111-16.safetensors"), "--to", "report", "-o", str(out)]) == 0
    assert "report on 16 prototypes" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
