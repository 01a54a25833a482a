"""Every code block of the guide and the README does what it says, in the order in which a reader meets it."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.cli import main
from tests.servers import free_port, until_healthy

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"  # `test_readme.py` runs its Python, and checks the figures
DOCUMENTS = [README, *sorted((ROOT / "assets" / "guide").glob("*.md"))]
SHOWN_ONLY = {"text"}  # output, or the configuration of another program


def blocks(document: Path) -> Iterator[tuple[str, str]]:
    """Language and content of each fenced block, also of one that is indented in a list."""
    text = document.read_text(encoding="utf-8")
    for indent, language, content in re.findall(r"^( *)```(\S*)\n(.*?)^\1```$", text, flags=re.DOTALL | re.MULTILINE):
        yield language, re.sub(f"^{indent}", "", content, flags=re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_code_blocks_run(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    ran = 0
    for language, content in blocks(document):
        if language == "python":
            if document != README:
                exec(compile(content, f"{document.name}: python block {ran + 1}", "exec"), names)
        elif language == "sh":
            for line in content.splitlines():
                run_line(line.partition("  #")[0])
        elif language == "json":
            json.loads(content)
        else:
            assert language in SHOWN_ONLY, f"{document.name}: a block of {language!r}: expected python, sh or json"
        ran += 1
    assert ran


def run_line(line: str) -> None:
    """One line of a shell block: our command in this process, a server until it answers, a target of make on paper."""
    words = shlex.split(line)
    if not words:
        return
    if words[0] == "make":
        subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return
    if words[0] == "mkdir":
        Path(words[1]).mkdir()
        return
    assert words[0] == "rbfscope", f"{line!r}: only rbfscope, make and mkdir are run here"
    if words[1:2] in ([], ["app"]):
        until_served(words[1:])
    else:
        assert main(words[1:]) == 0, line


def until_served(arguments: list[str]) -> None:
    """The server of the documents starts and answers; on a free port, as the one they name may be taken."""
    port = free_port()
    given = ["app", *arguments[1:]]
    if "--port" in given:
        place = given.index("--port")
        del given[place : place + 2]
    server = subprocess.Popen([sys.executable, "-m", "dashboard.cli", *given, "--port", str(port)], cwd=ROOT)
    try:
        until_healthy(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(30)
