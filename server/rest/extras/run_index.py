"""Hashes of all runs that match, so that a table can load only what it shows."""

from fastapi import APIRouter

from server.deps import Limit, StoreDep, TimezoneOffset, WorkspaceDep
from server.responses import JsonAnswer
from server.schemas.extras import RunIndexOut
from server.sorting import sort_keys
from store.search import RunSearch

router = APIRouter(prefix="/runs", tags=["extras"])


@router.get("/index", response_model=RunIndexOut)
def runs_index(
    *,
    store: StoreDep,
    workspace: WorkspaceDep,
    q: str = "",
    sort: str = "",
    limit: Limit = 0,
    offset: str = "",
    timezone_offset: TimezoneOffset = 0,
) -> JsonAnswer:
    """Hashes of the runs that match a query, in order."""
    # Read first: what changes while the search runs is then seen as a change after it.
    version = store.changes.version
    index = workspace.search.index(
        RunSearch(
            query=q,
            sort=sort_keys(sort),
            limit=max(0, limit),
            offset=offset,
            timezone_offset_min=timezone_offset,
            with_params=False,
            with_metrics=False,
        )
    )
    return JsonAnswer({"version": version, "total": index.total, "hashes": list(index.hashes)})
