"""One registry of forms: what a page hands over is what the command line writes, and a form from outside is in both."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import rbfcore as rc
from dashboard.cli import build_parser, main
from dashboard.drawing.style import Drawing
from dashboard.export.event_forms import Events
from dashboard.export.formats import Form, forget, form_named, forms_of, register
from dashboard.export.prototype_forms import Prototypes
from dashboard.shelf.shelf import Shelf
from dashboard.viewer.script import has_local_script
from dashboard.widgets import downloads
from dashboard.widgets.export_bar import explanation_downloads, network_downloads
from rbfcore.data.bundled import assets_folder
from rbfcore.data.write import write_dataset
from rbfcore.explain.report import explanation
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import write_parameters
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import tiny_data, tiny_network, widget

NAME = "cu110-16"
SOURCE = assets_folder() / "networks" / f"{NAME}.safetensors"
COMMAND_FORMS = [form.name for subject in (Prototypes, Events) for form in forms_of(subject) if form.on_command_line]


@pytest.fixture
def network() -> Parameters:
    return rc.read_parameters(SOURCE)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Makers of the files behind the download buttons of a page, by file name."""
    makers: dict[str, Callable[[], bytes]] = {}

    def kept(_: str, make: Callable[[], bytes], file_name: str, *__: object, disabled: bool, **___: object) -> None:
        if not disabled:
            makers[file_name] = make

    monkeypatch.setattr(downloads.st, "download_button", kept)
    return makers


@pytest.fixture
def counted() -> Iterator[Form[Prototypes]]:
    """A form that the program does not know, registered as a reader of the guide would."""
    form = Form(
        name="count",
        subject=Prototypes,
        label="Count",
        ending=".count",
        meaning="how many prototypes there are",
        write=lambda shown: f"{shown.network.n_centroids}\n",
    )
    register(form)
    yield form
    forget(form)


def written(kind: str, folder: Path, *options: str) -> bytes:
    output = folder / f"written.{kind}"
    assert main(["export", str(SOURCE), "--to", kind, "-o", str(output), *options]) == 0
    return output.read_bytes()


@pytest.mark.parametrize(
    ("kind", "file_name"),
    [
        ("csv", f"{NAME}-prototypes.csv"),
        ("json", f"{NAME}.json"),
        ("xyz", f"{NAME}.xyz"),
        ("snippet", f"{NAME}.py"),
    ],
)
def test_the_page_hands_over_what_the_command_line_writes(
    network: Parameters, offered: dict[str, Callable[[], bytes]], tmp_path: Path, kind: str, file_name: str
) -> None:
    network_downloads(NAME, network, key="k", drawing=Drawing(), env=environment_of(network))
    assert offered[file_name]() == written(kind, tmp_path)


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_a_drawing_differs_in_its_settings_only(network: Parameters, tmp_path: Path, kind: str) -> None:
    """The page draws four columns and the command line two: with two the files are equal."""
    form, env = form_named(Prototypes, kind), environment_of(network)
    as_page = Prototypes(NAME, network, env, Drawing())
    assert form.content(as_page) != written(kind, tmp_path)
    assert form.content(Prototypes(NAME, network, env, Drawing(), columns=2)) == written(kind, tmp_path)


@pytest.mark.parametrize("ending", ["html", "json", "csv"])
def test_explanations_are_the_same_from_page_and_command_line(
    network: Parameters, offered: dict[str, Callable[[], bytes]], tmp_path: Path, ending: str
) -> None:
    output = tmp_path / f"one.{ending}"
    assert main(["explain", str(SOURCE), "-o", str(output)]) == 0
    explained = explanation(network, rc.Bernoulli(0.5), SOURCE.name)
    explanation_downloads(NAME, network, explained, environment_of(network), key="k")
    assert offered[f"{NAME}-importance.{ending}"]() == output.read_bytes()


@pytest.mark.parametrize(
    ("kind", "button"),
    [("kmc", "Table (.csv)"), ("spparks", "SPPARKS lines (.txt)"), ("kmcpy", "kMCpy model (.json)")],
)
def test_events_are_the_same_from_page_and_command_line(
    open_page: OpenPage,
    shelf: Shelf,
    offered: dict[str, Callable[[], bytes]],
    tmp_path: Path,
    kind: str,
    button: str,
) -> None:
    shelf.add_dataset("tiny", tiny_data())
    write_dataset(tiny_data(), tmp_path / "tiny.npz")
    page = open_page("prototypes", network=NAME)
    widget(page, "selectbox", "Environments of").set_value("tiny").run()
    widget(page, "selectbox", "Form").set_value(kind).run()
    assert button in widget(page, "selectbox", "Form").options
    ending = form_named(Events, kind).ending
    assert offered[f"{NAME}-events-tiny{ending}"]() == written(kind, tmp_path, "--data", str(tmp_path / "tiny.npz"))


def test_a_form_from_outside_is_on_the_command_line_and_on_the_page(
    counted: Form[Prototypes],
    network: Parameters,
    offered: dict[str, Callable[[], bytes]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert written("count", tmp_path) == b"16\n"
    with pytest.raises(SystemExit):
        build_parser().parse_args(["export", "--help"])
    assert "count: how many prototypes there are" in " ".join(capsys.readouterr().out.split())
    network_downloads("mine", network, key="k", drawing=Drawing(), env=None)
    assert offered["mine.count"]() == b"16\n"
    with pytest.raises(ValueError, match="there is a form 'count' of Prototypes already"):
        register(counted)


def test_what_is_missing_is_said_or_hides_the_form(
    offered: dict[str, Callable[[], bytes]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = tiny_network(3, 7)
    network_downloads("table", network, key="k", drawing=Drawing(), env=None)
    assert {"table.svg", "table-report.html", "table.json"} < set(offered)
    assert not {"table.html", "table.xyz"} & set(offered)
    write_parameters(network, tmp_path / "table.safetensors")
    for kind, said in {"html": "the 3D page needs a lattice", "xyz": "atoms need a lattice"}.items():
        command = ["export", str(tmp_path / "table.safetensors"), "--to", kind, "-o", str(tmp_path / "out")]
        assert main(command) == 2
        assert said in capsys.readouterr().err
    offered.clear()
    network_downloads("table", network, key="k")
    assert set(offered) == {"table.safetensors"}


def test_a_need_that_can_be_dealt_with_disables_its_button(
    network: Parameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, str | None] = {}

    def kept(label: str, *_: object, **options: object) -> None:
        told[label] = options["help"] if options["disabled"] else None

    monkeypatch.setattr(downloads.st, "download_button", kept)
    monkeypatch.setattr("dashboard.export.prototype_forms.has_local_script", lambda: False)
    network_downloads(NAME, network, key="k", drawing=Drawing(), env=environment_of(network))
    assert told["3D page (.html)"] == "Needs 3Dmol.js on this machine: run `rbfscope fetch-viewer` once."
    assert told["Report (.html)"] is None


def test_an_ending_needs_its_dot() -> None:
    form = Form(name="bad", subject=Prototypes, label="Bad", ending="bad", meaning="", write=lambda _: "")
    with pytest.raises(ValueError, match="must start with a dot, got 'bad'"):
        register(form)
    with pytest.raises(ValueError, match="no form 'bad' of Prototypes: expected one of safetensors, csv"):
        form_named(Prototypes, "bad")


_EXPORTS = """
import sys
from dashboard.cli import main
assert main(sys.argv[1:]) == 0
print(sorted({"streamlit", "plotly"} & set(sys.modules)))
"""


@pytest.mark.parametrize("kind", COMMAND_FORMS)
def test_the_command_line_loads_no_screen(tmp_path: Path, kind: str) -> None:
    if kind == "html" and not has_local_script():
        pytest.skip("needs 3Dmol.js")
    write_dataset(tiny_data(), tmp_path / "tiny.npz")
    command = ["export", str(SOURCE), "--to", kind, "-o", str(tmp_path / "out"), "--data", str(tmp_path / "tiny.npz")]
    done = subprocess.run([sys.executable, "-c", _EXPORTS, *command], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "out").stat().st_size > 0
