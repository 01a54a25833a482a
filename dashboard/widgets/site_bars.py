"""Opacity of each site averaged over prototypes (Fig. 5), on a page that does without plotly."""

import streamlit as st

from dashboard.drawing.site_bars import site_bars_html
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters


def site_bars(network: Parameters, env: Environment | None, *, gauge_free: bool = False) -> None:
    """One bar a site with its standard deviation over prototypes as a whisker, grouped by shell."""
    st.html(site_bars_html(network, env, gauge_free=gauge_free))
