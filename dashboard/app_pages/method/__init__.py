"""The page Method."""

from dashboard.session.pages import Entry

ENTRY = Entry("Method", ":material/school:", 80)
