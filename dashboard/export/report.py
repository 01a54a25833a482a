"""Everything about a set of prototypes as one page that opens anywhere: no script, no request."""

from html import escape
from typing import TYPE_CHECKING

from dashboard.drawing.facts import facts_of
from dashboard.drawing.site_bars import site_bars_html
from dashboard.drawing.style import OPACITY_LABELS, Drawing
from dashboard.figures.path_chart import path_chart_svg
from dashboard.figures.prototype_svg import prototypes_svg
from rbfcore.distributions.recorded import distribution_text
from rbfcore.explain.report_page import card_section, facts_list, importance_sections, page
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import PruningPath

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

_ON_PAPER = '<figure style="margin:.6rem 0;background:#fff;border-radius:6px;overflow:hidden">{}</figure>'
_GAP_MEANS = (
    "The gap is the root mean square of f_K(x) − f_M(x) over all inputs under p(x), in closed form: no sampling. It "
    "speaks of the large network, not of nature; compare it with the test error."
)


def prototypes_report(
    name: str,
    network: Parameters,
    env: Environment | None,
    drawing: Drawing,
    *,
    large: Parameters | None = None,
    explained: "Explanation | None" = None,
    curve: PruningPath | None = None,
) -> str:
    """The report as HTML text.

    Args:
        name: what the prototypes are called.
        network: the prototypes, with their run card.
        drawing: palette and opacity, as on screen.
        large: the network that they summarise, and explained: what is known about it, when they are at hand.
        curve: sets of other sizes, when they are known.
    """
    unit, what = network.card.unit or "", "site" if env is not None else "input"
    title = escape(f"{network.n_centroids} prototypes: {name}")
    drawn = prototypes_svg(network, env, palette=drawing.palette, opacity_name=drawing.opacity, columns=2)
    sections = [
        f"<h1>{title}</h1>",
        _soft(" · ".join(facts_of(network))),
        facts_list(_figures(network, large, unit)),
        _soft(_GAP_MEANS),
        f"<h2>The prototypes</h2>{_ON_PAPER.format(drawn)}",
        f"<h2>Which {what}s matter</h2>",
        _soft(f"{OPACITY_LABELS[drawing.opacity]}: mean over the prototypes, with its standard deviation over them."),
        site_bars_html(network, env, gauge_free=drawing.gauge_free),
    ]
    if curve is not None:
        error = None if large is None else large.card.test_rmse
        picture = path_chart_svg(curve.with_network(network), network.n_centroids, unit, error, text="currentColor")
        sections.append(f"<h2>Gap by number of prototypes</h2>{picture}")
    sections += ["<h2>Importance, as the prototypes say</h2>", *_importance(name, network)]
    if explained is not None:
        sections += ["<h2>Importance, as the large network says</h2>", *importance_sections(explained)]
    sections.append(card_section("Run card", {**network.metadata, "fingerprint": network.fingerprint()}))
    return page(title, sections)


def _figures(network: Parameters, large: Parameters | None, unit: str) -> dict[str, str]:
    card, of = network.card, f" ({unit})" if unit else ""
    figures = {"prototypes M": str(network.n_centroids)}
    if large is not None:
        figures["centroids K"] = str(large.n_centroids)
    gap, variance = card.rms_gap, card.variance
    if gap is not None:
        figures[f"exact RMS gap{of}"] = f"{gap:.4f}"
    if variance is not None:
        figures[f"sd of the network{of}"] = f"{variance**0.5:.4f}"
    if gap is not None and variance is not None and variance > 0:
        figures["variance explained"] = f"{100 * (1 - gap**2 / variance):.1f} %"
    if large is not None and large.card.test_rmse is not None:
        figures[f"test RMSE of the network{of}"] = f"{large.card.test_rmse:.4f}"
    return figures


def _importance(name: str, network: Parameters) -> list[str]:
    from rbfcore.distributions.parsing import parse_distribution
    from rbfcore.explain.report import explanation

    text = distribution_text(network.card)
    if text is None:
        return [_soft("Left out: shares of the variance need a p(x) of independent inputs.")]
    return importance_sections(explanation(network, parse_distribution(text), name))


def _soft(text: str) -> str:
    return f'<p class="soft">{escape(text)}</p>'
