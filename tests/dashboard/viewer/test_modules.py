"""Our scripts on their way to the browser: under the hash of their content, whole, and nothing else beside them."""

import base64
import gzip
import hashlib
import re

import pytest

from dashboard.viewer.modules import (
    files_of,
    import_map,
    module_files,
    module_loader,
    module_paths,
    module_routes,
    modules_folder,
    modules_version,
)
from dashboard.viewer.served import STATIC_FOLDER
from tests.dashboard.asking import ask

STARTS = ("first_view", "gallery", "inspector", "what_if", "importance", "tour", "webgl", "standalone", "grid")


@pytest.mark.parametrize("base_path", ["", "atoms", "/lab/atoms/"])
@pytest.mark.parametrize(("name", "media_type"), [("gallery.js", "text/javascript"), ("viewer.css", "text/css")])
def test_a_file_is_sent_as_it_is_and_kept_for_ever(base_path: str, name: str, media_type: str) -> None:
    base = base_path.strip("/")
    address = f"{modules_folder(base_path)}/{name}"
    assert address.startswith(f"/{base}/rbfscope/static/" if base else "/rbfscope/static/")
    content = (STATIC_FOLDER / name).read_bytes()
    status, headers, body = ask(module_routes(base_path), address)
    assert (status, body) == (200, content)
    assert headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "immutable" in headers["cache-control"]
    assert "content-encoding" not in headers
    status, headers, packed = ask(module_routes(base_path), address, {"Accept-Encoding": "gzip, deflate, br"})
    assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
    assert int(headers["content-length"]) == len(packed) < len(content) / 2
    assert gzip.decompress(packed) == content


@pytest.mark.parametrize(
    "address",
    [
        "/rbfscope/static/000000000000/gallery.js",  # an older version
        f"{modules_folder()}/none.js",
        f"{modules_folder()}/standalone.html",
        f"{modules_folder()}/../gallery.js",
        f"{modules_folder()}/..%2F..%2Fapp.py",
        f"{modules_folder()}/../../../app.py",
        f"{modules_folder()}/vendor/3Dmol-2.5.5-min.js",
        f"{modules_folder()}/",
    ],
)
def test_nothing_else_is_sent(address: str) -> None:
    status, headers, body = ask(module_routes(), address)
    assert (status, body) in ((404, b""), (404, b"Not Found"))
    assert "immutable" not in headers.get("cache-control", "")


def test_the_folder_is_named_by_the_content() -> None:
    """Any changed name or byte is another folder."""
    digest = hashlib.sha256()
    for path in sorted([*STATIC_FOLDER.glob("*.js"), *STATIC_FOLDER.glob("*.css")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    assert modules_version() == digest.hexdigest()[:12]
    assert re.fullmatch(r"/rbfscope/static/[0-9a-f]{12}", modules_folder())


def test_loader_is_small_and_asks_for_all_files_of_the_version() -> None:
    """It is sent with every update of a component."""
    text = module_loader("gallery.js")
    assert f'"{modules_folder()}/"' in text
    for name in ("gallery.js", "painter.js", "legend.js", "mounting.js", "viewer.css"):
        assert f'"{name}"' in text
        assert f"{modules_folder()}/{name}" in module_paths("gallery.js")
    assert len(text) < 1200


@pytest.mark.parametrize("module", STARTS)
def test_all_files_of_a_module_are_known(module: str) -> None:
    """Every file that its sources name, and nothing else."""
    files = files_of(f"{module}.js")
    named = {f"{module}.js"}
    for name in files:
        text = (STATIC_FOLDER / name).read_text(encoding="utf-8")
        named |= {other.name for other in STATIC_FOLDER.glob("*.*s") if f'"./{other.name}"' in text}
    assert set(files) == named
    assert len(files) == len(named)


def test_every_script_is_part_of_something() -> None:
    """And none but the style sheets and what is started by Python is left out."""
    used = {name for module in STARTS for name in files_of(f"{module}.js")}
    assert used == set(module_files())


def test_a_page_without_a_server_holds_all_that_its_modules_import() -> None:
    """Each under a name that means the same in every module; for the rest the texts are those of the folder."""
    addresses = import_map("standalone.js")
    assert set(addresses) == {f"rbfscope/{name}" for name in files_of("standalone.js")}
    for name, address in addresses.items():
        kind, _, content = address.partition(",")
        assert kind == "data:text/javascript;base64"
        text = base64.b64decode(content).decode()
        assert set(re.findall(r'from "([^"]*)"', text)) <= set(addresses)
        own = (STATIC_FOLDER / name.removeprefix("rbfscope/")).read_text(encoding="utf-8")
        assert text.replace('from "rbfscope/', 'from "./') == own


def test_style_sheets_have_no_place_in_such_a_page() -> None:
    with pytest.raises(ValueError, match=r"viewer\.css"):
        import_map("gallery.js")
