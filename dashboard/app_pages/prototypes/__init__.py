"""The page Prototypes."""

from dashboard.session.pages import Entry

ENTRY = Entry("Prototypes", ":material/grid_view:", 10)
