"""What changed since: a long poll."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request

from server.deps import PartsDep, tenant_of
from server.schemas.extras import ChangesOut, TimeoutS
from server.watch import ChangeWatch

router = APIRouter(tags=["extras"])


@router.get("/changes")
async def changes_wait(
    request: Request,
    parts: PartsDep,
    since: Annotated[int, Query(description="A version seen earlier; -1 for none")] = -1,
    timeout_s: Annotated[TimeoutS, Query(description="How long to wait for a change")] = 25.0,
) -> ChangesOut:
    """The store's version as soon as it is past `since`, and the runs that changed.

    Versions count from the start of the server: one that lies ahead of the store's comes
    from an earlier server, and is answered at once with everything changed.
    """
    store = parts.store
    if since < 0 or since > store.changes.version:
        return ChangesOut(version=store.changes.version, runs=None)
    version = await _wait(request, parts.watch, since, timeout_s)
    changed = store.changes.runs_since(since, tenant_of(request.scope))
    return ChangesOut(version=version, runs=None if changed is None else sorted(changed))


async def _wait(request: Request, watch: ChangeWatch, since: int, timeout_s: float) -> int:
    """Wait for a change, but not for a client that is gone."""
    waiting = asyncio.ensure_future(watch.wait(since, timeout_s))
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait((waiting, gone), return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else since
    finally:
        waiting.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
