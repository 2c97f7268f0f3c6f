"""Presigned uploads: where to put a file, and the place that takes it.

The address handed out carries run, path and expiry with a signature over them, so that the
PUT needs no other credential. It is built from the request's `Host`: whatever name the
client reached us by, it reaches the upload by the same. The bytes stream to disk.

Not here: how files are kept (`store.objects`), artifact downloads.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import parse_qs, quote, urlencode

import msgspec

from server.asgi import (
    BodyTooLargeError,
    ClientGoneError,
    Receive,
    Scope,
    Send,
    body_chunks,
    header,
    read_body,
    send_error,
    send_json,
)
from server.ingest.names import artifact_path_problem, run_id_problem
from store.workspace import Workspace

PRESIGN_PATH = "/api/v1/rest/artifacts/presign"
UPLOAD_PATH = "/api/v1/rest/artifacts/upload"
EXPIRES_AFTER_S = 3600
_PRESIGN_LIMIT_BYTES = 64 * 1024
_WRITE_BYTES = 1024 * 1024


class PresignRequest(msgspec.Struct):
    """Body of the presign request."""

    run_id: str
    artifact_path: str
    content_type: str | None = None


class UploadSigner:
    """Signs upload addresses; a secret of its own for each server process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def query(self, tenant: str, run_id: str, path: str, expires_at: int) -> str:
        """The query of an upload address."""
        members = {"tenant": tenant, "run": run_id, "path": path, "expires": str(expires_at)}
        members["signature"] = self._signature(tenant, run_id, path, str(expires_at))
        return urlencode(members, quote_via=quote, safe="")

    def is_valid(self, tenant: str, run_id: str, path: str, expires: str, signed: str) -> bool:
        """Whether the signature is ours and still good."""
        good = self._signature(tenant, run_id, path, expires)
        if not hmac.compare_digest(good.encode(), signed.encode()):
            return False
        return int(expires) >= time.time()

    def _signature(self, *parts: str) -> str:
        text = "\x00".join(parts).encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()


class Uploads:
    """The two ASGI handlers; they share the signer."""

    def __init__(
        self,
        workspace_of: Callable[[Scope], Workspace],
        workspace_named: Callable[[str], Workspace],
        max_upload_bytes: int,
    ) -> None:
        self._workspace_of = workspace_of
        self._workspace_named = workspace_named
        self._max_upload_bytes = max_upload_bytes
        self._signer = UploadSigner()

    async def presign(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /artifacts/presign`: an absolute address to PUT the file to."""
        if scope["method"] != "POST":
            await send_error(send, 405, "Method Not Allowed", headers={"Allow": "POST"})
            return
        try:
            body = await read_body(scope, receive, _PRESIGN_LIMIT_BYTES)
            asked = msgspec.json.decode(body, type=PresignRequest)
        except msgspec.ValidationError as error:
            await send_error(send, 422, str(error))
            return
        except msgspec.DecodeError as error:
            await send_error(send, 422, f"JSON decode error: {error}")
            return
        except BodyTooLargeError as error:
            await send_error(send, 413, str(error))
            return
        problem = run_id_problem(asked.run_id) or artifact_path_problem(asked.artifact_path)
        if problem is not None:
            await send_error(send, 400, problem)
            return
        query = self._signer.query(
            self._workspace_of(scope).tenant,
            asked.run_id,
            asked.artifact_path,
            int(time.time()) + EXPIRES_AFTER_S,
        )
        answer = {
            "upload_url": f"{_base_url(scope)}{UPLOAD_PATH}?{query}",
            "s3_key": f"{asked.run_id}/{asked.artifact_path}",
            "headers": None,
        }
        await send_json(send, 200, answer)

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`PUT /artifacts/upload?…`: take the bytes; 200 once they are durable."""
        if scope["method"] != "PUT":
            await send_error(send, 405, "Method Not Allowed", headers={"Allow": "PUT"})
            return
        query = parse_qs(scope["query_string"].decode("ascii", "replace"))
        named = {name: values[-1] for name, values in query.items()}
        try:
            tenant, run_id, path = named["tenant"], named["run"], named["path"]
            is_valid = self._signer.is_valid(
                tenant, run_id, path, named["expires"], named["signature"]
            )
        except (KeyError, ValueError):
            is_valid = False
        if not is_valid:
            await send_error(send, 403, "The upload address is not valid, or no longer")
            return
        content_type = header(scope, b"content-type")
        workspace = self._workspace_named(tenant)
        try:
            size = await self._take(scope, receive, workspace, (run_id, path, content_type))
        except BodyTooLargeError as error:
            await send_error(send, 413, str(error), code="too_large")
        except ClientGoneError:
            return
        else:
            await send_json(send, 200, {"status": "OK", "size": size})

    async def _take(
        self,
        scope: Scope,
        receive: Receive,
        workspace: Workspace,
        target: tuple[str, str, str | None],
    ) -> int:
        """Stream the body into a file of the run; its size in bytes."""
        loop = asyncio.get_running_loop()
        size = 0
        pending = bytearray()
        # Opened and closed on other threads, so the block cannot be a `with` statement.
        stack = ExitStack()
        opening = workspace.artifacts.put(*target)
        file = await loop.run_in_executor(None, stack.enter_context, opening)
        try:
            async for chunk in body_chunks(scope, receive, self._max_upload_bytes):
                pending += chunk
                size += len(chunk)
                if len(pending) >= _WRITE_BYTES:
                    await loop.run_in_executor(None, file.write, bytes(pending))
                    pending.clear()
            await loop.run_in_executor(None, file.write, bytes(pending))
        except BaseException as error:
            stack.__exit__(type(error), error, error.__traceback__)
            raise
        await loop.run_in_executor(None, stack.close)
        return size


def _base_url(scope: Scope) -> str:
    forwarded = (header(scope, b"x-forwarded-proto") or "").split(",")[0].strip().lower()
    scheme = forwarded if forwarded in ("http", "https") else scope["scheme"]
    host = header(scope, b"host")
    if host is None:
        address, port = scope["server"]
        host = f"{address}:{port}"
    return f"{scheme}://{host}{scope.get('root_path', '')}"
