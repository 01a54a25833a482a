"""The shape of the house: public names, lazy loading, and which room may know which."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import rbfcore as rc

ROOT = Path(__file__).parents[1]
SCREEN = {"streamlit", "plotly", "py3Dmol", "dashboard"}


def test_every_public_name_exists_and_is_declared() -> None:
    """__all__ is what __getattr__ serves and what a type checker sees."""
    for name in rc.__all__:
        assert getattr(rc, name) is not None
    source = (ROOT / "rbfcore" / "__init__.py").read_text(encoding="utf-8")
    declared = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rbfcore")
        for alias in node.names
    }
    assert declared == set(rc.__all__)


def test_core_never_imports_the_screen() -> None:
    for path in (ROOT / "rbfcore").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & SCREEN, path


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after the code."""
    program = f"{code}\nimport sys\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(run.stdout.split())


def test_importing_the_core_loads_no_screen_and_no_torch() -> None:
    loaded = loaded_after("import rbfcore")
    assert not loaded & (SCREEN | {"torch", "pandas"})


def test_prototypes_are_read_without_torch() -> None:
    code = (
        "import rbfcore as rc; from rbfcore.data.bundled import assets_folder; "
        "rc.prototypes(rc.read_parameters(assets_folder() / 'networks' / 'cu100-16.safetensors')); "
        "rc.lattice.environment()"
    )
    assert not loaded_after(code) & (SCREEN | {"torch"})


def test_linters_of_the_scripts_come_from_wherever_npm_is_told() -> None:
    """The lock file pins versions and hashes, not a registry; nothing that a user runs is in it."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    own = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert own["private"]
    assert "dependencies" not in own
    assert packages.pop("")["devDependencies"] == own["devDependencies"]
    assert all(package["integrity"].startswith("sha512-") and package["dev"] for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_citation_and_package_are_of_one_version() -> None:
    cited, packaged = (
        re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
        for pattern, name in ((r"^version: (\S+)$", "CITATION.cff"), (r'^version = "(\S+)"$', "pyproject.toml"))
    )
    assert cited is not None
    assert packaged is not None
    assert cited[1] == packaged[1]
