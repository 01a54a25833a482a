"""Our own JavaScript modules and style sheets: served below a folder that is named by their content.

Modules import each other by relative paths, so what a page has loaded first decides the version of all the rest, and no
browser need ever ask again whether a file has changed.
"""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.viewer.served import STATIC_FOLDER, prefix_of

_PATH = "/rbfscope/static"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
# The only two ways in which a module may name a file: `make lint` allows no other.
_IMPORT = re.compile(r'^(?:import .+|\}) from "\./([\w-]+\.js)";$', re.MULTILINE)
_SHEET = re.compile(r'new URL\("\./([\w-]+\.css)", import\.meta\.url\)')
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    # A frame made from text, as py3Dmol's grid, may have no origin of its own.
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class ModuleFile:
    """One script or style sheet as it is sent: its bytes, the same packed by gzip, and its media type."""

    content: bytes
    packed: bytes
    media_type: str


@lru_cache(maxsize=1)
def module_files() -> MappingProxyType[str, ModuleFile]:
    """All scripts and style sheets by their names, read once: what is sent is what the folder's name was made from."""
    files = {}
    for path in sorted(STATIC_FOLDER.iterdir()):
        if path.suffix in _MEDIA_TYPES:
            content = path.read_bytes()
            files[path.name] = ModuleFile(content, gzip.compress(content, 9, mtime=0), _MEDIA_TYPES[path.suffix])
    return MappingProxyType(files)


@lru_cache(maxsize=1)
def modules_version() -> str:
    """12 hex digits of all names and contents."""
    digest = hashlib.sha256()
    for name, file in module_files().items():
        digest.update(name.encode() + b"\0" + file.content + b"\0")
    return digest.hexdigest()[:12]


def modules_folder(base_path: str = "") -> str:
    """The path below which they are served; `base_path` as in Streamlit's option server.baseUrlPath."""
    return f"{prefix_of(base_path)}{_PATH}/{modules_version()}"


@lru_cache(maxsize=16)
def files_of(module: str) -> tuple[str, ...]:
    """A module, all that it imports, directly or not, and their style sheets, itself first.

    Raises:
        KeyError: there is no such file.
    """
    names = [module]
    for name in names:
        text = module_files()[name].content.decode()
        named = _IMPORT.findall(text) + _SHEET.findall(text)
        names += [other for other in dict.fromkeys(named) if other not in names]
    return tuple(names)


def module_paths(module: str, base_path: str = "") -> list[str]:
    """Paths of a module and of all that it loads, itself first."""
    folder = modules_folder(base_path)
    return [f"{folder}/{name}" for name in files_of(module)]


def import_map(module: str) -> dict[str, str]:
    """A module and all that it imports as data: addresses, for a page that opens without a server.

    Inside a data: address `./name.js` means nothing, so there the modules call each other by `inlined_name`.

    Raises:
        ValueError: one of them loads a style sheet.
    """
    addresses = {}
    for name in files_of(module):
        if not name.endswith(".js"):
            raise ValueError(
                f"{module} needs {name}: style sheets cannot be put into a page that opens without a server"
            )
        text = module_files()[name].content.decode().replace(' from "./', f' from "{inlined_name("")}')
        addresses[inlined_name(name)] = "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()
    return addresses


def inlined_name(name: str) -> str:
    """What a module is called in a page that opens without a server."""
    return f"rbfscope/{name}"


def module_routes(base_path: str = "") -> list[Route]:
    """For the server's list of routes; `base_path` as in Streamlit's option server.baseUrlPath."""
    return [Route(f"{prefix_of(base_path)}{_PATH}/{{version}}/{{name}}", _answer)]


async def _answer(request: Request) -> Response:
    asked = request.path_params
    file = module_files().get(asked["name"]) if asked["version"] == modules_version() else None
    if file is None:
        # A browser that asks for another version holds a page from before: its next visit brings the new addresses.
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(file.packed, media_type=file.media_type, headers=_HEADERS | {"Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.media_type, headers=_HEADERS)


def module_loader(module: str, base_path: str = "") -> str:
    """A few lines of JavaScript that hand a component over to a module.

    Component scripts are sent again with every update, so the real ones are served as files, once. Whatever the module
    imports is asked for together with it: one after the other, each file would wait for the one before.
    """
    return f"""const folder = new URL({json.dumps(modules_folder(base_path) + "/")}, document.baseURI).href;
const [loading, ...others] = {json.dumps(files_of(module))}.map((name) => folder + name);
const module = import(loading);
for (const href of others) {{
  const how = href.endsWith(".css") ? {{ rel: "preload", as: "style" }} : {{ rel: "modulepreload" }};
  if (!document.getElementById(href))
    document.head.append(Object.assign(document.createElement("link"), how, {{ id: href, href }}));
}}
export default async function (component) {{
  try {{
    return (await module).default(component);
  }} catch (error) {{
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = "The viewer could not start (" + error.message + "). Open the dashboard with "
      + "`rbfscope`: a page script that Streamlit runs by itself serves no viewer. Then reload this page.";
    component.parentElement.replaceChildren(note);
    return () => {{}};
  }}
}}
"""
