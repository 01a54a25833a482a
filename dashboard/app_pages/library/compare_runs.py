"""Run cards of several networks as one table."""

import streamlit as st

from dashboard.session.session import Session
from rbfcore.storage.run_table import differing, run_table


def compare_runs(session: Session) -> None:
    """Choose networks, see loss, errors and settings side by side, only the columns that differ on request."""
    networks = session.networks()
    names = list(networks)
    st.subheader("Compare runs")
    if len(names) < 2:
        st.caption("Two networks or more can be compared.")
        return
    session.address.recall_several("compared", names, default=())
    chosen = st.multiselect(
        "Networks to compare", names, key="compared", placeholder="choose two or more", label_visibility="collapsed"
    )
    session.address.publish("compared", ",".join(chosen), default="")
    if len(chosen) < 2:
        return
    table = run_table({name: {**networks[name].metadata, "centroids": networks[name].n_centroids} for name in chosen})
    only = st.toggle("Only what differs", value=True, key="only_differing", persist_state="session")
    shown = differing(table) if only else table
    # Settings read downwards: there are many, and few networks.
    readable = shown.T.astype(object).map(_readable)
    st.dataframe(readable, height=min(36 * (len(shown.columns) + 1) + 4, 520))
    st.download_button(
        "Table (.csv)",
        lambda: shown.to_csv(index_label="network").encode(),
        "runs.csv",
        "text/csv",
        key="compare_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _readable(value: object) -> str:
    if value is None or value != value:  # NaN: this run has no such entry
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
