"""The page Compare."""

from dashboard.session.pages import Entry

ENTRY = Entry("Compare", ":material/compare_arrows:", 60)
