"""Radial basis function networks over atoms: train, prune to prototypes in closed form, explain exactly."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore import barriers as barriers
    from rbfcore import lattice as lattice
    from rbfcore.data.bundled import bundled_names as bundled_names
    from rbfcore.data.dataset import DataSet as DataSet
    from rbfcore.data.load import load_dataset as load_dataset
    from rbfcore.data.synthetic import synthetic_barrier_dataset as synthetic_barrier_dataset
    from rbfcore.data.toy import toy_dataset as toy_dataset
    from rbfcore.data.toy import toy_function as toy_function
    from rbfcore.data.write import write_dataset as write_dataset
    from rbfcore.distributions.base import InputDistribution as InputDistribution
    from rbfcore.distributions.empirical import Empirical as Empirical
    from rbfcore.distributions.finite import Bernoulli as Bernoulli
    from rbfcore.distributions.finite import Finite as Finite
    from rbfcore.distributions.fitting import fit_distribution as fit_distribution
    from rbfcore.distributions.fitting import log_likelihood as log_likelihood
    from rbfcore.distributions.gaussian_mixture import GaussianMixture as GaussianMixture
    from rbfcore.distributions.gaussian_mixture import Normal as Normal
    from rbfcore.distributions.mixture import Mixture as Mixture
    from rbfcore.distributions.parsing import parse_distribution as parse_distribution
    from rbfcore.distributions.product import Product as Product
    from rbfcore.distributions.truncated_normal import TruncatedNormal as TruncatedNormal
    from rbfcore.distributions.uniform import Uniform as Uniform
    from rbfcore.explain.attribution import contributions as contributions
    from rbfcore.explain.attribution import shapley_values as shapley_values
    from rbfcore.explain.comparison import table_comparison as table_comparison
    from rbfcore.explain.enumeration import enumerate_binary as enumerate_binary
    from rbfcore.explain.enumeration import environments as environments
    from rbfcore.explain.enumeration import table_chunks as table_chunks
    from rbfcore.explain.prototypes import prototypes as prototypes
    from rbfcore.explain.prototypes import site_opacity as site_opacity
    from rbfcore.explain.sensitivity import interaction_orders as interaction_orders
    from rbfcore.explain.sensitivity import shapley_effects as shapley_effects
    from rbfcore.explain.sensitivity import sobol as sobol
    from rbfcore.network import RBFN as RBFN
    from rbfcore.pruning.gauge import regauge as regauge
    from rbfcore.pruning.objective import pruning_loss as pruning_loss
    from rbfcore.pruning.path import prune_path as prune_path
    from rbfcore.pruning.prune import prune as prune
    from rbfcore.pruning.prune import prune_steps as prune_steps
    from rbfcore.rates import rate as rate
    from rbfcore.storage.networks import load_network as load_network
    from rbfcore.storage.networks import read_parameters as read_parameters
    from rbfcore.storage.networks import save_network as save_network
    from rbfcore.symmetry.group import orbit_means as orbit_means
    from rbfcore.symmetry.invariance import invariance_gap as invariance_gap
    from rbfcore.symmetry.matching import match_prototypes as match_prototypes
    from rbfcore.symmetry.scores import symmetry_scores as symmetry_scores
    from rbfcore.symmetry.stability import prototype_stability as prototype_stability
    from rbfcore.symmetry.symmetrize import symmetrize as symmetrize
    from rbfcore.training.baselines import ridge as ridge
    from rbfcore.training.baselines import xgboost_baseline as xgboost_baseline
    from rbfcore.training.baselines_dnn import dnn_baseline as dnn_baseline
    from rbfcore.training.train import train as train
    from rbfcore.training.train import train_steps as train_steps

# Where each public name lives, but for families of distributions. Loaded on first use, so that reading prototypes does
# not wait for torch.
_HOMES = {
    "DataSet": "data.dataset",
    "Empirical": "distributions.empirical",
    "Finite": "distributions.finite",
    "InputDistribution": "distributions.base",
    "Mixture": "distributions.mixture",
    "Product": "distributions.product",
    "RBFN": "network",
    "barriers": "",
    "bundled_names": "data.bundled",
    "contributions": "explain.attribution",
    "dnn_baseline": "training.baselines_dnn",
    "enumerate_binary": "explain.enumeration",
    "environments": "explain.enumeration",
    "fit_distribution": "distributions.fitting",
    "interaction_orders": "explain.sensitivity",
    "invariance_gap": "symmetry.invariance",
    "lattice": "",
    "load_dataset": "data.load",
    "load_network": "storage.networks",
    "log_likelihood": "distributions.fitting",
    "match_prototypes": "symmetry.matching",
    "orbit_means": "symmetry.group",
    "parse_distribution": "distributions.parsing",
    "prototype_stability": "symmetry.stability",
    "prototypes": "explain.prototypes",
    "prune": "pruning.prune",
    "prune_path": "pruning.path",
    "prune_steps": "pruning.prune",
    "pruning_loss": "pruning.objective",
    "rate": "rates",
    "read_parameters": "storage.networks",
    "regauge": "pruning.gauge",
    "ridge": "training.baselines",
    "save_network": "storage.networks",
    "shapley_effects": "explain.sensitivity",
    "shapley_values": "explain.attribution",
    "site_opacity": "explain.prototypes",
    "sobol": "explain.sensitivity",
    "symmetrize": "symmetry.symmetrize",
    "symmetry_scores": "symmetry.scores",
    "synthetic_barrier_dataset": "data.synthetic",
    "table_chunks": "explain.enumeration",
    "table_comparison": "explain.comparison",
    "toy_dataset": "data.toy",
    "toy_function": "data.toy",
    "train": "training.train",
    "train_steps": "training.train",
    "write_dataset": "data.write",
    "xgboost_baseline": "training.baselines",
}


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return __dir__()
    if name in _HOMES:
        home = _HOMES[name]
        value = getattr(import_module(f"rbfcore.{home}"), name) if home else import_module(f"rbfcore.{name}")
    elif name in _families():
        value = getattr(import_module(_families()[name]), name)
    else:
        raise AttributeError(f"module 'rbfcore' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*_HOMES, *_families()])


def _families() -> dict[str, str]:
    """Classes of distributions and their modules, from the registry: a family of its own file needs no line here."""
    homes: dict[str, str] = import_module("rbfcore.distributions.registry").class_homes()
    return homes
