"""Puts the ingestion handlers in front of another ASGI application."""

from __future__ import annotations

from collections.abc import Callable

from server.asgi import Asgi, Receive, Scope, Send
from server.ingest.acks import Acks
from server.ingest.counters import IngestCounters
from server.ingest.http_batch import HttpBatches
from server.ingest.socket import SOCKET_PREFIX, IngestSocket
from server.ingest.uploads import PRESIGN_PATH, UPLOAD_PATH, Uploads
from store import Store
from store.workspace import Workspace

DEFAULT_MAX_UPLOAD_BYTES = 16 << 30
DEFAULT_MAX_BATCH_BYTES = 256 << 20

_RUNS_PREFIX = "/api/v1/rest/runs/"
_LOG_SUFFIX = "/log"
_LOG_SUFFIX_SLASH = "/log/"


def mount(
    app: Asgi,
    store: Store,
    *,
    workspace_of: Callable[[Scope], Workspace] | None = None,
    max_upload_bytes: int = DEFAULT_MAX_UPLOAD_BYTES,
    max_batch_bytes: int = DEFAULT_MAX_BATCH_BYTES,
    counters: IngestCounters | None = None,
) -> Asgi:
    """The ingestion paths, and `app` for all others.

    Args:
        app: What answers everything that is not ingestion.
        store: Where it all goes.
        workspace_of: The workspace that a request may write to; the default one if absent.
        max_upload_bytes: Longest file that is taken.
        max_batch_bytes: Longest body of a batch over HTTP.
        counters: Filled with what passes by.
    """
    choose = workspace_of if workspace_of is not None else (lambda _: store.default)
    counted = counters if counters is not None else IngestCounters()
    acks = Acks()
    socket = IngestSocket(choose, counted, acks)
    uploads = Uploads(choose, store.workspace, max_upload_bytes)
    batches = HttpBatches(choose, counted, max_batch_bytes, acks)
    exact: dict[str, Asgi] = {
        PRESIGN_PATH: uploads.presign,
        PRESIGN_PATH + "/": uploads.presign,
        UPLOAD_PATH: uploads.upload,
        UPLOAD_PATH + "/": uploads.upload,
    }

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] == "websocket":
            handler = socket if path.startswith(SOCKET_PREFIX) else app
            await handler(scope, receive, send)
            return
        handler = exact.get(path, app)
        if handler is app and path.startswith(_RUNS_PREFIX):
            run_id = _batch_run_id(path)
            if run_id is not None:
                await batches.log(run_id, scope, receive, send)
                return
        await handler(scope, receive, send)

    return dispatch


def _batch_run_id(path: str) -> str | None:
    """The run of `/runs/{id}/log`, or None if this is another path."""
    tail = path[len(_RUNS_PREFIX) :]
    for suffix in (_LOG_SUFFIX, _LOG_SUFFIX_SLASH):
        if tail.endswith(suffix):
            run_id = tail[: -len(suffix)]
            return run_id if run_id and "/" not in run_id else None
    return None
