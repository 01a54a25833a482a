"""Known processes on copper surfaces, computed by drag and by climbing-image NEB, beside the literature."""
