"""What the visitor's browser says about WebGL."""

import streamlit as st

from dashboard.viewer.modules import module_loader


def webgl_report(key: str = "webgl") -> None:
    """One line written by the browser itself."""
    component = st.components.v2.component(
        "rbfscope_webgl", js=module_loader("webgl.js", st.get_option("server.baseUrlPath"))
    )
    component(key=key, data={})
