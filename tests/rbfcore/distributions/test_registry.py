"""Families are known before torch is: their texts, their fingerprints, and where their classes are."""

import subprocess
import sys

import pytest

import rbfcore as rc
from rbfcore.distributions.family import Family, Field
from rbfcore.distributions.registry import (
    class_of,
    families,
    family_named,
    fingerprint_of,
    forget_family,
    is_readable,
    read_text,
    register_family,
)

SAME = [
    ("bernoulli:.5", rc.Bernoulli(0.5)),
    ("bernoulli:0.50,0.5,.5", rc.Bernoulli(0.5)),
    (" Bernoulli: 0.5", rc.Bernoulli([0.5, 0.5, 0.5])),
    ("bernoulli:0.1,0.3333333333333333,.9", rc.Bernoulli([0.1, 1 / 3, 0.9])),
    ("bernoulli:0.3", rc.Bernoulli(0.1 + 0.2)),
    ("uniform:-4,4", rc.Uniform(-4, [4, 4, 4])),
    ("uniform:-4,4;-1,1.5;-0,2", rc.Uniform([-4, -1, 0], [4, 1.5, 2])),
    ("normal:0,1e0", rc.Normal()),
    ("gaussian_mixture:.5,.5/-1,1/.25,.25", rc.GaussianMixture([0.5, 0.5], [-1, 1], 0.25)),
    ("gaussian_mixture:.3,.7/0,1/1,2;.5,.5/0,1/1,2;.1,.9/0,1/1,2",
     rc.GaussianMixture([[0.3, 0.7], [0.5, 0.5], [0.1, 0.9]], [0, 1], [1, 2])),
]  # fmt: skip


@pytest.mark.parametrize(("text", "p"), SAME)
def test_one_distribution_has_one_fingerprint_however_it_is_written(text: str, p: rc.InputDistribution) -> None:
    expected = p.for_inputs(3).fingerprint()
    assert fingerprint_of(text, 3) == expected
    assert rc.parse_distribution(text).for_inputs(3).fingerprint() == expected
    assert fingerprint_of(p.describe(), 3) == expected
    assert fingerprint_of(p.for_inputs(3).describe(), 3) == expected


def test_different_distributions_have_different_fingerprints() -> None:
    texts = [p.describe() for _, p in SAME] + ["bernoulli:0.500000001", "uniform:4,-4", "normal:1,0", "normal:-4,4"]
    assert len({fingerprint_of(text, 3) for text in texts}) == len({*texts})
    assert fingerprint_of("bernoulli:0.5", 3) != fingerprint_of("bernoulli:0.5", 4)
    assert fingerprint_of("bernoulli:0.5") == rc.Bernoulli(0.5).fingerprint()


def test_fingerprints_of_texts_name_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="over 2 inputs here, expected 26"):
        fingerprint_of("bernoulli:0.5,0.1", 26)
    with pytest.raises(ValueError, match="unknown distribution 'mixture of 2"):
        fingerprint_of("mixture of 2: 0.3 x bernoulli:0.1 + 0.7 x bernoulli:0.9", 26)


@pytest.mark.parametrize("text", ["", "mixture of 2: ...", "bernoulli:x", "uniform:1", "bernoulli:0.5,0.5…"])
def test_what_is_no_text_of_a_family_is_known_as_such(text: str) -> None:
    assert not is_readable(text)


def test_texts_are_read_and_compared_without_torch() -> None:
    code = (
        "from rbfcore.distributions.registry import families, fingerprint_of, read_text\n"
        "print(fingerprint_of('uniform:-4,4', 26), [family.name for family in families()])\n"
        "import sys; sys.exit('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert rc.Uniform(-4, 4).for_inputs(26).fingerprint() in run.stdout


def test_descriptions_in_files_are_those_of_the_classes() -> None:
    """What is read from the source is what the module says when it runs; each example makes a distribution."""
    for family in families():
        assert class_of(family).family == family
        p = rc.parse_distribution(family.example)
        assert type(p) is class_of(family)
        assert fingerprint_of(family.example) == p.fingerprint()
        assert read_text(p.describe())[0] == family
    assert family_named("uniform").form == "uniform:LOW,HIGH"
    with pytest.raises(ValueError, match="unknown distribution 'beta': expected bernoulli:Q"):
        family_named("beta")


def test_a_family_must_describe_itself_under_a_free_name() -> None:
    class Nameless(rc.Uniform):
        pass

    class Impostor(rc.Uniform):
        family = Family("uniform", "Uniform", "Also even.", (Field("low", "-1"), Field("high", "1")))

    class Even(rc.Uniform):
        family = Family("even", "Even", "Even.", (Field("low", "-1"), Field("high", "1")))

    class Fit(rc.Uniform):
        family = Family("fit", "Fit", "A word that is taken.", (Field("low", "-1"), Field("high", "1")))

    with pytest.raises(ValueError, match="small letters, digits and underscores, and not fit, got 'fit'"):
        register_family(Fit)
    with pytest.raises(ValueError, match="must have a class attribute family"):
        register_family(Nameless)
    with pytest.raises(ValueError, match="'uniform' is taken by Uniform"):
        register_family(Impostor)
    try:
        assert register_family(Even) is Even
        assert register_family(Even) is Even
        assert type(rc.parse_distribution("even:0,2")) is Even
    finally:
        forget_family(Even)
    assert not is_readable("even:0,2")
