"""The page Prune."""

from dashboard.session.pages import Entry

ENTRY = Entry("Prune", ":material/content_cut:", 50)
