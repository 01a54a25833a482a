"""Neutral colours for curves and bars: red and blue mean the sign of a site."""

TEAL, AMBER, PURPLE, GREY = "#0f9b8e", "#d98a00", "#9a6fb0", "#8a97a0"

# One after the other for networks in one chart: colour, and hatching for who does not tell colours apart.
SERIES = ((TEAL, ""), (AMBER, "/"), (PURPLE, "x"), (GREY, "."), ("#4d4d4d", "\\"), ("#c4b000", "+"))
