"""Networks on the shelf: what each is, where to look at it, and for the visitor's own rename, tag, lattice, delete."""

import streamlit as st

from dashboard.export.prototype_forms import Prototypes
from dashboard.pickers.network_picker import is_drawable
from dashboard.session.session import Session
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import export_bar, network_downloads
from dashboard.widgets.response_exports import response_exports
from rbfcore.lattice.named import lattices_of
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters


def show_networks(session: Session) -> None:
    """All networks, the visitor's own first; a word narrows the list by name, tag or data set."""
    networks = session.networks()
    own = session.shelf.networks()
    st.subheader("Networks")
    word = ""
    if len(networks) > 6:
        session.address.recall_text("find", "", widget="find_network")
        word = st.text_input("Find", placeholder="name, tag or data set", key="find_network", width=280)
        session.address.publish("find", word, default="")
    for name, network in sorted(networks.items(), key=lambda item: item[0] not in own):
        if word.lower() in f"{name} {' '.join(tags_of(network))} {network.card.dataset or ''}".lower():
            with st.container(border=True):
                describe_network(session, name, network, own=name in own)


def tags_of(network: Parameters) -> list[str]:
    """Tags that the visitor gave the network; they travel in its run card."""
    return list(network.card.tags or ())


def describe_network(session: Session, name: str, network: Parameters, *, own: bool) -> None:
    """One network: what it is, downloads, and for the visitor's own what can be changed."""
    widths = [3.2, 1, 1.1, 1] if own else [4.2, 1, 1.1]
    title, act, export, *more = st.columns(widths, vertical_alignment="center")
    badges = "".join(f" :gray-badge[{tag}]" for tag in tags_of(network))
    title.markdown(f"**{name}** · {network.n_centroids} centroids, {network.n_inputs} inputs{badges}")
    title.caption(network_line(network, own=own))
    with act.popover("Open", width="stretch"):
        if is_drawable(network) and st.button("Gallery", key=f"gallery_{name}", icon=":material/grid_view:"):
            session.open_gallery(name)
        if is_drawable(network) and st.button("Inspector", key=f"inspect_{name}", icon=":material/view_in_ar:"):
            session.open_inspector(name, 1)
        if network.n_centroids > 1 and st.button("Prune", key=f"prune_{name}", icon=":material/content_cut:"):
            session.open_pruning(name)
        st.caption("Run card")
        st.json(network.metadata, expanded=1)
    with export.popover("Export", width="stretch"), one_line_on_error():
        network_downloads(name, network, key=f"library_{name}")
        env = environment_of(network)
        if is_drawable(network):
            export_bar(Prototypes(name, network, env), f"library_{name}", rare=True)
        response_exports(name, network, env, f"library_{name}")
    for edit in more:
        with edit.popover("Edit", width="stretch"):
            edit_network(session, name, network)


def edit_network(session: Session, name: str, network: Parameters) -> None:
    """Name, tags, lattice and the way out; every change is applied at once."""
    shelf = session.shelf
    new = st.text_input("Name", name, key=f"rename_{name}")
    if new != name and shelf.rename("network", name, new) != name:
        st.rerun()
    tags = st.text_input("Tags, separated by commas", ", ".join(tags_of(network)), key=f"tags_{name}")
    wanted = [part.strip() for part in tags.split(",") if part.strip()]
    if wanted != tags_of(network):
        shelf.annotate(name, tags=wanted or None)
        st.rerun()
    own = {lattice: len(sites["positions"]) for lattice, sites in shelf.lattices().items()}
    fitting = [*lattices_of(network.n_inputs), *(name for name, count in own.items() if count == network.n_inputs)]
    offered = [None, *dict.fromkeys(fitting)]
    now = network.card.lattice
    lattice = st.selectbox(
        "Lattice of its inputs",
        offered if now in offered else [*offered, now],
        index=(offered if now in offered else [*offered, now]).index(now),
        format_func=lambda choice: choice or "none: a table",
        key=f"lattice_{name}",
    )
    if lattice != now:
        shelf.annotate(name, lattice=lattice, numbering=None)
        st.rerun()
    if st.button("Delete", key=f"delete_{name}", icon=":material/delete:"):
        shelf.remove_network(name)
        st.rerun()


def network_line(network: Parameters, *, own: bool) -> str:
    """Where it comes from and how good it is."""
    card = network.card
    unit = card.unit or ""
    parts = ["yours" if own else "ships with the program"]
    if card.dataset:
        parts.append(f"data {card.dataset}")
    if card.test_rmse is not None:
        parts.append(f"test RMSE {card.test_rmse:.4f} {unit}")
    if card.rms_gap is not None:
        parts.append(f"RMS gap {card.rms_gap:.4f} {unit}")
    return " · ".join(parts)
