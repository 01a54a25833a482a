"""The guide, readable without a network: first steps to troubleshooting, and the papers behind the program."""

import streamlit as st

from dashboard.app_pages.guide.chapters import chapters
from dashboard.session.session import Session
from dashboard.widgets.errors import one_line_on_error

CHAPTER_KEY = "chapter"


def guide_page() -> None:
    session = Session()
    session.address.apply_changes()
    st.title("Guide")
    with one_line_on_error():
        side, text = st.columns([1, 2.8], gap="large")
        with side:
            known = chapters()
            chosen = chapter_picker(session)
        chapter = known[chosen]
        with text:
            st.header(chapter.title)
            st.markdown(chapter.text)
            next_chapter(session, chosen)


def chapter_picker(session: Session) -> str:
    """The chapters one below the other; the one on screen is in the address."""
    known = chapters()
    names = list(known)
    has_value = session.address.recall(CHAPTER_KEY, names)
    chosen = st.radio(
        "Chapter",
        names,
        index=None if has_value else 0,
        format_func=lambda name: known[name].title,
        key=CHAPTER_KEY,
        label_visibility="collapsed",
    )
    session.address.publish(CHAPTER_KEY, chosen, default=names[0])
    return str(chosen or names[0])


def next_chapter(session: Session, chosen: str) -> None:
    """The way on, below the text."""
    names = list(chapters())
    following = names[names.index(chosen) + 1 :][:1]
    for name in following:
        if st.button(f"Next: {chapters()[name].title}", icon=":material/arrow_forward:", key="next_chapter"):
            session.address.change(**{CHAPTER_KEY: name})
