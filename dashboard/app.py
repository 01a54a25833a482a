"""rbfscope as a server: the page script, and what the browser asks for past it."""

from pathlib import Path

import streamlit as st

from dashboard.runs.live_frames import live_routes
from dashboard.startup.first_view import first_view_routes
from dashboard.viewer.modules import module_routes

_BASE = st.get_option("server.baseUrlPath")
_ROUTES = [*live_routes(_BASE), *module_routes(_BASE), *first_view_routes(_BASE)]
app = st.App(Path(__file__).with_name("page_script.py"), routes=_ROUTES)
