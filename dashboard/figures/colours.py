"""Neutral colours for curves and bars: red and blue mean the sign of a site."""

TEAL, AMBER, PURPLE, GREY = "#0f9b8e", "#d98a00", "#9a6fb0", "#8a97a0"
