"""Pages know a family from its description alone: its fields, preview, expected time, a pruning, and importance."""

from collections.abc import Iterator

import pytest

import rbfcore as rc
from dashboard.runs.jobs import Status, job_registry
from dashboard.shelf.shelf import Shelf
from rbfcore.distributions.registry import forget_family, register_family
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_network, widget
from tests.rbfcore.distributions.triangular import Triangular

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """One family from outside the package, beside those within."""
    register_family(Triangular)
    yield
    forget_family(Triangular)


@pytest.mark.parametrize(
    ("kind", "typed", "text"),
    [
        ("triangular", {"width": "2"}, "triangular:0,2"),
        ("truncated_normal", {"low": "-1", "high": "1.5"}, "truncated_normal:0,1,-1,1.5"),
        ("gaussian_mixture", {"means": "-1, 2"}, "gaussian_mixture:0.5,0.5/-1,2/0.25,0.25"),
    ],
)
def test_chosen_previewed_pruned_and_recorded(
    open_page: OpenPage, shelf: Shelf, kind: str, typed: dict[str, str], text: str
) -> None:
    page = open_page("prune", large=shelf.add_network("large", tiny_network(10, 2)), distribution=kind)
    for field, value in typed.items():
        widget(page, "text_input", field).set_value(value).run()
        assert address(page, f"{kind}_{field}") == value
    assert any(caption.value.startswith("Takes about") for caption in page.caption)
    widget(page, "toggle", "Preview what it assumes").set_value(True).run()
    assert not page.error
    assert len(page.get("plotly_chart")) == 1
    assert any("independent of each other" in caption.value for caption in page.caption)
    widget(page, "number_input", "Prototypes M").set_value(2)
    widget(page, "number_input", "Restarts").set_value(2)
    button(page, "Start pruning").click()
    page.run()
    assert not page.error
    job = job_registry().get(address(page, "run"))
    assert job is not None
    job.join(PATIENCE)
    assert job.view().status is Status.FINISHED, job.view().error
    page.run()
    assert not page.exception
    pruned = shelf.networks()["large-M2"]
    assert pruned.metadata["distribution"] == text
    p = rc.parse_distribution(text)
    gap = rc.pruning_loss(rc.RBFN.from_plain(tiny_network(10, 2)), rc.RBFN.from_plain(pruned), p)
    assert float(gap.detach()) ** 0.5 == pytest.approx(pruned.metadata["rms_gap"], rel=1e-4)


@pytest.mark.parametrize("kind", ["triangular", "truncated_normal"])
def test_importance_is_computed_under_it(open_page: OpenPage, shelf: Shelf, kind: str) -> None:
    page = open_page("importance", explained=shelf.add_network("large", tiny_network(10, 3)), distribution=kind)
    assert any("exact; kept for the next visit" in caption.value for caption in page.caption)
    button(page, "Compute").click()
    page.run()
    assert not page.exception
    assert not page.error
    assert any(f"under p(x) = {kind}:0,1" in text.value for text in page.markdown)
