"""Artifacts: files of a run, as multipart uploads."""

from typing import Annotated

from fastapi import File, Form, Query, UploadFile

from server.deps import PartsDep, WorkspaceDep
from server.matih.routes import new_router
from server.matih.schemas import ArtifactLoggedOut
from server.matih.strict import strict_check
from server.schemas.common import error_responses
from store.errors import InvalidDataError

router = new_router()

_CHUNK_BYTES = 1024 * 1024


@router.post("/runs/{run_id}/log-artifact", responses=error_responses(400, 404, 409, 413))
def matih_log_artifact(
    run_id: str,
    workspace: WorkspaceDep,
    parts: PartsDep,
    *,
    file: Annotated[UploadFile, File()],
    artifact_path: Annotated[
        str | None, Query(description="Folder inside the run; also as a form field")
    ] = None,
    form_path: Annotated[str | None, Form(alias="artifact_path")] = None,
) -> ArtifactLoggedOut:
    """Store a file under `artifact_path/filename`."""
    workspace.runs.require(run_id)
    path = _path_of(artifact_path or form_path or "", file.filename or "")
    size = 0
    check = strict_check(parts.settings)
    with workspace.artifacts.put(run_id, path, file.content_type, check) as target:
        while chunk := file.file.read(_CHUNK_BYTES):
            target.write(chunk)
            size += len(chunk)
    return ArtifactLoggedOut(run_id=run_id, artifact=path, size=size)


def _path_of(folder: str, filename: str) -> str:
    if not filename:
        raise InvalidDataError("file", "must have a filename")
    if folder.startswith("/"):
        raise InvalidDataError("artifact_path", "must be relative")
    return f"{folder.rstrip('/')}/{filename}" if folder else filename
