"""rbfscope export: a network's prototypes as a figure, a page, a table, atoms or code, its barriers as KMC events."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.drawing.style import Drawing
from dashboard.export.event_forms import Events
from dashboard.export.formats import Form, forms_of
from dashboard.export.prototype_forms import Prototypes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rbfcore.lattice import Environment
    from rbfcore.parameters import Parameters


def add_parser(commands: Any) -> None:
    """Add `export NET` to the console command."""
    parser = commands.add_parser("export", help="write prototypes or KMC events in the form of another program")
    parser.add_argument("network", help="a pruned network (.safetensors); for events any network of barriers")
    forms = _forms()
    parser.add_argument(
        "--to",
        required=True,
        choices=sorted(forms),
        dest="kind",
        help="; ".join(f"{name}: {form.meaning}" for name, form in forms.items()).replace("%", "%%"),
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE")
    parser.add_argument("--lattice", help="fcc26, bcc20, hcp-basal26, ...; default: what the network's run card says")
    events = parser.add_argument_group("events")
    events.add_argument("--data", metavar="DATA", help="environments of this data set (default: that of the run card)")
    events.add_argument("--temperature", type=float, default=300.0, metavar="K")
    events.add_argument("--prefactor", type=float, default=1e12, metavar="HZ")
    parser.set_defaults(run=_run)


def _forms() -> dict[str, Form[Any]]:
    """What `--to` may say: forms of prototypes and of events."""
    forms: list[Form[Any]] = [*forms_of(Prototypes), *forms_of(Events)]
    return {form.name: form for form in forms if form.on_command_line}


def _run(arguments: argparse.Namespace) -> int:
    from rbfcore.lattice.of_network import environment_of
    from rbfcore.storage.files import replacing
    from rbfcore.storage.networks import read_parameters

    network = read_parameters(arguments.network)
    env = environment_of(network, arguments.lattice)
    form = _forms()[arguments.kind]
    written = _events(network, env, arguments) if form.subject is Events else _prototypes(network, env, arguments)
    content = form.content(written)
    with replacing(arguments.output) as temporary:
        temporary.write_bytes(content)
    print(f"{arguments.output}: {written.summary if form.summary is None else form.summary(written)}")
    return 0


def _prototypes(network: "Parameters", env: "Environment | None", arguments: argparse.Namespace) -> Prototypes:
    name = Path(arguments.network).stem
    return Prototypes(name, network, env, Drawing(), columns=2, title="Prototypes")


def _events(network: "Parameters", env: "Environment | None", arguments: argparse.Namespace) -> Events:
    def environments() -> "ArrayLike":
        from rbfcore.data.load import load_dataset
        from rbfcore.export import kmc

        source = arguments.data or network.card.dataset
        if source is not None:
            return load_dataset(str(source)).x
        if network.n_inputs <= kmc.MOST_ENUMERATED:
            return kmc.all_environments(network.n_inputs)
        raise ValueError("the network names no data set: say with --data whose environments to list")

    # Whoever asks for events says that these are barriers: files of other programs carry no unit.
    name = Path(arguments.network).stem
    return Events(name, network, env, environments, arguments.temperature, arguments.prefactor, of_barriers=True)
