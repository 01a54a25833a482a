"""An explanation as one self-contained page: inline SVG, no script, light and dark, fit for print."""

import json
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from rbfcore.explain.report import Explanation, strongest_pairs

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --paper: #ffffff; --line: #d8dee4;
  --strong: #b2182b; --middle: #e08214; --weak: #f4c7ad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #30363d;
  --strong: #ef6a6a; --middle: #f0a050; --weak: #7d4a3a; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0.2rem; } h2 { font-size: 1.15rem; margin: 2rem 0 0.3rem; }
p { margin: 0.3rem 0; overflow-wrap: anywhere; } .soft { color: var(--soft); }
svg { display: block; width: 100%; height: auto; }
svg.chart text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg.chart .soft { fill: var(--soft); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.8rem; margin: 1rem 0; }
dt { color: var(--soft); font-size: 0.85rem; } dd { margin: 0; font-size: 1.25rem; }
pre { overflow-x: auto; font-size: 0.8rem; border: 1px solid var(--line); padding: 0.8rem; border-radius: 6px; }
.strong { fill: var(--strong); } .middle { fill: var(--middle); } .weak { fill: var(--weak); }
.key { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin: 0 0.3em 0 0; }
"""
_WIDTH, _LEFT, _RIGHT = 760, 90, 70
_PAIRS_LISTED, _ORDERS_SHOWN = 15, 8


def as_page(explained: Explanation) -> str:
    """The report as HTML text."""
    name = escape(explained.card.network or "a network")
    head = f"<h1>What {name} does with its {explained.kind}s</h1>"
    return page(
        f"Explanation of {name}",
        [head, *importance_sections(explained), card_section("Run card", explained.card.as_dict())],
    )


def page(title: str, sections: Sequence[str]) -> str:
    """A page that needs nothing but itself.

    Args:
        title: as HTML; sections: as HTML, too.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n" + "\n".join(sections) + "\n</body></html>\n"
    )


def facts_list(facts: Mapping[str, str]) -> str:
    """Figures side by side, each under its name."""
    return "<dl>" + "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items()) + "</dl>"


def card_section(title: str, card: Mapping[str, object]) -> str:
    """A run card in full."""
    return f"<h2>{escape(title)}</h2><pre>{escape(json.dumps(card, indent=1))}</pre>"


def importance_sections(explained: Explanation) -> list[str]:
    """Orders, inputs and pairs."""
    kind, indices = explained.kind, explained.indices
    facts = {
        f"mean ({explained.unit})": f"{indices.mean:.4g}",
        f"standard deviation ({explained.unit})": f"{indices.variance**0.5:.4g}",
        f"explained by single {kind}s": _percent(indices.first.sum()),
        "centroids": str(explained.card.centroids),
        f"{kind}s": str(explained.card.inputs),
    }
    order = np.argsort(-explained.shapley, kind="stable")
    by_input = [
        (
            f"{kind} {explained.names[d]}",
            [
                ("strong", float(explained.shapley[d])),
                ("middle", float(indices.first[d])),
                ("weak", float(indices.total[d])),
            ],
        )
        for d in order
    ]
    orders = [
        (_order_name(k), [("strong", float(share))]) for k, share in enumerate(explained.orders[:_ORDERS_SHOWN], 1)
    ]
    rest = float(explained.orders[_ORDERS_SHOWN:].sum())
    if len(explained.orders) > _ORDERS_SHOWN:
        orders.append((f"{_ORDERS_SHOWN + 1} and more", [("strong", rest)]))
    pairs = [(f"{kind}s {a} and {b}", [("strong", share)]) for a, b, share in strongest_pairs(explained, _PAIRS_LISTED)]
    sections = [
        f'<p class="soft">Exact under {escape(explained.under)}: closed forms, no sampling.</p>',
        facts_list(facts),
        f"<h2>Variance by order of interaction</h2>"
        f'<p class="soft">How much of it is a sum over single {kind}s, over pairs, over triples, ...</p>',
        _bars(orders, "Share of the variance by order"),
        f"<h2>Variance by {kind}</h2><p>"
        f"{_key('strong', 'Shapley effect (the number): sums to 100 %')} "
        f"{_key('middle', 'first order: by itself')} {_key('weak', 'total: with its interactions')}</p>",
        _bars(by_input, f"Share of the variance by {kind}"),
    ]
    if pairs:
        sections += [
            '<h2>Pairs that interact most</h2><p class="soft">What two explain together beyond each by itself.</p>',
            _bars(pairs, "Share of the variance by pair"),
        ]
    return sections


def _bars(rows: Sequence[tuple[str, list[tuple[str, float]]]], title: str) -> str:
    """Horizontal bars, a group of thin ones per row; the first value of a row is written out."""
    longest = max((value for _, values in rows for _, value in values), default=0.0) or 1.0
    thin = 12 if all(len(values) == 1 for _, values in rows) else 6
    step = max(thin * len(values) for _, values in rows) + 8
    left = _LEFT + (40 if any(len(label) > 14 for label, _ in rows) else 0)
    scale = (_WIDTH - left - _RIGHT) / longest
    drawn = []
    for number, (label, values) in enumerate(rows):
        top = number * step + 4
        middle = top + thin * len(values) / 2 + 4
        said = ", ".join(_percent(value) for _, value in values)
        bars = "".join(
            f'<rect class="{colour}" x="{left}" y="{top + thin * place}" width="{max(value * scale, 0):.1f}" '
            f'height="{thin - 1}"/>'
            for place, (colour, value) in enumerate(values)
        )
        end = left + max(value for _, value in values) * scale + 6
        drawn.append(
            f'<g><title>{escape(label)}: {said}</title><text x="{left - 8}" y="{middle:.0f}" text-anchor="end">'
            f'{escape(label)}</text>{bars}<text class="soft" x="{end:.1f}" y="{middle:.0f}">'
            f"{_percent(values[0][1])}</text></g>"
        )
    height = len(rows) * step + 8
    head = f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
    return f"{head}{''.join(drawn)}</svg>"


def _key(colour: str, text: str) -> str:
    return f'<span class="soft"><span class="key" style="background: var(--{colour})"></span>{escape(text)}</span>'


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 or share == 0 else f"{100 * share:.1g} %"


def _order_name(order: int) -> str:
    return {1: "single", 2: "pairs", 3: "triples"}.get(order, f"{order}-body")
