"""What leaves the program as text for other programs: atoms, event tables, code."""
