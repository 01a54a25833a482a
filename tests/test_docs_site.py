"""`make docs` builds: no link leads nowhere, every public name is documented, every formula is drawn."""

import os
import re
import subprocess
import sys
from pathlib import Path

import rbfcore as rc

ROOT = Path(__file__).parents[1]


def test_site_builds_without_a_warning(tmp_path: Path) -> None:
    (ROOT / ".docs").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    reference = (tmp_path / "reference" / "index.html").read_text(encoding="utf-8")
    documented = set(re.findall(r'id="rbfcore\.[\w.]*?(\w+)"', reference))
    assert documented >= set(rc.__all__)
    pages = [page.read_text(encoding="utf-8") for page in tmp_path.rglob("index.html")]
    assert not any('class="arithmatex"' in page for page in pages)  # no formula is left as source
    assert any("<math" in page for page in pages)
