"""The paper's experiments as functions that return plain results."""
