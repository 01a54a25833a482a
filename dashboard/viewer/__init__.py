"""The lattice view of prototypes: plain scenes, browser painters, and the script they need."""
