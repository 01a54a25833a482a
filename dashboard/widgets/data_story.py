"""The story of a data set: what its rows are, how they spread, which of them are copies of each other."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard.figures.data_svg import filling_html, response_html
from dashboard.widgets.theme import is_dark

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet


def data_story(data: "DataSet") -> None:
    """Origin, copies and images in words, then the responses and the filling of the sites as charts."""
    if origin(data):
        st.caption(origin(data))
    st.markdown(copies(data, summary_of(data.fingerprint(), data)))
    status = data.provenance.get("status_counts")
    if status:
        st.caption(_computed(status, data.provenance.get("status_codes", {})))
    left, right = st.columns(2)
    left.html(response_html(data.y, data.unit, dark=is_dark()))
    top = f"{data.y.max():.3f} {data.unit}".rstrip()
    left.caption(f"Responses: mean {data.y.mean():.3f}, from {data.y.min():.3f} to {top}.")
    if data.coding == "occupation":
        share = (data.x > 0).mean(0)
        right.html(filling_html(share, data.site_names, dark=is_dark()))
        right.caption(f"Sites: filled in {share.mean():.0%} of rows on average, by site {share.min():.0%} to "
                      f"{share.max():.0%}.")  # fmt: skip


def data_in_figures(data: "DataSet") -> None:
    """Rows, families, spread of the response, and all that is stored about where the numbers come from."""
    families = len(data) if data.family is None else len(np.unique(data.family))
    with st.container(horizontal=True, gap="large"):
        st.metric("Rows", f"{len(data):,}", width="content")
        st.metric(
            "Families", f"{families:,}", width="content", help="Symmetric images; a split never separates a family."
        )
    st.metric(f"Response, {data.unit or 'units of y'}", f"{data.y.mean():.3f} ± {data.y.std():.3f}")
    if data.provenance:
        with st.popover("Where the numbers come from", icon=":material/info:"):
            st.json(data.provenance, expanded=1)


def origin(data: "DataSet") -> str:
    """Where the numbers come from, in a line; empty when nothing is known."""
    known = data.provenance
    title = known.get("title") or ("file" in known and f"File: {known['file']}")
    facts = {"Potential": "potential", "Target": "target", "Seed": "seed", "Made by version": "version"}
    said = [title] if title else []
    said += [f"{label}: {known[name]}" for label, name in facts.items() if name in known]
    return "".join(f"{part}. " for part in said).rstrip()


def copies(data: "DataSet", summary: dict[str, Any]) -> str:
    """Duplicates and symmetric images in one or two sentences."""
    rows, twins = summary["rows"], summary["duplicates"]
    parts = [f"**{rows:,} rows** over {summary['inputs']} inputs"]
    parts.append("all of them different" if not twins else f"**{twins:,}** of them repeat the inputs of another row")
    told = ", ".join(parts)
    if summary["conflicting_duplicates"]:
        told += (
            f"; {summary['conflicting_duplicates']:,} rows have a twin with another response, up to "
            f"{summary['largest_conflict']:.3f} {data.unit} away"
        )
    told += "."
    if "symmetric_images" in summary:
        different = summary["distinct_environments"]
        images = different - summary["symmetry_classes"]
        told += (
            f" Of the {different:,} different environments "
            + (f"**{images:,}** are symmetric images of others" if images else "none is a symmetric image of another")
            + f"; all their images together are {summary['symmetric_images']:,}. Images and reversed jumps are one of "
            f"{summary['families']:,} families, which a split never separates."
        )
    return told


@st.cache_data(show_spinner=False, max_entries=8)
def summary_of(fingerprint: str, _data: "DataSet") -> dict[str, Any]:
    """`DataSet.summary`, once for each data set."""
    del fingerprint  # the key
    return _data.summary()


def _computed(status: dict[str, int], meaning: dict[str, str]) -> str:
    lost = {code: count for code, count in status.items() if code != "0"}
    reasons = ", ".join(f"{count:,} {meaning.get(code, f'status {code}')}" for code, count in lost.items())
    return f"Computed environments: {sum(status.values()):,}, of which {status.get('0', 0):,} have a barrier" + (
        f"; without one: {reasons}." if lost else "."
    )
