"""Gallery and inspector as Streamlit elements: mounted once, quiet until used, clear about a wrong lattice."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def page(n_inputs: int, lattice: str) -> None:
    import numpy as np
    import streamlit as st

    from dashboard.viewer.gallery import prototype_gallery
    from dashboard.viewer.inspector import prototype_inspector
    from rbfcore.lattice import environment
    from rbfcore.parameters import Parameters

    network = Parameters.checked(0.0, np.ones(3), 0.1, np.ones((3, n_inputs)))
    env = environment(lattice, 2) if lattice else None
    try:
        st.text(f"picked {prototype_gallery(network, env)}")
        st.text(f"site {prototype_inspector(network, env, prototype=2, selected=1)}")
    except ValueError as error:
        st.error(str(error))


def run(n_inputs: int, lattice: str) -> Any:
    return AppTest.from_function(page, args=(n_inputs, lattice), default_timeout=30).run()


@pytest.mark.parametrize(("n_inputs", "lattice"), [(26, "fcc"), (20, "bcc"), (5, "")])
def test_both_are_mounted(n_inputs: int, lattice: str) -> None:
    app = run(n_inputs, lattice)
    assert not app.exception
    assert len(app.get("bidi_component")) == 2
    assert [text.value for text in app.text] == ["picked None", "site 1"]


def test_wrong_lattice_is_one_clear_line() -> None:
    app = run(25, "fcc")
    assert not app.exception
    assert "26 sites but the prototypes have 25 inputs" in app.error[0].value
