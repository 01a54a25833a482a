"""The page Inspect."""

from dashboard.session.pages import Entry

ENTRY = Entry("Inspect", ":material/view_in_ar:", 20)
