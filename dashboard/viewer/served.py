"""How the viewer's own files reach the browser: served from dashboard/static, named by content."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

STATIC_FOLDER = Path(__file__).resolve().parents[1] / "static"
_SOURCES = ("*.js", "*.css")


@lru_cache(maxsize=1)
def sources_version() -> str:
    """12 hex digits of all scripts and styles of the viewer: no browser cache answers for a new version."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(STATIC_FOLDER.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def served_path(name: str, version: str, base_path: str = "") -> str:
    """The path on our own server under which a file of the static folder is served."""
    return f"{prefix_of(base_path)}/app/static/{name}?v={version}"


def prefix_of(base_path: str) -> str:
    """What all paths on our own server begin with: nothing, or a slash and Streamlit's option server.baseUrlPath."""
    base = base_path.strip("/")
    return f"/{base}" if base else ""


@lru_cache(maxsize=16)
def files_of(module: str) -> tuple[str, ...]:
    """A module of the static folder, all that it imports, directly or not, and their style sheets."""
    found = [f"{module}.js"]
    for file in found:
        text = (STATIC_FOLDER / file).read_text(encoding="utf-8")
        named = [f"{name}.js" for name in re.findall(r"import\(`\./(\w+)\.js", text)]
        for several in re.findall(r"\[([^\[\]]*)\]\.map\(\(name\) => import\(", text):
            named += [f"{name}.js" for name in re.findall(r'"(\w+)"', several)]
        named += re.findall(r'"(\w+\.css)"', text)
        found += [name for name in dict.fromkeys(named) if name not in found]
    return tuple(found)


def served_paths(module: str, base_path: str = "") -> list[str]:
    """Paths of a module and of all that it loads, itself first."""
    return [served_path(name, sources_version(), base_path) for name in files_of(module.removesuffix(".js"))]


def module_loader(module: str, base_path: str = "") -> str:
    """A few lines of JavaScript that hand a component over to a module of the static folder.

    Component scripts are sent again with every update, so the real ones are served as files, once. Whatever the module
    imports is asked for together with it: one after the other, each file would wait for the one before.
    """
    paths = json.dumps(served_paths(module, base_path))
    return f"""const files = {paths}.map((path) => new URL(path, document.baseURI).href);
const loading = import(files[0]);
for (const href of files.slice(1)) {{
  const how = href.includes(".css?") ? {{ rel: "preload", as: "style" }} : {{ rel: "modulepreload" }};
  if (!document.getElementById(href))
    document.head.append(Object.assign(document.createElement("link"), how, {{ id: href, href }}));
}}
export default async function (component) {{
  try {{
    return (await loading).default(component);
  }} catch (error) {{
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = "The viewer could not start (" + error.message + "). Open the dashboard with "
      + "`rbfscope`, or start Streamlit with --server.enableStaticServing=true, and reload this page.";
    component.parentElement.replaceChildren(note);
    return () => {{}};
  }}
}}
"""
