"""The page Train."""

from dashboard.session.pages import Entry

ENTRY = Entry("Train", ":material/show_chart:", 40)
