"""What the gallery asks for by itself while a pruning goes on: the prototypes of its newest step.

It asks past Streamlit, whose every redraw has the browser compare and lay out the whole page.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.drawing.scene import scene
from dashboard.runs.jobs import job_registry
from dashboard.viewer.served import prefix_of
from rbfcore.lattice.of_network import environment_of

if TYPE_CHECKING:
    from dashboard.runs.outcomes import PruneJob

_PATH = "/rbfscope/frames"
_NOT_KEPT = {"Cache-Control": "no-store"}


def live_routes(base_path: str = "") -> Sequence[BaseRoute]:
    """For the server's list of routes; `base_path` as in Streamlit's option server.baseUrlPath."""
    return [Route(f"{prefix_of(base_path)}{_PATH}/{{run}}", _answer)]


def frames_address(job: "PruneJob", opacity_name: str, base_path: str = "") -> str:
    """Where the browser finds the frames of this run. Whoever knows the run's id may look, as with `?run=`."""
    return f"{prefix_of(base_path)}{_PATH}/{job.id}?{urlencode({'opacity': opacity_name})}"


def frame_of(job: "PruneJob", opacity_name: str, after: int) -> dict[str, Any] | None:
    """The newest step as the gallery draws it, or None where it is `after` and the run goes on.

    Returns:
        step; prototypes, as `scene` describes them; ended: whether this is the last frame.

    Raises:
        ValueError: an opacity that `scene` does not know.
    """
    view = job.view()
    step = 0 if view.snapshot is None else view.snapshot.iteration
    if step == after and view.active:
        return None
    prototypes = []
    if view.snapshot is not None:
        # The lattice is drawn already; of the large network only the unit is of use here.
        about = job.work.about
        env = environment_of(about.large)
        prototypes = scene(view.snapshot.network, env, opacity_name=opacity_name, unit=about.unit)["prototypes"]
    return {"step": step, "prototypes": prototypes, "ended": not view.active}


def _answer(request: Request) -> Response:
    job = job_registry().get(request.path_params["run"])
    if job is None or job.work.kind != "prune":
        return Response(status_code=404)
    try:
        asked = request.query_params
        frame = frame_of(job, asked.get("opacity", "paper"), int(asked.get("after", -1)))
    except ValueError as error:
        return Response(str(error), status_code=400, media_type="text/plain")
    return Response(status_code=204) if frame is None else JSONResponse(frame, headers=_NOT_KEPT)
