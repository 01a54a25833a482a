"""The pages, a folder each: `__init__.py` says what the page is called and where it stands, `page.py` draws it."""
