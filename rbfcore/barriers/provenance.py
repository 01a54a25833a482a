"""What a computed barrier set says about itself."""

import json
from importlib.resources import files
from typing import Any

from rbfcore.barriers.status import MEANING
from rbfcore.data.barrier_sets import TETHER_ACTS_ON

_POTENTIALS = {
    "mishin": (
        "Mishin EAM1 for Cu, closed form",
        "Y. Mishin, M. J. Mehl, D. A. Papaconstantopoulos, A. F. Voter, J. D. Kress, Phys. Rev. B 63, 224106 (2001)",
    ),
    "emt": (
        "effective medium theory for Cu, parameters of ASE's EMT",
        "K. W. Jacobsen, P. Stoltze, J. K. Norskov, Surf. Sci. 366, 394 (1996)",
    ),
}
_ARRAYS = {
    "occupations_packed": "(N, 4) uint8: 26 sites a row, numpy.packbits order (site 1 is the highest bit of byte 1), "
    "1 = atom, 0 = empty; the last 6 bits are 0; rows sorted by code, the smallest of their family's eight images",
    "barrier_tethered, reverse_barrier_tethered": "tether energy included: never negative; the default target",
    "barrier_tethered_pure, reverse_barrier_tethered_pure": "same geometries, potential energy only",
    "barrier_free, reverse_barrier_free": "no tether: the physical barrier, where both ends are true minima (few)",
    "status, status_free": "what became of the computation with and without tether; a barrier counts where it is 0",
    "source": "how the surroundings were drawn",
    "normal, top_layer, mismatch": "embedding half-space, and in how many of the 26 sites it differs from the row",
    "saddle_position": "position of the saddle along the jump",
}
SOURCE_CODES = {
    "0": "lattice snapshots",
    "1": "layer-wise Bernoulli",
    "2": "one- or two-bit neighbours",
    "3": "uniform supported vectors",
    "4": "closure search: one-bit neighbours of surroundings whose barrier exists without a tether",
}


def barrier_provenance(surface: str, settings: dict[str, Any], selection: str) -> dict[str, Any]:
    """Facts for the file of a barrier set.

    Args:
        surface: label of its half-spaces.
        settings: of the run: potential, tether, mobile radius, seed, ...
        selection: which rows of the run these are.
    """
    potential = str(settings.get("potential", "unknown"))
    name, reference = _POTENTIALS.get(potential, (potential, "given by the user"))
    tether = settings.get("tether_eV_per_A2", "unknown")
    return {
        "title": f"Copper migration barriers, nearest-neighbour jumps, {{{surface}}} surroundings, {potential}",
        "quantity": "migration barrier in eV of one atom jumping to a nearest-neighbour site, forward and reverse",
        "surface": surface,
        "selection": selection,
        "settings": settings,
        "seed": settings.get("seed"),
        "potential": name,
        "potential_reference": reference,
        **_potential_facts(potential),
        "method": "constrained drag with piecewise cubic Hermite refinement along the jump; forward and reverse from "
        "one path",
        "mobile_radius": f"R_mob = {settings.get('r_mobile', 'unknown')} lattice constants around the jump",
        "tether": f"{tether} eV/A^2 {TETHER_ACTS_ON}",
        "numbering": "26 sites, first and second neighbours of both ends of the jump; positions in `sites`, in lattice "
        "constants, migrating atom at the origin, `target` beside it",
        "symmetry": "one row stands for its 4 symmetric images (same barrier) and, reversed, for 4 more (reverse "
        "barrier); one row per family of 8",
        "units": {"barrier_*": "eV", "reverse_barrier_*": "eV", "saddle_position": "share of the jump, 0 to 1"},
        "arrays": _ARRAYS,
        "source_codes": SOURCE_CODES,
        "status_codes": {str(code): meaning for code, meaning in MEANING.items()},
        "weak_points": [
            "26 sites do not fix the surroundings: about 35 meV rms",
            "the tether biases the barrier: tethered_pure lies about 21 meV above the untethered barrier, tethered "
            "about 62 meV",
            "uniform random surroundings (source 3) exist only thanks to the tether",
            "no exchange and no concerted moves: nearest-neighbour jumps of one atom only",
        ],
    }


def _potential_facts(potential: str) -> dict[str, Any]:
    """Lattice constant and parameters of the potentials that have a name here."""
    if potential == "mishin":
        from rbfcore.barriers.potentials.mishin import mishin

        text = files("rbfcore.barriers.potentials").joinpath("mishin_eam1.json").read_text(encoding="utf-8")
        return {
            "lattice_constant_angstrom": mishin().lattice_constant,
            "potential_parameters": json.loads(text)["parameters"],
        }
    if potential == "emt":
        from rbfcore.barriers.potentials.emt import emt

        crystal = emt()
        names = ("E0_eV", "V0_eV", "eta2", "kappa", "lambda", "beta", "12_gamma1")
        return {
            "lattice_constant_angstrom": crystal.lattice_constant,
            "potential_parameters": dict(zip(names, map(float, crystal.parameters), strict=True)),
        }
    return {}
