"""The SVG of prototypes: well-formed, complete, in depth order."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from dashboard.figures.prototype_svg import prototypes_svg
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

ENV = environment("fcc", 2)
SVG = "{http://www.w3.org/2000/svg}"


def network(n: int = 3, n_inputs: int = 26, unit: str = "eV") -> Parameters:
    random = np.random.default_rng(0)
    return Parameters.checked(0.0, random.normal(size=n), 0.1, random.normal(size=(n, n_inputs)), {"unit": unit})


def test_every_site_of_every_view_with_its_own_opacity() -> None:
    drawn = ET.fromstring(prototypes_svg(network(), ENV))
    for row, group in enumerate(drawn.iterfind(f".//{SVG}g[@data-prototype]")):
        views = group.findall(f"{SVG}g[@data-view]")
        assert len(views) == len(ENV.viewpoints)
        for view in views:
            sites = {node.get("data-site"): node for node in view.iterfind(f"{SVG}circle[@data-site]")}
            assert len(sites) == 26
            for site in range(26):
                theta = network().centroids[row, site]
                node = sites[str(site + 1)]
                assert float(node.get("fill-opacity")) == pytest.approx(min(abs(theta) / 2, 1), abs=1e-4)
                assert (node.get("stroke-dasharray") is not None) == (theta < 0)


def test_sites_are_painted_back_to_front() -> None:
    drawn = ET.fromstring(prototypes_svg(network(1), ENV))
    for view, viewpoint in zip(drawn.iterfind(f".//{SVG}g[@data-view]"), ENV.viewpoints, strict=True):
        order = [int(node.get("data-site")) - 1 for node in view.iterfind(f"{SVG}circle[@data-site]")]
        depths = (ENV.positions @ viewpoint.rotation()[2])[order]
        assert (np.diff(depths) > -1e-9).all()


def test_text_from_outside_is_escaped() -> None:
    drawn = ET.fromstring(prototypes_svg(network(2, 3, unit="<eV&>"), None, input_names=['a"', "<b>", "c&d"]))
    names = [node.get("data-site") for node in drawn.iterfind(f".//{SVG}rect[@data-site]")]
    assert names[:3] == ['a"', "<b>", "c&d"]
    assert any("<eV&>" in (node.text or "") for node in drawn.iter(f"{SVG}text"))


def test_sixteen_prototypes_are_small_enough_for_a_page() -> None:
    assert len(prototypes_svg(network(16), ENV)) < 500_000


def test_background_can_be_left_out() -> None:
    assert 'width="100%"' in prototypes_svg(network(), ENV)
    assert 'width="100%"' not in prototypes_svg(network(), ENV, background=None)


@pytest.mark.parametrize("changes", [{"columns": 0}, {"view_size": 3}])
def test_impossible_layouts(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="columns must be >= 1"):
        prototypes_svg(network(), ENV, **changes)
