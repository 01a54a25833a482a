"""The wheel alone is enough: built, installed into an empty environment, used from a foreign directory."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PROBE = """
import json, sys
import rbfcore as rc
from dashboard import cli
from pathlib import Path
from rbfcore.data.bundled import assets_folder

data = rc.load_dataset("cu100")
pruned = rc.read_parameters(assets_folder() / "networks" / "cu100-16.safetensors")
app = Path(cli.__file__).parent
print(json.dumps({
    "home": rc.__file__,
    "typed": (Path(rc.__file__).parent / "py.typed").is_file(),
    "rows": len(data),
    "prototypes": pruned.n_centroids,
    "app": [(app / name).is_file() for name in ("app.py", "page_script.py", ".streamlit/config.toml")],
    "scripts": len(list((app / "static").glob("*.js"))),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel; third-party packages are borrowed from the running one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("rbfscope-*.whl")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # A path file is not followed for further path files, so the checkout's own editable install stays out of reach.
    (site,) = (environment / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return environment


def test_installed_wheel_opens_its_data_anywhere(installed: Path, tmp_path: Path) -> None:
    import json

    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = [str(installed / "bin" / "python"), "-c", PROBE]
    printed = subprocess.run(run, cwd=tmp_path, env=clean, check=True, capture_output=True, text=True).stdout
    found = json.loads(printed)
    assert Path(found["home"]).is_relative_to(installed)
    assert found["typed"], "type checkers of users read py.typed"
    assert found["rows"] == 2 * 89_155
    assert found["prototypes"] == 16
    assert found["app"] == [True] * 3
    assert found["scripts"] >= 2


def test_installed_command_runs(installed: Path, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = [str(installed / "bin" / "rbfscope"), "data", "list"]
    result = subprocess.run(run, cwd=tmp_path, env=clean, check=True, capture_output=True, text=True)
    assert "cu110" in result.stdout
