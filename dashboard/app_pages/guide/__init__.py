"""The page Guide."""

from dashboard.session.pages import Entry

ENTRY = Entry("Guide", ":material/menu_book:", 90)
