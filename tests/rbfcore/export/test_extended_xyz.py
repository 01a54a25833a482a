"""Prototypes as atoms: read back by ASE, on every lattice."""

import io

import ase.io
import numpy as np
import pytest

from rbfcore.export.extended_xyz import extended_xyz, sites_xyz
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters


def network(n_inputs: int) -> Parameters:
    rng = np.random.default_rng(n_inputs)
    return Parameters.checked(0.3, rng.normal(size=3), 0.07, 2 * rng.normal(size=(3, n_inputs)), {"unit": "eV"})


@pytest.mark.parametrize(("lattice", "shells"), [("fcc", 2), ("fcc", 3), ("bcc", 2)])
def test_ase_reads_every_property(lattice: str, shells: int) -> None:
    env = environment(lattice, shells)
    net = network(env.n_sites)
    frames = ase.io.read(io.StringIO(extended_xyz(net, env)), index=":", format="extxyz")
    assert len(frames) == 3
    for index, frame in enumerate(frames):
        theta = net.centroids[index]
        sites = frame.arrays["kind"] == 0
        np.testing.assert_allclose(frame.positions[sites], env.positions, atol=1e-7)
        np.testing.assert_array_equal(frame.arrays["site"][sites], np.arange(1, env.n_sites + 1))
        np.testing.assert_array_equal(frame.arrays["shell"][sites], env.shell)
        np.testing.assert_allclose(frame.arrays["theta"][sites], theta, rtol=1e-8)
        np.testing.assert_allclose(frame.arrays["opacity"][sites], np.clip(np.abs(theta) / 2, 0, 1), rtol=1e-8)
        np.testing.assert_allclose(frame.arrays["slope"][sites], 2 * 0.07 * theta, rtol=1e-8)
        np.testing.assert_allclose(frame.arrays["opacity_gauge_free"][sites], np.abs(np.tanh(0.14 * theta)), rtol=1e-8)
        np.testing.assert_allclose(frame.positions[frame.arrays["kind"] == 2], [env.target], atol=1e-7)
        assert frame.get_chemical_symbols()[env.n_sites] == "Cu"
        assert frame.info["prototype"] == index + 1
        assert frame.info["beta"] == pytest.approx(net.beta[index])
        assert not frame.pbc.any()


def test_another_lattice_is_refused() -> None:
    with pytest.raises(ValueError, match="26 sites, the network 20 inputs"):
        extended_xyz(network(20), environment("fcc", 2))


def test_sites_with_columns_and_facts() -> None:
    env = environment("fcc", 2)
    values, flags = np.linspace(-1, 1, 26), np.arange(26) % 2 == 0
    text = sites_xyz(env, {"share": values, "filled": flags}, {"mean": 0.25, "distribution": 'a "b"'})
    atoms = ase.io.read(io.StringIO(text), format="extxyz")
    np.testing.assert_allclose(atoms.positions[1:], env.positions, atol=1e-8)
    np.testing.assert_allclose(atoms.arrays["share"][1:], values, atol=1e-8)
    assert atoms.arrays["filled"].dtype.kind == "i"
    np.testing.assert_array_equal(atoms.arrays["filled"][1:], flags)
    assert (atoms.info["mean"], atoms.info["distribution"]) == (0.25, "a 'b'")
    with pytest.raises(ValueError, match=r"share must be \(26,\)"):
        sites_xyz(env, {"share": values[:5]}, {})
