"""Network files: exact round trips, the layout of the paper's program, and refusals that lose nothing."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import load_network, read_parameters, save_network, write_parameters


def network(*, per_centroid_gamma: bool = False, dtype: torch.dtype = torch.float32) -> RBFN:
    generator = torch.Generator().manual_seed(3)
    return RBFN(5, 7, per_centroid_gamma=per_centroid_gamma, dtype=dtype, generator=generator)


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_round_trip_keeps_every_bit(tmp_path: Path, per_centroid_gamma: bool, dtype: torch.dtype) -> None:
    one = network(per_centroid_gamma=per_centroid_gamma, dtype=dtype)
    save_network(one, tmp_path / "net.safetensors", {"unit": "eV", "split": {"seed": 3}})
    two = load_network(tmp_path / "net.safetensors")
    for name in ("alpha", "beta", "centroids"):
        torch.testing.assert_close(getattr(two, name), getattr(one, name), rtol=0, atol=0)
    torch.testing.assert_close(two.log_gamma, one.log_gamma)
    assert two.log_gamma.shape == one.log_gamma.shape
    assert read_parameters(tmp_path / "net.safetensors").metadata == {"unit": "eV", "split": {"seed": 3}}
    assert read_parameters(tmp_path / "net.safetensors").fingerprint() == two.plain().fingerprint()


def test_reads_the_papers_own_layout(tmp_path: Path) -> None:
    """A state_dict with alpha (1,), log_gamma (1,), beta (K,) and Z (D, K)."""
    one = network()
    state = {
        "alpha": one.alpha.detach().reshape(1),
        "log_gamma": one.log_gamma.detach().reshape(1),
        "beta": one.beta.detach(),
        "Z": one.centroids.detach().T,
    }
    torch.save(state, tmp_path / "paper.pt")
    x = np.random.default_rng(0).normal(size=(9, 5))
    np.testing.assert_allclose(load_network(tmp_path / "paper.pt").predict(x), one.predict(x), rtol=1e-5)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.safetensors"
    save_network(network(), path)
    before = path.read_bytes()

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("rbfcore.storage.networks.save_file", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save_network(network(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


class Malicious:
    """Runs code when unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('unpickled')",))


def test_bad_files_are_refused_with_one_line(tmp_path: Path) -> None:
    good = tmp_path / "good.safetensors"
    save_network(network(), good)
    cases = {
        "pickle.safetensors": (pickle.dumps(Malicious()), "is not a safetensors file"),
        "pickle.pt": (pickle.dumps(Malicious()), "is not a plain torch state_dict"),
        "empty.safetensors": (b"", "is not a safetensors file"),
        "cut.safetensors": (good.read_bytes()[:200], "is not a safetensors file"),
        "net.txt": (b"1 2 3", "expected a file ending in"),
    }
    for name, (content, message) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=message) as caught:
            load_network(tmp_path / name)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match="no network file at"):
        load_network(tmp_path / "absent.safetensors")


def test_tensors_that_are_no_network_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"weights": np.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="holds no network: missing alpha, beta, log_gamma, centroids"):
        load_network(tmp_path / "other.safetensors")
    parts = {"alpha": np.zeros(1), "beta": np.zeros(3), "log_gamma": np.zeros(1), "centroids": np.full((3, 2), np.nan)}
    save_file(parts, tmp_path / "nan.safetensors")
    with pytest.raises(ValueError, match="no valid network: centroids must be finite"):
        load_network(tmp_path / "nan.safetensors")


def test_bad_targets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"stored as \.safetensors"):
        save_network(network(), tmp_path / "net.pkl")
    with pytest.raises(ValueError, match="does not exist; create it first"):
        save_network(network(), tmp_path / "nowhere" / "net.safetensors")
    with pytest.raises(ValueError, match="plain JSON values"):
        save_network(network(), tmp_path / "net.safetensors", {"when": object()})


@pytest.mark.parametrize("gamma", [1 / 26, 0.1, 0.18, np.array([1 / 3, 1 / 7])])
def test_a_file_keeps_the_fingerprint(gamma: float | np.ndarray, tmp_path: Path) -> None:
    """To the last digit of gamma, which its logarithm does not always hold."""
    network = Parameters.checked(0.3, np.ones(2), gamma, np.eye(2))
    write_parameters(network, tmp_path / "n.safetensors")
    assert read_parameters(tmp_path / "n.safetensors").fingerprint() == network.fingerprint()
