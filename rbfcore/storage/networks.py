"""Networks as files: safetensors, and the torch state dictionaries of the paper's own program."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rbfcore.parameters import Parameters
from rbfcore.storage.files import replacing

if TYPE_CHECKING:
    from rbfcore.network import RBFN

_KEYS = ("alpha", "beta", "log_gamma", "centroids")


def write_parameters(parameters: Parameters, path: str | Path) -> None:
    """Write a network and its metadata as one safetensors file, atomically.

    Raises:
        ValueError: the folder does not exist, or the name does not end in .safetensors.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise ValueError(f"networks are stored as .safetensors, got {path.name!r}; rename the file")
    tensors = {
        "alpha": np.asarray(parameters.alpha, dtype=parameters.beta.dtype),
        "beta": parameters.beta,
        "log_gamma": np.log(parameters.gamma.astype(np.float64)),
        "centroids": parameters.centroids,
    }
    gamma = parameters.gamma.astype(np.float64)
    if (np.exp(tensors["log_gamma"]) != gamma).any():
        tensors["gamma"] = gamma  # its logarithm alone would change the last digit, and with it the fingerprint
    tensors = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    with replacing(path) as temporary:
        save_file(tensors, temporary, metadata={"rbfscope": json.dumps(parameters.metadata, sort_keys=True)})


def read_parameters(path: str | Path) -> Parameters:
    """Read a network file without loading torch when it is safetensors.

    Args:
        path: .safetensors written by `save_network`, or .pt/.pth holding a torch state_dict with the keys alpha,
            log_gamma, beta and Z (D, K) of the paper's own models (or centroids (K, D)), read with weights only.

    Raises:
        ValueError: the file is missing, is neither kind, lacks a tensor, or holds shapes or values that cannot be
            a network.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"no network file at {path}")
    if path.suffix == ".safetensors":
        tensors, metadata = _read_safetensors(path)
    elif path.suffix in (".pt", ".pth"):
        tensors, metadata = _read_state_dict(path), {}
    else:
        raise ValueError(f"{path.name!r} is not a network: expected a file ending in .safetensors, .pt or .pth")
    if "Z" in tensors and "centroids" not in tensors:
        tensors["centroids"] = tensors["Z"].T
    missing = [name for name in _KEYS if name not in tensors]
    if missing:
        raise ValueError(
            f"{path.name!r} holds no network: missing {', '.join(missing)}; expected tensors {', '.join(_KEYS)}"
        )
    with np.errstate(over="ignore"):
        gamma = np.exp(tensors["log_gamma"].astype(np.float64))
    exact = tensors.get("gamma")
    if exact is not None and exact.shape == gamma.shape and np.allclose(exact, gamma, rtol=1e-12, atol=0):
        gamma = exact
    try:
        return Parameters.checked(
            tensors["alpha"], tensors["beta"], gamma, np.ascontiguousarray(tensors["centroids"]), metadata
        )
    except ValueError as error:
        raise ValueError(f"{path.name!r} holds no valid network: {error}") from error


def _read_safetensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
            text = (file.metadata() or {}).get("rbfscope", "{}")
    except (SafetensorError, OSError, TypeError) as error:
        raise ValueError(
            f"{path.name!r} is not a safetensors file (damaged, or another format renamed): {error}"
        ) from error
    try:
        metadata = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path.name!r}: its metadata is not JSON: {error}") from error
    return tensors, metadata if isinstance(metadata, dict) else {}


def _read_state_dict(path: Path) -> dict[str, np.ndarray]:
    import pickle  # only for the name of the error torch raises
    import warnings

    import torch

    try:
        with warnings.catch_warnings(action="ignore"):  # about pickles it will refuse anyway
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ValueError(
            f"{path.name!r} is not a plain torch state_dict: {str(error).splitlines()[0]} "
            "(save it with torch.save(model.state_dict(), path))"
        ) from error
    if not isinstance(state, dict):
        raise ValueError(f"{path.name!r} holds a {type(state).__name__}, expected a state_dict of tensors")
    return {str(name): value.numpy() for name, value in state.items() if isinstance(value, torch.Tensor)}


def save_network(network: "RBFN", path: str | Path, metadata: dict[str, Any] | None = None) -> None:
    """Write a network as safetensors, to a temporary name first.

    Args:
        network: any RBFN.
        path: ends in .safetensors.
        metadata: anything JSON can hold; it travels inside the file.

    Raises:
        ValueError: wrong extension, missing folder, or metadata that JSON cannot hold.
    """
    try:
        json.dumps(metadata or {})
    except TypeError as error:
        raise ValueError(f"metadata must be plain JSON values: {error}") from error
    write_parameters(network.plain(**(metadata or {})), path)


def load_network(path: str | Path) -> "RBFN":
    """Read a network file (see `read_parameters` for the kinds). Its metadata: `read_parameters(path).metadata`."""
    from rbfcore.network import RBFN

    return RBFN.from_plain(read_parameters(path))
