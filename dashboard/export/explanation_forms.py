"""What was computed about a network, its shares of the variance: a page, all numbers, a table, code, sites."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.export.formats import Form, Need, lattice_needed, register
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation


@dataclass(frozen=True, eq=False)
class ExplainedNetwork:
    """A network with its explanation.

    Attributes:
        name: what files are called.
        network: the one that is explained.
        explanation: see `rbfcore.explain.report.explanation`.
        env: the lattice whose sites the inputs are.
    """

    name: str
    network: Parameters
    explanation: "Explanation"
    env: Environment | None = None


def _page(explained: ExplainedNetwork) -> str:
    from rbfcore.explain.report_page import as_page

    return as_page(explained.explanation)


def _json(explained: ExplainedNetwork) -> str:
    from rbfcore.explain.report import as_json

    return as_json(explained.explanation)


def _csv(explained: ExplainedNetwork) -> str:
    from rbfcore.explain.report import as_csv

    return as_csv(explained.explanation)


def _snippet(explained: ExplainedNetwork) -> str:
    from rbfcore.export.snippet import importance_snippet

    one = explained.explanation
    return importance_snippet(explained.name, explained.network, one.card.distribution or "", one.indices.variance)


def _has_snippet(explained: ExplainedNetwork) -> bool:
    try:
        _snippet(explained)
    except ValueError:  # a p(x) that no short text names
        return False
    return True


def _sites(explained: ExplainedNetwork) -> str:
    """The lattice with every site's shares of the variance."""
    from rbfcore.export.extended_xyz import sites_xyz

    assert explained.env is not None  # a need of the form
    one = explained.explanation
    shares = {"shapley": one.shapley, "first": one.indices.first, "total": one.indices.total}
    facts: dict[str, float | str] = {"mean": one.indices.mean, "variance": one.indices.variance}
    facts |= {"distribution": one.under, "fingerprint": one.card.fingerprint or ""}
    return sites_xyz(explained.env, shares, facts)


SHORT_CODE = Need[ExplainedNetwork](
    "a p(x) that a short text names", _has_snippet, "There is no short code for this p(x).", hides=False
)

register(
    Form(
        name="html",
        subject=ExplainedNetwork,
        label="Report",
        ending=".html",
        suffix="-importance",
        meaning="all about the inputs as one page",
        write=_page,
        rare=False,
    ),
    Form(
        name="json",
        subject=ExplainedNetwork,
        label="Numbers",
        ending=".json",
        suffix="-importance",
        meaning="all numbers and the run card",
        write=_json,
        rare=False,
    ),
    Form(
        name="csv",
        subject=ExplainedNetwork,
        label="Table",
        ending=".csv",
        suffix="-importance",
        meaning="shares of the variance as a table, one line per input",
        write=_csv,
        rare=False,
    ),
    Form(
        name="snippet",
        subject=ExplainedNetwork,
        label="Python code",
        ending=".py",
        suffix="-importance",
        meaning="code that finds the same numbers",
        write=_snippet,
        needs=(SHORT_CODE,),
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="xyz",
        subject=ExplainedNetwork,
        label="Sites",
        ending=".xyz",
        suffix="-importance",
        meaning="the lattice with each site's shares",
        write=_sites,
        needs=(lattice_needed("shares on sites need", "write csv or json"),),
        rare=False,
        on_command_line=False,
    ),
)
