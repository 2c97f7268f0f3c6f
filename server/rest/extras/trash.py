"""The trash: runs that were deleted in the dashboard and can be brought back.

Deleting over the routes of matyan and Aim is for good, as it is there.
"""

from collections.abc import Iterator

from fastapi import APIRouter

from server.codec import Tree, encode_records
from server.deps import WorkspaceDep
from server.responses import STREAM_RESPONSES, BinaryStream
from server.schemas.common import StatusOut, error_responses
from server.schemas.runs import RunHashes
from server.wire import metric_summary, run_props
from store.workspace import Workspace

router = APIRouter(prefix="/trash", tags=["extras"])


@router.get("", response_class=BinaryStream, responses=STREAM_RESPONSES)
def trash_list(workspace: WorkspaceDep) -> BinaryStream:
    """Everything in the trash, what was deleted last first."""
    return BinaryStream(encode_records(_records(workspace)))


@router.post("/put")
def trash_put(run_ids: RunHashes, workspace: WorkspaceDep) -> StatusOut:
    """Move runs into the trash; unknown ones are left out."""
    workspace.trash.put(run_ids)
    return StatusOut()


@router.post("/restore", responses=error_responses(400))
def trash_restore(run_ids: RunHashes, workspace: WorkspaceDep) -> StatusOut:
    """Bring runs back from the trash; unknown ones are left out."""
    workspace.trash.restore(run_ids)
    return StatusOut()


@router.post("/delete")
def trash_delete(run_ids: RunHashes, workspace: WorkspaceDep) -> StatusOut:
    """Delete runs of the trash for good; unknown ones are left out."""
    workspace.trash.delete(run_ids)
    return StatusOut()


def _records(workspace: Workspace) -> Iterator[tuple[str, Tree]]:
    for each in workspace.trash.find():
        record = each.record
        yield (
            record.run.hash,
            {
                "metrics": [metric_summary(metric) for metric in record.metrics],
                "props": run_props(record.run),
                "deleted_at": each.deleted_at,
            },
        )
