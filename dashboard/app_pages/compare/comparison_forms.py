"""Two sets of prototypes beside each other: the table of their pairs, and all numbers."""

import json
from dataclasses import dataclass

from dashboard.export.formats import Form, register
from rbfcore.parameters import Parameters
from rbfcore.symmetry.set_comparison import SetComparison


@dataclass(frozen=True, eq=False)
class Comparison:
    """What was found about two sets.

    Attributes:
        first, second: name and network of each.
        compared: see `rbfcore.symmetry.set_comparison`.
        under: the distribution of the comparison.
    """

    first: tuple[str, Parameters]
    second: tuple[str, Parameters]
    compared: SetComparison
    under: str

    @property
    def name(self) -> str:
        """What files are called."""
        return f"{self.first[0]}-and-{self.second[0]}"


def comparison_json(compared: SetComparison, a: Parameters, b: Parameters, under: str) -> str:
    """All of it; prototypes are counted from 1."""
    alone = (compared.alone_first, compared.alone_second)
    content = {
        "fingerprints": [a.fingerprint(), b.fingerprint()],
        "distribution": under,
        "rms_gap": compared.gap,
        "mean_similarity": compared.matching.mean,
        "similarity_by_chance": compared.chance,
        "pairs": compared.matching.table().to_dict("records"),
        "without_partner": [[place + 1 for place in places] for places in alone],
    }
    return json.dumps(content, indent=1)


register(
    Form(
        name="csv",
        subject=Comparison,
        label="Pairs",
        ending=".csv",
        meaning="one line per pair of prototypes",
        write=lambda comparison: comparison.compared.matching.table().to_csv(index=False),
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="json",
        subject=Comparison,
        label="Comparison",
        ending=".json",
        meaning="all numbers",
        write=lambda one: comparison_json(one.compared, one.first[1], one.second[1], one.under),
        rare=False,
        on_command_line=False,
    ),
)
