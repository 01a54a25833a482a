"""Choosing the input distribution p(x), with only its own parameters on screen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.pickers.dataset_picker import dataset_picker
from dashboard.session.session import Session
from dashboard.shelf.computed import cached_fit
from dashboard.widgets.dropdown import dropdown
from rbfcore.distributions.held_out import FITS, Fit, families_for, fit_seconds, of_occupations
from rbfcore.distributions.registry import families, family_named

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet
    from rbfcore.distributions.base import InputDistribution

MOST_COMPONENTS = 64
FIT = "fit"  # the kind that is estimated from a data set
_FIT_LABEL = "Fitted to a data set"
_FIT_MEANING = "Estimated from the inputs of 80 % of its rows: frequencies of filled sites, or normal mixtures."


@dataclass(frozen=True)
class DistributionChoice:
    """What was typed. `build` makes the distribution, and says in one line when it cannot."""

    kind: str
    texts: dict[str, str] = field(default_factory=dict)
    data: "DataSet | None" = None
    family: str = "bernoulli"
    n_components: int | None = None

    @property
    def form(self) -> tuple[str, int | None]:
        """Name of the family that `build` makes, and its number of components: None where the fit will tell."""
        if self.kind == FIT:
            return self.family, self.n_components if FITS[self.family].components else 1
        family = family_named(self.kind)
        first = self.texts.get(family.fields[0].name, "").split(";")[0]
        return self.kind, first.count(",") + 1 if family.per_component else 1

    @property
    def occupations(self) -> bool:
        """Whether inputs are -1 or +1."""
        return of_occupations(self.form[0])

    @property
    def fit_seconds(self) -> float:
        """How long `build` takes the first time, where that is worth saying."""
        return 0.0 if self.data is None else fit_seconds(len(self.data), self.family, self.n_components)

    def fitted(self) -> Fit:
        """The fit to the data set with what it is worth; computed once.

        Raises:
            ValueError: see `rbfcore.distributions.held_out.fit`, or there is no data set to fit to.
        """
        if self.data is None:
            raise ValueError("there is no data set to fit to: choose one")
        return cached_fit(self.data, self.data.fingerprint(), self.family, self.n_components)

    def fingerprint(self, n_inputs: int) -> str:
        """What p(x) over D inputs is found again by, without building it: the same however its numbers are typed.

        Raises:
            ValueError: a text is not numbers, or they are for another number of inputs.
        """
        if self.data is not None:
            return f"fit to {self.data.fingerprint()}: {self.family}, {self.n_components} components"
        numbers = {name: read_numbers(name, text) for name, text in self.texts.items()}
        return family_named(self.kind).fingerprint(numbers, n_inputs)

    def build(self) -> "InputDistribution":
        """The distribution; this is where torch gets imported.

        Raises:
            ValueError: a text is not numbers, a value is out of range, or there is no data set to fit to.
        """
        if self.kind == FIT:
            return self.fitted().p
        from rbfcore.distributions.parsing import distribution_of

        numbers = {name: read_numbers(name, text) for name, text in self.texts.items()}
        return distribution_of(family_named(self.kind), numbers)


def distribution_picker(session: Session, page: str = "", *, mixtures: bool = False) -> DistributionChoice:
    """Kind and parameters, which are in the address.

    Args:
        page: begins the keys of the widgets. Two pages with widgets of one key would not see each other's values, but
            find the key taken.
        mixtures: also offer to fit occupations that depend on each other, for what does not need independent inputs.
    """
    offered = {family.name: family for family in families()}
    kinds = [*offered, FIT]
    session.address.recall("distribution", kinds, widget=f"{page}distribution")
    kind = st.selectbox(
        "Input distribution p(x)",
        kinds,
        format_func=lambda name: offered[name].label if name in offered else _FIT_LABEL,
        key=f"{page}distribution",
    )
    session.address.publish("distribution", kind, default=kinds[0])
    if kind == FIT:
        st.caption(_FIT_MEANING)
        return _fit_picker(session, dataset_picker(session, key="fit_to"), mixtures=mixtures)
    family = offered[kind]
    st.caption(family.meaning)
    texts = {}
    for column, number in zip(st.columns(len(family.fields)), family.fields, strict=True):
        key = f"{kind}_{number.name}"
        session.address.recall_text(key, number.default, widget=page + key)
        texts[number.name] = column.text_input(number.name, help=family.help(number), key=page + key)
        session.address.publish(key, texts[number.name], default=number.default)
    return DistributionChoice(kind, texts)


def _fit_picker(session: Session, data: "DataSet", *, mixtures: bool) -> DistributionChoice:
    """The family to fit, and the number of components where it has some; both in the address."""
    offered = [name for name in families_for(data) if mixtures or FITS[name].independent]
    family = offered[0]
    if len(offered) > 1:
        family = dropdown(session.address, "Fit", "fit_family", offered, {name: FITS[name].label for name in offered})
    n_components = None
    if FITS[family].components:
        session.address.recall("fit_components", range(1, MOST_COMPONENTS + 1))
        n_components = st.number_input(
            "Components",
            1,
            MOST_COMPONENTS,
            None,
            placeholder="by held-out rows",
            key="fit_components",
            help="Empty: 1, 2, 4 and 8 are tried until rows left out of the fit no longer gain.",
        )
        session.address.publish("fit_components", n_components, default=None)
    return DistributionChoice(FIT, data=data, family=family, n_components=n_components)


def read_numbers(name: str, text: str) -> float | list[float] | list[list[float]]:
    """ "0.5" -> a number, "1, 2" -> a list, "1, 2; 3, 4" -> a list per input.

    Raises:
        ValueError: something else.
    """
    try:
        rows = [[float(part) for part in row.split(",")] for row in text.strip().rstrip(";").split(";")]
    except ValueError as error:
        raise ValueError(
            f"{name} must be a number or numbers separated by commas, got {text!r}; write for example 0.5"
        ) from error
    if len(rows) > 1:
        return rows
    return rows[0] if len(rows[0]) > 1 else rows[0][0]
