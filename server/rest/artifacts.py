"""Downloads of artifacts, one by one or all in a zip file."""

from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from server.deps import WorkspaceDep
from server.responses import BinaryStream
from server.schemas.common import error_responses
from server.zip_stream import zip_chunks
from store.errors import NotFoundError

router = APIRouter(
    prefix="/runs/{run_id}/artifacts", tags=["runs"], responses=error_responses(404)
)

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes of the file", "content": {"*/*": _BINARY}}
}
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "A zip file", "content": {"application/zip": _BINARY}}
}


@router.get("/download", response_class=Response, responses=_FILE)
def artifact_download(run_id: str, path: str, workspace: WorkspaceDep) -> FileResponse:
    """The newest version of an artifact."""
    artifact = workspace.artifacts.get(run_id, path)
    return FileResponse(
        workspace.blobs.path(artifact.digest),
        media_type=artifact.content_type,
        headers={
            "content-disposition": _attachment(artifact.name),
            # What a run uploaded must never run as a page of this origin.
            "x-content-type-options": "nosniff",
        },
    )


@router.get("/download-all", response_class=Response, responses=_ZIP)
def artifacts_download(run_id: str, workspace: WorkspaceDep) -> BinaryStream:
    """All artifacts of a run in one zip file."""
    artifacts = workspace.artifacts.find(run_id)
    if not artifacts:
        raise NotFoundError("artifacts of run", run_id)
    members = [
        (artifact.path, partial(workspace.blobs.open, artifact.digest))
        for artifact in artifacts
    ]
    return BinaryStream(
        zip_chunks(members),
        media_type="application/zip",
        headers={"content-disposition": _attachment(f"{run_id}-artifacts.zip")},
    )


def _attachment(name: str) -> str:
    """A header that names a file; old readers get a plain form of the name."""
    plain = "".join(
        c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name
    )
    header = f'attachment; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"
