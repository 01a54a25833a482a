"""Barriers of a list of environments as events for kinetic Monte Carlo, in the forms of other programs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dashboard.export.formats import Form, Need, lattice_needed, register
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Events:
    """The jumps out of some environments.

    Attributes:
        name: what files are called.
        network: predicts barriers.
        env: the lattice whose sites its inputs are.
        environments: gives the (N, D) occupations -1/+1; called when the events are written, as rows may be many.
        temperature: in K; prefactor: in Hz.
        of_barriers: whether the network predicts barriers in eV; see `predicts_barriers`.
    """

    name: str
    network: Parameters
    env: Environment | None
    environments: Callable[[], "ArrayLike"]
    temperature: float = 300.0
    prefactor: float = 1e12
    of_barriers: bool = True

    @cached_property
    def table(self) -> "pd.DataFrame":
        """See `rbfcore.export.kmc.kmc_events`."""
        from rbfcore.export.kmc import kmc_events

        return kmc_events(self.network, self.env, self.environments(), self.temperature, self.prefactor)

    @property
    def summary(self) -> str:
        return f"{len(self.table):,} events at {self.temperature:g} K, prefactor {self.prefactor:g} Hz"


def predicts_barriers(network: Parameters) -> bool:
    """Whether the run card says that the responses are barriers."""
    return network.card.unit == "eV"


def _csv(events: Events) -> str:
    from rbfcore.export.kmc import as_csv

    return as_csv(events.table, events.network)


def _spparks(events: Events) -> str:
    from rbfcore.export.kmc import as_spparks

    assert events.env is not None  # a need of the form
    return as_spparks(events.table, events.env, events.network)


def _kmcpy(events: Events) -> str:
    from rbfcore.export.kmc import as_kmcpy

    return as_kmcpy(events.table, events.network, events.env)


BARRIERS = Need[Events](
    "barriers in eV",
    lambda events: events.of_barriers,
    "events need a network that predicts barriers in eV, and the run card of this one does not say so",
)

register(
    Form(
        name="kmc",
        subject=Events,
        label="Table",
        ending=".csv",
        meaning="csv of events",
        details="One row per environment: occupation (site 1 first), forward and reverse barrier in eV, their "
        "difference, both rates at T. Every column is explained in the file.",
        write=_csv,
        needs=(BARRIERS,),
    ),
    Form(
        name="spparks",
        subject=Events,
        label="SPPARKS lines",
        ending=".txt",
        meaning="lines for SPPARKS (not run with it)",
        details="Lines `barrier hop I J Q` of app_style diffusion: the mean barrier by the two coordination numbers. "
        "Much is lost on the way, and the file says how much. Compared with SPPARKS's source, not run with it.",
        write=_spparks,
        needs=(
            BARRIERS,
            lattice_needed("coordination numbers need", "export to kmc"),
        ),
    ),
    Form(
        name="kmcpy",
        subject=Events,
        label="kMCpy model",
        ending=".json",
        meaning="a model file of kMCpy 0.3.0",
        details="A local barrier model of kMCpy 0.3.0, run with it: a rule for each environment and direction, 0 "
        "filled, 1 empty, barriers in meV. kMCpy tries the rules one by one, so short tables are much faster.",
        write=_kmcpy,
        needs=(BARRIERS,),
    ),
)
