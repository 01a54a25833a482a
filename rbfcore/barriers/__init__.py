"""Migration barriers computed with interatomic potentials, and the sampling of environments to compute."""
