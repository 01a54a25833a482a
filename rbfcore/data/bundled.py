"""The files that come with the program: where they are and what the data sets are called."""

from pathlib import Path

SURFACES = ("100", "110", "111")
LATTICE = "fcc26"  # of all bundled data and networks
PROTOTYPES = 16  # of a bundled pruned network
_EMT = "-emt"


def assets_folder() -> Path:
    """The folder of bundled data and networks: inside an installed package, or `assets` of a source checkout.

    Raises:
        ValueError: neither is there.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "_assets", package.parent / "assets"):
        if (folder / "data").is_dir():
            return folder
    raise ValueError(
        f"the bundled files are missing: expected {package / '_assets'} (installed) or "
        f"{package.parent / 'assets'} (source checkout); install the program again"
    )


def bundled_names() -> list[str]:
    """Names that `load_dataset` knows without a file: "cu100", "cu110", "cu111" and, with another potential for
    comparison, "cu100-emt", "cu110-emt", "cu111-emt"."""
    return [f"cu{surface}{potential}" for potential in ("", _EMT) for surface in SURFACES]


def bundled_path(name: str) -> Path:
    """The file of a bundled data set.

    Raises:
        ValueError: unknown name, or the file is missing.
    """
    if name not in bundled_names():
        raise ValueError(f"unknown data set {name!r}: bundled are {', '.join(bundled_names())}")
    path = assets_folder() / "data" / f"cu_{name.removeprefix('cu').replace('-', '_')}.npz"
    if not path.is_file():
        raise ValueError(f"bundled data set {name} is missing: expected {path}; install the program again")
    return path


def network_file(surface: str) -> str:
    """File name of the trained network of a surface."""
    return f"cu{surface}.safetensors"


def candidates_file(surface: str) -> str:
    """File name of the table that the trained network of a surface was chosen from."""
    return f"cu{surface}-candidates.json"


def prototypes_file(surface: str) -> str:
    """File name of the pruned network of a surface."""
    return f"cu{surface}-{PROTOTYPES}.safetensors"


def path_file(surface: str) -> str:
    """File name of the pruning path of a surface, in the folder `paths` beside the networks."""
    return f"cu{surface}.safetensors"


def explanation_file(name: str) -> str:
    """File name of the explanation of a network, in the folder `explanations` beside the networks."""
    return f"{Path(name).stem}.json"
