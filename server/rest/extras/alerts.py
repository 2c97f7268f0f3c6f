"""Alerts: what rules found in the runs, who has seen it, the rules themselves, and a stream."""

import json
import math
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from server.deps import PartsDep, WorkspaceDep
from server.schemas.alerts import (
    AcknowledgedOut,
    AcknowledgeIn,
    AlertOut,
    AlertsOut,
    PastOut,
    RulesIn,
    RulesOut,
)
from server.schemas.common import error_responses
from server.watch import ChangeWatch
from store.alerts.desk import AlertDesk
from store.alerts.rules import parse_rule
from store.models.alerts import Alert

router = APIRouter(prefix="/alerts", tags=["alerts"])

BEAT_S = 15.0
"""A comment so often: proxies end connections that are silent for long."""
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-Sent Events: `alert` and `acknowledged`, each with an alert",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get("")
def alerts_find(
    workspace: WorkspaceDep,
    state: Annotated[
        Literal["all", "open"], Query(description="`open`: not acknowledged yet")
    ] = "all",
    run: Annotated[str, Query(description="Hash of a run; empty for all")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> AlertsOut:
    """What the rules found, newest first, and the rules."""
    sheet = workspace.alerts.sheet()
    wanted = [
        alert
        for alert in (sheet.open_alerts if state == "open" else sheet.alerts)
        if not run or alert.finding.run_hash == run
    ]
    return AlertsOut(
        alerts=[_alert(alert) for alert in wanted[:limit]],
        open=len(sheet.open_alerts),
        rules=list(sheet.rules),
        fixed_rules=list(sheet.fixed_rules),
        serial=sheet.serial,
    )


@router.get("/stream", response_class=StreamingResponse, responses=_STREAM)
async def alerts_stream(
    request: Request,
    parts: PartsDep,
    workspace: WorkspaceDep,
    *,
    since: Annotated[
        int | None, Query(description="Begin after this serial; left out: with what is new")
    ] = None,
    timeout_s: Annotated[
        float | None, Query(ge=0, le=86_400, description="End after so long; left out: never")
    ] = None,
    last_event_id: Annotated[str, Header(description="As `since`; it wins")] = "",
) -> StreamingResponse:
    """Alerts as they are found or acknowledged, as Server-Sent Events."""
    desk = workspace.alerts
    if last_event_id.strip().isdigit():
        since = int(last_event_id)
    if since is None:
        since = (await run_in_threadpool(desk.sheet)).serial
    end_at = math.inf if timeout_s is None else time.monotonic() + timeout_s
    events = _events(request, parts.watch, desk, since, end_at=end_at)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


@router.post("/acknowledge")
def alerts_acknowledge(wanted: AcknowledgeIn, workspace: WorkspaceDep) -> AcknowledgedOut:
    """Mark alerts as seen."""
    return AcknowledgedOut(count=workspace.alerts.acknowledge(wanted.numbers))


@router.get("/rules")
def alert_rules_find(workspace: WorkspaceDep) -> RulesOut:
    """The rules that are watched by."""
    sheet = workspace.alerts.sheet()
    return RulesOut(rules=list(sheet.rules), fixed_rules=list(sheet.fixed_rules))


@router.put("/rules", responses=error_responses(400))
def alert_rules_set(wanted: RulesIn, workspace: WorkspaceDep) -> RulesOut:
    """Watch by these rules from now on."""
    workspace.alerts.set_rules(wanted.rules)
    return alert_rules_find(workspace)


@router.get("/past", responses=error_responses(400))
def alerts_past(
    rule: Annotated[str, Query(examples=["loss is nan"])], workspace: WorkspaceDep
) -> PastOut:
    """Which runs have broken a rule already, whether it is watched by or not."""
    now = time.time()
    found = workspace.alerts.past(rule, now)
    return PastOut(
        rule=str(parse_rule(rule)), findings=[_alert(Alert(each, now)) for each in found]
    )


@router.post("/{number}/acknowledge", responses=error_responses(404))
def alert_acknowledge(number: int, workspace: WorkspaceDep) -> AcknowledgedOut:
    """Mark one alert as seen."""
    workspace.alerts.get(number)
    return AcknowledgedOut(count=workspace.alerts.acknowledge([number]))


@router.post("/{number}/mute", responses=error_responses(404))
def alert_mute(number: int, workspace: WorkspaceDep) -> AlertOut:
    """Tell nothing more of the alert's rule about its run."""
    workspace.alerts.mute(number)
    return _alert(workspace.alerts.get(number))


def _alert(alert: Alert) -> AlertOut:
    return AlertOut.model_validate(alert.as_dict())


async def _events(
    request: Request, watch: ChangeWatch, desk: AlertDesk, since: int, *, end_at: float
) -> AsyncIterator[str]:
    yield ": alerts\n\n"
    version = -1
    while not watch.is_stopping and not await request.is_disconnected():
        for alert in await run_in_threadpool(desk.since, since):
            since = alert.serial
            name = "acknowledged" if alert.is_acknowledged else "alert"
            yield f"id: {since}\nevent: {name}\ndata: {json.dumps(alert.as_dict())}\n\n"
        left_s = end_at - time.monotonic()
        if left_s <= 0:
            return
        newest = await watch.wait(version, min(BEAT_S, left_s))
        if newest == version:
            yield ": still here\n\n"
        version = newest
