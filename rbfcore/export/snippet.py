"""Python code that shows the same numbers as a view: it loads the network, checks its fingerprint, and computes."""

from collections.abc import Sequence

from rbfcore.data.bundled import assets_folder
from rbfcore.distributions.registry import is_readable, read_text
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import read_parameters

_HEAD = '''"""{title}

Made with rbfscope {version}. Needs only `pip install rbfscope`{beside}.
"""

import rbfcore as rc
{imports}'''
_LOAD = """
net = rc.read_parameters({path})
assert net.fingerprint() == {fingerprint!r}, "this is another network than the one that was looked at"
"""


def prototypes_snippet(
    name: str, network: Parameters, *, shown: Sequence[int] | None = None, gauge_free: bool = False
) -> str:
    """Code for a view of prototypes: their table, the opacity of each site, and the pruning that made them.

    Args:
        name: of the network: a bundled one, or the name of the file beside the script without its ending.
        network: a pruned network.
        shown: which prototypes, 1 ... M; all by default.
        gauge_free: which opacity the view showed.
    """
    column = "opacity_gauge_free" if gauge_free else "opacity"
    code = _loaded(name, network, f"Prototypes of {name}")
    code += "table = rc.prototypes(net)\n"
    if shown is not None:
        code += f"table = table[table['prototype'].isin({[int(i) for i in shown]})]\n"
    code += (
        f"print(table.sort_values(['prototype', {column!r}], ascending=[True, False]).groupby('prototype').head(5))\n"
        f"opacity = rc.site_opacity(net, gauge_free={gauge_free}, normalised=True)\n"
        "for site, (mean, std) in enumerate(zip(opacity.mean, opacity.std), start=1):\n"
        '    print(f"site {site:3}  opacity {mean:.3f} +- {std:.3f}")\n'
    )
    return code + _pruning_again(network)


def importance_snippet(name: str, network: Parameters, under: str, variance: float) -> str:
    """Code for the exact shares of the variance under p(x).

    Args:
        under: p(x) as `parse_distribution` reads it.
        variance: what was shown, which the code checks.

    Raises:
        ValueError: p(x) has no such text (mixtures, data points): there is no short code for it.
    """
    read_text(under)
    return _loaded(name, network, f"Importance of the inputs of {name} under {under}") + (
        f"p = rc.parse_distribution({under!r})\n"
        "indices = rc.sobol(net, p)\n"
        "shapley = rc.shapley_effects(net, p) / indices.variance\n"
        f"assert abs(indices.variance - {variance!r}) < 1e-6 * indices.variance\n"
        'print(f"mean {indices.mean:.4f}, variance {indices.variance:.6f}")\n'
        'print("shares by order of interaction:", rc.interaction_orders(net, p)[:6].round(4))\n'
        "for d in shapley.argsort()[::-1]:\n"
        "    first, total = indices.first[d], indices.total[d]\n"
        '    print(f"{d + 1:3}  Shapley {shapley[d]:.4f}  first {first:.4f}  total {total:.4f}")\n'
    )


def toy_snippet(n_inputs: int, under: str, n_prototypes: int, restarts: int, seed: int, loss: float) -> str:
    """Code for a view of a pruned toy network, which checks the loss that was shown.

    Args:
        n_inputs: 1 or 2, as `rbfcore.studies.toy_networks.toy_network`.
        under: p(x) as `parse_distribution` reads it.
        loss: what was shown.
    """
    from rbfcore.storage.run_card import versions

    head = _HEAD.format(
        title=f"{n_prototypes} prototypes of the toy function of {n_inputs} input(s) under {under}",
        version=versions()["rbfscope"],
        beside="",
        imports="from rbfcore.studies.toy_networks import toy_network\n",
    )
    return head + (
        f"\nlarge = rc.RBFN.from_plain(toy_network({n_inputs}))\n"
        f"p = rc.parse_distribution({under!r})\n"
        f"pruned = rc.prune(large, p, n_prototypes={n_prototypes}, restarts={restarts}, seed={seed})\n"
        f"assert abs(pruned.loss - {loss!r}) < 0.02 * pruned.loss, pruned.loss\n"
        'print(f"loss {pruned.loss:.4g}, again {rc.pruning_loss(large, pruned.network, p).item():.4g}")\n'
        'print(f"alpha {pruned.network.alpha.item():.4f}")\n'
        "for beta, theta in zip(pruned.network.beta.tolist(), pruned.network.centroids.tolist()):\n"
        '    print(f"beta {beta:+.4f} at", theta)\n'
    )


def is_bundled(name: str, network: Parameters) -> bool:
    """Whether this is the network of that name that ships with the program."""
    path = assets_folder() / "networks" / f"{name}.safetensors"
    return path.is_file() and read_parameters(path).fingerprint() == network.fingerprint()


def _loaded(name: str, network: Parameters, title: str) -> str:
    from rbfcore.storage.run_card import versions

    bundled = is_bundled(name, network)
    parent = _bundled_parent(network.card.parent)
    head = _HEAD.format(
        title=title.replace('"', "'").replace("\\", "/"),
        version=versions()["rbfscope"],
        beside="" if bundled else f" and {name}.safetensors, downloaded from the same view, beside this file",
        imports="from rbfcore.data.bundled import assets_folder\n" if bundled or parent else "",
    )
    file = f"{name}.safetensors"
    path = f"assets_folder() / 'networks' / {file!r}" if bundled else repr(file)
    return head + _LOAD.format(path=path, fingerprint=network.fingerprint())


def _pruning_again(network: Parameters) -> str:
    """The pruning itself where the large network ships with the program, else as a comment."""
    card = network.card
    settings, under = card.pruning, card.distribution
    if settings is None or not under or not card.parent:
        return ""
    if not is_readable(under):
        return f"\n# Pruned from the network with fingerprint {card.parent} under a p(x) that no short text names.\n"
    options = dict(settings.get("options") or {})
    plain = {key: value for key, value in settings.items() if key != "options" and value is not None} | options
    arguments = ", ".join(f"{key}={value!r}" for key, value in plain.items())
    parent = _bundled_parent(card.parent)
    comment = "" if parent else "# "
    large = f"assets_folder() / 'networks' / {f'{parent}.safetensors'!r}" if parent else "'large.safetensors'"
    known = "" if card.rms_gap is None else f"; the run card says {card.rms_gap:.6g}"
    lines = [
        f"# Pruned again from the network with fingerprint {card.parent}{known}",
        f"{comment}large = rc.load_network({large})",
        f"{comment}again = rc.prune(large, rc.parse_distribution({under!r}), {arguments})",
        f'{comment}print(f"exact RMS gap {{again.rms_gap:.6g}}")',
    ]
    return "\n" + "\n".join(lines) + "\n"


def _bundled_parent(fingerprint: str | None) -> str | None:
    """Name of the bundled network with this fingerprint."""
    for path in sorted((assets_folder() / "networks").glob("*.safetensors")):
        if read_parameters(path).fingerprint() == fingerprint:
            return path.stem
    return None
