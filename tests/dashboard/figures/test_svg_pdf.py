"""The PDF is vector, with the opacities of the prototypes, and nothing in it is a picture."""

import re

import numpy as np
import pytest

from dashboard.figures.prototype_svg import prototypes_svg
from dashboard.figures.svg_pdf import svg_to_pdf
from rbfcore.explain.prototypes import opacity
from rbfcore.lattice import environment
from tests.dashboard.tiny import tiny_network


def alphas(pdf: bytes) -> set[float]:
    """Filling opacities among the graphics states of the file."""
    return {round(float(value), 4) for value in re.findall(rb"/ca ([\d.]+)", pdf)}


@pytest.mark.parametrize("lattice", [True, False])
def test_vector_with_true_opacity(lattice: bool) -> None:
    network = tiny_network(3)
    pdf = svg_to_pdf(prototypes_svg(network, environment("fcc", 2) if lattice else None))
    assert pdf.startswith(b"%PDF")
    assert b"/Subtype /Image" not in pdf
    wanted = {round(float(value), 4) for value in np.unique(opacity(network.centroids).round(4))}
    assert wanted <= alphas(pdf) | {0.0, 1.0}


def test_size_is_that_of_the_figure() -> None:
    svg = prototypes_svg(tiny_network(3), environment("fcc", 2), columns=1)
    width, height = (float(re.search(rf'{name}="([\d.]+)"', svg)[1]) for name in ("width", "height"))
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", svg_to_pdf(svg))
    assert [float(part) for part in box.groups()] == pytest.approx([0.75 * width, 0.75 * height], abs=0.01)


@pytest.mark.parametrize(
    ("svg", "said"),
    [
        ("nothing", "not an SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><ellipse/></svg>', "ellipse"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="C 1"/></svg>', "path"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g transform="rotate(3)"/></svg>',
            "translations",
        ),
    ],
)
def test_what_it_cannot_draw_is_said(svg: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        svg_to_pdf(svg)
