import numpy as np
import pytest

from rbfcore.data.synthetic import ORDER_SHARES, SD, synthetic_barrier, synthetic_barrier_dataset, synthetic_terms
from rbfcore.lattice import environment


def test_terms_add_up_to_the_promised_variance_by_order() -> None:
    """Sampling, which knows nothing of the orthogonality of the terms, against their squares."""
    y = synthetic_barrier_dataset(40_000, seed=3).y
    assert y.std() == pytest.approx(SD, rel=0.02)
    shares = [float(np.square(coefficients).sum()) / SD**2 for _, coefficients in synthetic_terms()]
    assert shares == pytest.approx(ORDER_SHARES)


def test_barrier_has_the_symmetry_of_the_jump() -> None:
    x = synthetic_barrier_dataset(200).x
    for image in environment("fcc", 2).symmetry:
        np.testing.assert_allclose(synthetic_barrier(x[:, image]), synthetic_barrier(x), atol=1e-12)


def test_flipping_one_site_changes_only_its_terms() -> None:
    """The difference quotient of site 1 against the sum over the terms that hold it."""
    x = synthetic_barrier_dataset(50).x.astype(np.float64)
    filled, empty = x.copy(), x.copy()
    filled[:, 0], empty[:, 0] = 1, -1
    expected = np.zeros(len(x))
    for sites, coefficients in synthetic_terms():
        for place, coefficient in zip(sites, coefficients, strict=True):
            if 0 in place:
                expected += 2 * coefficient * x[:, [site for site in place if site]].prod(1)
    np.testing.assert_allclose(synthetic_barrier(filled) - synthetic_barrier(empty), expected, atol=1e-12)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"x must be \(N, 26\)"):
        synthetic_barrier(np.ones((3, 5)))
    with pytest.raises(ValueError, match="n_samples"):
        synthetic_barrier_dataset(0)
