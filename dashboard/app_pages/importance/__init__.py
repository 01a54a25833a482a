"""The page Importance."""

from dashboard.session.pages import Entry

ENTRY = Entry("Importance", ":material/bar_chart:", 30)
