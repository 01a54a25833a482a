"""The libraries of the extra "barriers", asked for before any work so that a missing one is named in one sentence."""

from importlib import import_module


def require(*libraries: str) -> None:
    """Make sure that libraries can be imported.

    Args:
        libraries: "numba" (the compiled physics), "ase" (calculators and nudged elastic bands).

    Raises:
        ValueError: one is missing; the message says what to install.
    """
    for library in libraries:
        try:
            import_module(library)
        except ImportError as error:
            raise ValueError(
                f"computing barriers needs the library {library}: install it with pip install 'rbfscope[barriers]'"
            ) from error
