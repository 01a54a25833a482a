"""The environments of a visit: where they begin, what moves them, and which clicks are news."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.session.history import History


def page() -> None:
    import streamlit as st

    from dashboard.session.history import Visit

    visit = Visit(6)
    try:
        visit.begin(lambda: 5)
    except ValueError as error:
        st.warning(str(error))
    st.button("go", key="go", on_click=visit.go, args=(9,))
    st.button("undo", key="undo", on_click=visit.undo)
    st.button("redo", key="redo", on_click=visit.redo)
    history = visit.history()
    st.text(f"{history.past} {history.now} {history.future}")
    clicked = st.number_input("click", 0, key="click")
    st.text(f"{visit.is_news(int(clicked))} {visit.last_click()}")


def opened(**address: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize(("address", "first"), [({}, 5), ({"env": "12"}, 12), ({"env": "110000"}, 3)])
def test_it_begins_with_the_address_or_where_the_page_says(address: dict[str, str], first: int) -> None:
    app = opened(**address)
    assert not app.warning
    assert app.text[0].value == f"() {first} ()"


def test_a_wrong_address_is_said_once_and_the_usual_start_shown() -> None:
    app = opened(env="64")
    assert "from 0 to 63" in app.warning[0].value
    assert app.text[0].value == "() 5 ()"
    assert not app.run().warning


def test_moves_can_be_undone_and_done_again() -> None:
    app = opened()
    seen = [app.button(key=key).click().run().text[0].value for key in ("go", "undo", "undo", "redo", "go")]
    assert seen == ["(5,) 9 ()", "() 5 (9,)", "() 5 (9,)", "(5,) 9 ()", "(5,) 9 ()"]


def test_a_click_told_twice_or_late_is_news_once() -> None:
    app = opened()
    told = [app.number_input(key="click").set_value(number).run().text[1].value for number in (1, 3, 2, 4)]
    assert told == ["True 1", "True 3", "False 3", "True 4"]


def test_undo_and_redo_go_back_and_forth_until_something_new_is_done() -> None:
    history = History((), 1).to(2).to(3)
    assert history.undo().now == 2
    assert history.undo().redo() == history
    assert history.undo().undo().undo().now == 1
    assert history.redo() == history
    assert history.undo().to(9).redo().now == 9
    assert history.to(3) is history
