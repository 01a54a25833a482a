"""rbfscope in the browser: page set-up and navigation."""

import streamlit as st

from dashboard.navigation import all_pages

st.set_page_config(page_title="rbfscope", page_icon=":material/hub:", layout="wide")
st.navigation(all_pages(), position="top").run()
