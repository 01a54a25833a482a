"""rbfscope data list | show | convert."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from dashboard.commands import data as command
from rbfcore.data.load import load_dataset


def run(*words: str) -> int:
    parser = argparse.ArgumentParser("rbfscope")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["data", *words])
    return int(args.run(args))


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["cu100", "cu110", "cu111"]
    assert "178,310 rows  0.443 ± 0.279 eV" in lines[0]
    assert run("list", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    rows = {name: row["rows"] for name, row in found.items()}
    assert (rows["cu100"], rows["cu110"], rows["cu111"]) == (178_310, 174_102, 152_698)
    assert rows["cu111-emt"] >= 40_000
    assert "{111}" in found["cu111"]["title"]


def test_show_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "cu111", "--target", "free", "--directions", "forward", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    data = load_dataset("cu111", target="free", directions="forward")
    assert found["rows"] == len(data) == 1_925
    assert found["mean"] == pytest.approx(data.y.mean())
    assert found["provenance"]["target"] == "free"
    assert list(found["per_input"]) == [str(site) for site in range(1, 27)]
    assert found["per_input"]["7"] == pytest.approx(float((data.x[:, 6] > 0).mean()), abs=1e-6)


def test_show_for_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "cu100", "--limit", "50") == 0
    text = capsys.readouterr().out
    for words in (
        "rows: 100",
        "families: 50",
        "share of rows with the site filled",
        "26: ",
        "Mishin EAM1",
        "5: the energy has no maximum",
    ):
        assert words in text


def test_compare_two_potentials(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compare", "cu100", "cu100-emt", "--directions", "forward") == 0
    text = capsys.readouterr().out
    assert "rows in both cu100 (89,155) and cu100-emt (" in text
    assert "cu100-emt minus cu100: +0.0" in text
    with pytest.raises(ValueError, match="no row in common"):
        run("compare", "cu100", "cu110")


@pytest.mark.parametrize("ending", ["csv", "parquet", "npz"])
def test_convert_and_show_a_file(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"out.{ending}"
    assert run("convert", "cu110", str(path), "--limit", "30") == 0
    assert "wrote 60 rows of 26 inputs" in capsys.readouterr().out
    np.testing.assert_array_equal(load_dataset(path).y, load_dataset("cu110", limit=30).y)
    assert run("show", str(path), "--json") == 0
    assert json.loads(capsys.readouterr().out)["lattice"] == "fcc26"
    assert run("convert", str(path), str(tmp_path / "again.csv"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 60


def test_real_columns_show_their_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,3\n2,2,4\n3,5,6\n", encoding="utf-8")
    assert run("show", str(tmp_path / "t.csv"), "--target", "a") == 0
    text = capsys.readouterr().out
    assert "mean of each input" in text
    assert "b: 3" in text


@pytest.mark.parametrize(
    "words", [("show", "cu999"), ("convert", "cu100", "out.xlsx"), ("show", "cu100", "--surface", "100")]
)
def test_mistakes_are_value_errors(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"cu999|its name must end in|does not apply"):
        run(*words)
