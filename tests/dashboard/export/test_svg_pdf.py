"""The PDF of a drawing shows what its SVG says: alpha and places by a renderer that is not ours, text, refusals."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dashboard.cli import main
from dashboard.export.svg_pdf import svg_to_pdf
from dashboard.figures.prototype_svg import prototypes_svg
from rbfcore.data.bundled import assets_folder
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">'
BALL = (
    '<defs><radialGradient id="positive" cx="0.5" cy="0.5" r="0.5" fx="0.32" fy="0.3"><stop offset="0" '
    'stop-color="#d1202f"/><stop offset="0.5" stop-color="#d1202f"/><stop offset="1" stop-color="#d1202f"/>'
    "</radialGradient></defs>"
)
poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler's pdftoppm and pdftotext")


def rendered(pdf: bytes, folder: Path, width: int) -> np.ndarray:
    """Pixels (H, W, 3) as poppler paints the page, `width` pixels wide."""
    (folder / "drawing.pdf").write_bytes(pdf)
    scale = ["-scale-to-x", str(width), "-scale-to-y", "-1"]
    done = subprocess.run(
        ["pdftoppm", "-png", "-singlefile", *scale, "drawing.pdf", "page"], cwd=folder, capture_output=True, check=True
    )
    assert done.stderr == b""
    return np.asarray(Image.open(folder / "page.png").convert("RGB"), dtype=float)


@poppler
@pytest.mark.parametrize("fill", ["#d1202f", "url(#positive)"])
def test_alpha_is_real_and_adds_up(fill: str, tmp_path: Path) -> None:
    """Circles of alpha .25, .5 and 1 on white, and two of .5 on top of each other: 0.75."""
    circles = [(25, 0.25), (75, 0.5), (125, 1.0), (175, 0.5), (175, 0.5)]
    shapes = "".join(f'<circle cx="{x}" cy="50" r="20" fill="{fill}" fill-opacity="{a}"/>' for x, a in circles)
    page = rendered(svg_to_pdf(f"{HEAD}{BALL}{shapes}</svg>"), tmp_path, 200)
    colour = np.array([0xD1, 0x20, 0x2F])
    for x, alpha in ((25, 0.25), (75, 0.5), (125, 1.0), (175, 0.75)):
        np.testing.assert_allclose(page[50, x], 255 - alpha * (255 - colour), atol=2.5)
    np.testing.assert_array_equal(page[50, [0, 50, 100, 150]], 255)
    np.testing.assert_array_equal(page[5], 255)


@poppler
def test_paths_groups_and_rectangles_land_where_they_should(tmp_path: Path) -> None:
    drawing = (
        f'{HEAD}<rect width="100%" height="100%" fill="#00ff00"/><g transform="translate(100 0)" fill="#0000ff">'
        '<path d="M10 10 L40 10 l0 30 H10 Z"/><g transform="translate(0 50)"><rect x="10" y="10" width="30" '
        'height="30"/></g></g><path d="M0 90.5 H50" stroke="#ff0000" stroke-width="3" fill="none"/></svg>'
    )
    page = rendered(svg_to_pdf(drawing), tmp_path, 200)
    for x, y, colour in ((125, 25, (0, 0, 255)), (125, 75, (0, 0, 255)), (125, 50, (0, 255, 0)), (25, 90, (255, 0, 0))):
        np.testing.assert_array_equal(page[y, x], colour)
    np.testing.assert_array_equal(page[25, 25], (0, 255, 0))


@poppler
def test_every_site_of_a_prototype_shows_through(tmp_path: Path) -> None:
    """Looking along [0 0 1], nothing hides site 1; its middle has the opacity of its theta."""
    env, shown = environment("fcc", 2), (0.5, 1.0, 1.5)
    theta = np.zeros((3, 26))
    theta[:, 0] = shown
    network = Parameters.checked(0.0, np.ones(3), 0.1, theta, {})
    svg = prototypes_svg(network, env, columns=1, view_size=200)
    svg = re.sub(
        r'<stop offset="([\d.]+)" stop-color="#[0-9a-f]{6}"/>', r'<stop offset="\1" stop-color="#d1202f"/>', svg
    )
    width = float(re.search(r'width="([\d.]+)"', svg)[1])  # type: ignore[index]
    page = rendered(svg_to_pdf(svg), tmp_path, round(width))
    pattern = r'data-view="1" transform="translate\(([\d.]+) ([\d.]+)\)".*?data-site="1" cx="([\d.]+)" cy="([\d.]+)"'
    found = re.findall(pattern, svg, re.DOTALL)
    tops = re.findall(r'<g transform="translate\(([\d.]+) ([\d.]+)\)" data-prototype', svg)
    for value, view, top in zip(shown, found, tops, strict=True):
        x = float(top[0]) + float(view[0]) + float(view[2])
        y = float(top[1]) + float(view[1]) + float(view[3])
        green = page[int(y), int(x), 1]
        assert (255 - green) / (255 - 0x20) == pytest.approx(value / 2, abs=0.03)


@poppler
def test_text_can_be_read_back(tmp_path: Path) -> None:
    text = '<text x="10" y="20" font-size="12">peak −1.5 eV, θ &lt; 0, γ &amp; tanh</text>'
    (tmp_path / "a.pdf").write_bytes(svg_to_pdf(f"{HEAD}{text}</svg>"))
    done = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    assert "peak −1.5 eV, θ < 0, γ & tanh" in done.stdout.decode()


def test_alpha_stands_in_the_file_and_equal_drawings_are_equal_files() -> None:
    drawing = f'{HEAD}{BALL}<circle cx="9" cy="9" r="5" fill="url(#positive)" fill-opacity="0.375"/></svg>'
    pdf = svg_to_pdf(drawing)
    assert pdf == svg_to_pdf(drawing)
    assert pdf.startswith(b"%PDF")
    assert re.search(rb"/ca \.375\b", pdf)
    assert b"/ShadingType 3" in pdf
    assert b"/Image" not in pdf.replace(b"/ImageC", b"").replace(b"/ImageB", b"").replace(b"/ImageI", b"")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ('<ellipse rx="1"/>', "cannot draw <ellipse>"),
        ('<g transform="rotate(3)"/>', "cannot draw the transform"),
        ('<path d="M0 0 C1 1 2 2 3 3"/>', "cannot draw the path"),
        ("<defs><linearGradient/></defs>", "cannot draw <linearGradient>"),
    ],
)
def test_what_it_cannot_draw_is_refused(inside: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        svg_to_pdf(f"{HEAD}{inside}</svg>")


@pytest.mark.parametrize("text", ["", "<svg/>", "no drawing"])
def test_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected an SVG document"):
        svg_to_pdf(text)


def test_the_command_exports_a_pdf(tmp_path: Path) -> None:
    network = assets_folder() / "networks" / "cu100-16.safetensors"
    output = tmp_path / "p.pdf"
    assert main(["export", str(network), "--to", "pdf", "-o", str(output)]) == 0
    assert io.BytesIO(output.read_bytes()).read(5) == b"%PDF-"
    assert output.stat().st_size < 1_000_000
