"""An environment that a network was asked about: sites, numbers, the lattice, and a script that finds them again."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dashboard.export.formats import Form, lattice_needed, register
from rbfcore.explain.what_if import Answer
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class AskedEnvironment:
    """A network's answer about one environment.

    Attributes:
        network_name: of the network that was asked; network: that network.
        code: of the environment, which names the files.
        env: the lattice whose sites the inputs are.
        filled: (D,) occupations.
        answer: see `rbfcore.explain.what_if.ask`.
        distribution: what the shares compare with, as `rbfcore.parse_distribution` reads it.
    """

    network_name: str
    code: int
    network: Parameters
    env: Environment | None
    filled: NDArray[np.bool_]
    answer: Answer
    distribution: str

    @property
    def name(self) -> str:
        """What files are called."""
        return f"{self.network_name}-environment-{self.code}"

    def table(self) -> "pd.DataFrame":
        """See `site_shares`."""
        names = self.env.names if self.env is not None else tuple(str(d + 1) for d in range(len(self.filled)))
        return site_shares(names, self.filled, self.answer)


def site_shares(names: tuple[str, ...], filled: NDArray[np.bool_], answer: Answer) -> "pd.DataFrame":
    """One row per site: filled (0 or 1), Shapley value, and the prediction when this site is changed."""
    import pandas as pd

    return pd.DataFrame(
        {"site": names, "filled": filled.astype(int), "shapley": answer.case.shapley, "changed": answer.flips}
    )


def numbers(asked: AskedEnvironment) -> str:
    """All that is on screen as JSON; predictions in units of y."""
    case, answer = asked.answer.case, asked.answer
    content = {
        "network": asked.network_name,
        "fingerprint": asked.network.fingerprint(),
        "environment": asked.code,
        "unit": asked.network.card.unit,
        "distribution": asked.distribution,
        "prediction": case.value,
        "mean": case.mean,
        "images": case.images.tolist(),
        "way_back": case.reverse,
        "sites": asked.table().to_dict("records"),
        "prototypes": {
            "numbers": list(answer.numbers),
            "terms": answer.terms.tolist(),
            "offset": answer.terms_offset,
            "prediction": answer.pruned_value,
        },
    }
    return json.dumps(content, indent=1) + "\n"


def extended_xyz(env: Environment, filled: NDArray[np.bool_], answer: Answer) -> str:
    """The sites with their shares; the column `filled` tells atoms and gaps apart."""
    from rbfcore.export.extended_xyz import sites_xyz

    case = answer.case
    return sites_xyz(env, {"filled": filled, "shapley": case.shapley}, {"barrier": case.value, "mean": case.mean})


def script(name: str, network: Parameters, code: int, distribution: str) -> str:
    """A few lines of Python that find the same numbers again, from the network's file."""
    return f'''"""What the network {name} says about environment {code}."""

import rbfcore as rc

stored = rc.read_parameters("{name}.safetensors")
assert stored.fingerprint() == "{network.fingerprint()}", "another version of the network"
x = rc.environments([{code}], {network.n_inputs})  # -1 empty, +1 filled
shares = rc.shapley_values(stored, rc.parse_distribution("{distribution}"), x)[0]
print("prediction", stored.alpha + rc.contributions(stored, x).sum())
for site, share in enumerate(shares, start=1):
    print(site, int(x[0, site - 1] > 0), share)
'''


def _lattice(asked: AskedEnvironment) -> str:
    assert asked.env is not None  # a need of the form
    return extended_xyz(asked.env, asked.filled, asked.answer)


register(
    Form(
        name="csv",
        subject=AskedEnvironment,
        label="Sites",
        ending=".csv",
        meaning="one line per site",
        write=lambda asked: asked.table().to_csv(index=False),
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="json",
        subject=AskedEnvironment,
        label="Numbers",
        ending=".json",
        meaning="all numbers",
        write=numbers,
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="xyz",
        subject=AskedEnvironment,
        label="Lattice",
        ending=".xyz",
        meaning="the sites with their shares",
        write=_lattice,
        needs=(lattice_needed("sites in space need", "write csv or json"),),
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="script",
        subject=AskedEnvironment,
        label="Script",
        ending=".py",
        meaning="code that finds the same numbers",
        write=lambda asked: script(asked.network_name, asked.network, asked.code, asked.distribution),
        rare=False,
        on_command_line=False,
    ),
)
