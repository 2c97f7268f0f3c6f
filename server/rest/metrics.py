"""The page of counters for Prometheus, at the root of the server."""

from fastapi import APIRouter, Response

from server.deps import PartsDep
from server.metrics import MEDIA_TYPE

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics_page(parts: PartsDep) -> Response:
    """Counters of this server and its store, as text."""
    return Response(parts.metrics.render(), headers={"content-type": MEDIA_TYPE})
