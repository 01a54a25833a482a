"""The page Library."""

from dashboard.session.pages import Entry

ENTRY = Entry("Library", ":material/shelves:", 70)
