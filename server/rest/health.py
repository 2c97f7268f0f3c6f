"""Liveness and readiness, at the root of the server."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from server.deps import StoreDep
from server.schemas.common import Schema
from store.errors import StoreError

router = APIRouter(prefix="/health", tags=["health"])


class LiveOut(Schema):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyOut(Schema):
    """Whether the server can do its work."""

    status: Literal["ok", "degraded"]
    checks: Annotated[
        dict[str, str], Field(description="`ok`, or what is wrong, by part of the server")
    ]


_DEGRADED: dict[int | str, dict[str, Any]] = {
    503: {"model": ReadyOut, "description": "A part of the server does not work"}
}


@router.get("/live")
async def health_live() -> LiveOut:
    """Whether the process answers at all."""
    return LiveOut()


@router.get("/ready", responses=_DEGRADED)
def health_ready(store: StoreDep, response: Response) -> ReadyOut:
    """Whether the store can be read."""
    try:
        store.default.runs.count()
    except StoreError as error:
        response.status_code = 503
        return ReadyOut(status="degraded", checks={"store": str(error)})
    return ReadyOut(status="ok", checks={"store": "ok"})
