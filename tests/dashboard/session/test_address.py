"""Choices by name, as a page meets them: from the address, from another page, and what is not on offer."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dashboard.session.address import Address

    address = Address()
    address.apply_changes()
    offered = st.session_state.get("offered", ["red", "green", "blue"])
    if not address.recall("colour", offered):
        address.suggest("colour", offered[0])
    colour = st.selectbox("Colour", offered, key="colour")
    address.publish("colour", colour, default=offered[0])
    address.recall_number("size", 3, 1, 9)
    size = st.number_input("Size", 1, 9, key="size")
    address.publish("size", size, default=3)
    address.recall_number("share", 0.5, 0.0, 1.0)
    address.publish("share", st.number_input("Share", 0.0, 1.0, key="share"), default=0.5)
    address.recall_several("several", ["a", "b", "c"], default=["a"])
    several = st.multiselect("Several", ["a", "b", "c"], key="several")
    address.publish("several", ",".join(several), default="a")
    address.recall_text("words", "none", widget="words_field")
    address.publish("words", st.text_input("Words", key="words_field"), default="none")
    st.button("Next", key="next", on_click=address.step, args=("size", 1, 9))
    if st.button("Blue", key="blue"):
        address.change(colour="blue", size=7)


Asked = Callable[..., AppTest]


@pytest.fixture
def opened() -> Asked:
    """opened(colour="blue"): the page, run once with this address."""

    def run(**address: str) -> AppTest:
        app = AppTest.from_function(page, default_timeout=30)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return run


def shown(app: AppTest) -> tuple[object, ...]:
    numbers = [field.value for field in app.number_input]
    return app.selectbox[0].value, *numbers, app.multiselect[0].value, app.text_input[0].value


def address_of(app: AppTest) -> dict[str, str]:
    return {name: value[-1] if isinstance(value, list) else value for name, value in app.query_params.items()}


USUAL = ("red", 3, 0.5, ["a"], "none")


def test_without_anything_asked_all_is_as_usual_and_the_address_short(opened: Asked) -> None:
    app = opened()
    assert shown(app) == USUAL
    assert address_of(app) == {}


def test_what_the_address_asks_for_is_shown_and_stays_there(opened: Asked) -> None:
    asked = {"colour": "blue", "size": "9", "share": "0.25", "several": "c,b", "words": "x < y"}
    app = opened(**asked)
    assert shown(app) == ("blue", 9, 0.25, ["c", "b"], "x < y")
    assert address_of(app) == asked
    assert shown(app.run()) == shown(app)


@pytest.mark.parametrize(
    "asked",
    [
        {"colour": "yellow"},
        {"size": "10"},
        {"size": "many"},
        {"size": "inf"},
        {"size": "nan"},
        {"share": "nan"},
        {"share": "-1"},
        {"several": "d,e"},
        {"several": ""},
    ],
)
def test_what_is_not_on_offer_is_forgotten(opened: Asked, asked: dict[str, str]) -> None:
    app = opened(**asked)
    assert shown(app) == USUAL
    assert address_of(app) == {}


def test_a_choice_is_in_the_address_until_it_is_the_usual_one_again(opened: Asked) -> None:
    app = opened()
    app.selectbox[0].set_value("green").run()
    assert address_of(app) == {"colour": "green"}
    app.selectbox[0].set_value("red").run()
    assert address_of(app) == {}


def test_an_option_that_is_no_longer_offered_gives_way(opened: Asked) -> None:
    app = opened(colour="blue")
    app.session_state["offered"] = ["red", "green"]
    app.run()
    assert (app.selectbox[0].value, address_of(app)) == ("red", {})


def test_stepping_goes_around_the_end(opened: Asked) -> None:
    app = opened(size="8")
    sizes = [app.button(key="next").click().run().number_input[0].value for _ in range(3)]
    assert sizes == [9, 1, 2]


def test_a_change_from_code_reaches_the_pickers(opened: Asked) -> None:
    app = opened(colour="green", words="kept")
    app.button(key="blue").click().run()
    assert shown(app) == ("blue", 7, 0.5, ["a"], "kept")
    assert address_of(app) == {"colour": "blue", "size": "7", "words": "kept"}
