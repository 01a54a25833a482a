"""rbfscope in the browser: page set-up and navigation."""

from pathlib import Path

import streamlit as st

from dashboard.session.navigation import all_pages, is_landing
from dashboard.startup.tour import tour

_HERE = Path(__file__).parent

# A file of our own: Streamlit would fetch an icon given by name from the network.
st.set_page_config(page_title="rbfscope", page_icon=str(_HERE / "icon.svg"), layout="wide")
st.html(_HERE / "style.css")
page = st.navigation(all_pages(), position="top")
if is_landing(page):
    tour()
page.run()
