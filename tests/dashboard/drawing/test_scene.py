"""Scenes: what the painters are told, against the lattice and the paper's rule for opacity."""

import json

import numpy as np
import pytest

from dashboard.drawing.scene import beta_text, scene
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

ENV = environment("fcc", 2)
MINUS = "\N{MINUS SIGN}"


def network(theta: object, beta: object = None, gamma: object = 0.1, **metadata: str) -> Parameters:
    theta = np.atleast_2d(np.asarray(theta, dtype=float))
    return Parameters.checked(0.0, np.ones(len(theta)) if beta is None else beta, gamma, theta, metadata)


def test_opacity_is_linear_and_full_at_two() -> None:
    theta = np.zeros(26)
    theta[:5] = [0.5, -1.0, 2.0, -7.0, 0.0]
    drawn = scene(network(theta), ENV)["prototypes"][0]
    assert drawn["alpha"][:5] == [0.25, 0.5, 1.0, 1.0, 0.0]
    assert drawn["values"][:2] == [0.5, -1.0]


def test_gauge_free_opacity_does_not_change_with_the_gauge() -> None:
    theta = np.random.default_rng(0).normal(size=(2, 26))
    one = scene(network(theta, gamma=0.1), ENV, opacity_name="gauge-free")
    other = scene(network(theta * 4, gamma=0.025), ENV, opacity_name="gauge-free")
    for a, b in zip(one["prototypes"], other["prototypes"], strict=True):
        assert a["alpha"] == b["alpha"]
        assert a["alpha"] == pytest.approx(np.abs(np.tanh(0.2 * np.array(a["values"]))), abs=2e-4)
    assert one["opacity"]["full_at"] == 1.0


def test_groups_are_the_shells_of_the_paper() -> None:
    groups = {
        group["name"]: [site + 1 for site in group["sites"]] for group in scene(network(np.zeros(26)), ENV)["groups"]
    }
    assert groups == {"1nn": list(range(1, 19)), "2nn in plane": [19, 20, 21, 22], "2nn z = ±1": [23, 24, 25, 26]}


@pytest.mark.parametrize(("lattice", "shells"), [("fcc", 1), ("fcc", 3), ("bcc", 2), ("bcc", 3)])
def test_other_environments_group_every_site_once(lattice: str, shells: int) -> None:
    env = environment(lattice, shells)
    drawn = scene(network(np.zeros(env.n_sites)), env)
    assert sorted(site for group in drawn["groups"] for site in group["sites"]) == list(range(env.n_sites))


def test_nothing_reaches_beyond_the_extent() -> None:
    """The painters scale by it, so that no site leaves its picture however it is turned."""
    drawn = scene(network(np.zeros(26)), ENV)
    reach = np.linalg.norm(np.array(drawn["positions"]) - drawn["centre"], axis=1)
    assert reach.max() == pytest.approx(drawn["extent"], abs=1e-4)
    rotations = [np.array(view["rotation"]) for view in drawn["viewpoints"]]
    assert [view["name"] for view in drawn["viewpoints"]] == [view.name for view in ENV.viewpoints]
    for rotation in rotations:
        assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-8)


def test_summary_names_the_strongest_sites() -> None:
    theta = np.zeros(26)
    theta[[8, 11, 2]] = [1.9, -1.2, 0.3]
    drawn = scene(network([theta, np.zeros(26)], beta=[0.4111, -2.0], unit="eV"), ENV)["prototypes"]
    assert drawn[0]["summary"].endswith(f" (β +0.411 eV), strongest sites 9+, 12{MINUS}, 3+")
    assert drawn[1]["summary"].endswith(f" (β {MINUS}2 eV), strongest sites none")


def test_headline_says_what_a_prototype_adds_at_most() -> None:
    """theta = 1 everywhere is reached by a filled environment: there the peak is beta itself."""
    drawn = scene(network(np.ones((1, 26)), beta=[0.4111], unit="eV"), ENV)["prototypes"]
    assert drawn[0]["headline"] == "peak +0.411 eV (β +0.411 eV)"


def test_order_keeps_numbers_and_unit_can_be_given() -> None:
    drawn = scene(network(np.zeros((3, 26))), ENV, order=[2, 0], unit="meV")
    assert [(p["index"], p["number"]) for p in drawn["prototypes"]] == [(2, 3), (0, 1)]
    assert drawn["prototypes"][0]["headline"].endswith("(β +1 meV)")


def test_without_lattice_it_is_bars() -> None:
    drawn = scene(network([[1.0, -1.0]]), None, input_names=["age", "dose"])
    assert drawn["kind"] == "bars"
    assert drawn["names"] == ["age", "dose"]
    assert drawn["groups"] == [{"name": "inputs", "sites": [0, 1]}]


def test_json_holds_it_and_a_live_frame_is_small() -> None:
    drawn = scene(network(np.random.default_rng(0).normal(size=(16, 26))), ENV)
    text = json.dumps(drawn, allow_nan=False)
    assert json.loads(text) == drawn
    assert len(text) < 20_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"env": environment("bcc", 2)}, "20 sites but the prototypes have 26 inputs"),
        ({"palette": "pink"}, "unknown palette"),
        ({"opacity_name": "loud"}, "unknown opacity"),
        ({"order": [3]}, "from 0 to 0"),
        ({"input_names": ["a"]}, "expected 26 input names"),
    ],
)
def test_bad_requests_say_what_to_do(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scene(network(np.zeros(26)), **({"env": ENV} | changes))


@pytest.mark.parametrize(
    ("beta", "unit", "text"),
    [(0.41, "eV", "+0.41 eV"), (-0.0123456, "", f"{MINUS}0.0123"), (0.0, "eV", "+0 eV"), (1234.5, "", "+1.23e+03")],
)
def test_beta_always_shows_its_sign(beta: float, unit: str, text: str) -> None:
    assert beta_text(beta, unit) == text
