"""`POST /api/v1/rest/runs/{id}/log`: a batch over plain HTTP, durable when answered.

For programs that would rather not keep a WebSocket open. One JSON object with any of

    columns   [{"name": "loss", "context": {...}, "steps": [...], "values": [...],
                "epochs": [...], "times": [...], "dtype": "float"}, ...]
    points    [{"name": "loss", "value": 0.5, "step": 1, "epoch": 0, "context": {...},
                "time": 1763757703.4}, ...]
    params    {...}
    messages  the messages of the WebSocket, in order

Columns are fastest. Without steps, points get the next ones. Times are seconds since the
epoch. The batch is refused as a whole when a part of it is invalid.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from itertools import repeat
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from server.asgi import (
    BodyTooLargeError,
    ClientGoneError,
    Receive,
    Scope,
    Send,
    read_body,
    send_error,
    send_json,
)
from server.ingest.acks import Acks
from server.ingest.columns import PointColumns
from server.ingest.convert import FrameConverter, InvalidMessageError
from server.ingest.counters import IngestCounters
from server.ingest.messages import Step, message_of, parse_json
from server.ingest.names import run_id_problem
from store.errors import StoreError
from store.models import EMPTY_CONTEXT, Context, operations as ops
from store.workspace import Workspace

LOG_PATH_SUFFIX = "/log"
LARGE_BODY_BYTES = 128 * 1024
"""Longer bodies are decoded on another thread."""

logger = logging.getLogger("runfolio.ingest")
_Name = Annotated[str, Meta(min_length=1)]


class ColumnsIn(Struct):
    """Points of one metric as columns of one length."""

    name: _Name
    values: list[float]
    steps: list[Step] | None = None
    epochs: list[float | None] | None = None
    times: list[float] | None = None
    context: dict[str, Any] | None = None
    dtype: str = "float"


class PointIn(Struct, gc=False):
    """One point of a metric."""

    name: _Name
    value: float
    step: Step | None = None
    epoch: float | None = None
    context: dict[str, Any] | None = None
    time: float | None = None


class BatchIn(Struct):
    """Body of the request."""

    columns: list[ColumnsIn] = []
    points: list[PointIn] = []
    params: dict[str, Any] | None = None
    messages: list[dict[str, Any]] = []


class Batch(Struct):
    """A batch ready for the store."""

    operations: list[ops.Operation]
    point_count: int


_decoder = msgspec.json.Decoder(BatchIn)


class HttpBatches:
    """ASGI handler of `/api/v1/rest/runs/{id}/log`."""

    def __init__(
        self,
        workspace_of: Callable[[Scope], Workspace],
        counters: IngestCounters,
        max_body_bytes: int,
        acks: Acks,
    ) -> None:
        self._workspace_of = workspace_of
        self._counters = counters
        self._max_body_bytes = max_body_bytes
        self._acks = acks

    async def log(self, run_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Store a batch; 200 once it is durable."""
        if scope["method"] != "POST":
            await send_error(send, 405, "Method Not Allowed", headers={"Allow": "POST"})
            return
        problem = run_id_problem(run_id)
        if problem is not None:
            await send_error(send, 400, problem)
            return
        try:
            body = await read_body(scope, receive, self._max_body_bytes)
            batch = await _understand(body)
            await self._store(run_id, scope, batch.operations)
        except (msgspec.DecodeError, ValueError) as error:
            await send_error(send, 400, str(error))
        except BodyTooLargeError as error:
            await send_error(send, 413, str(error), code="too_large")
        except StoreError as error:
            await send_error(send, 400, str(error), code=error.code)
        except ClientGoneError:
            return
        else:
            self._counters.batches += 1
            self._counters.batch_points += batch.point_count
            answer = {"id": run_id, "status": "OK", "points": batch.point_count}
            await send_json(send, 200, answer)

    async def _store(self, run_id: str, scope: Scope, operations: list[ops.Operation]) -> None:
        if not operations:
            return
        ingest = self._workspace_of(scope).ingest
        await self._acks.wait(ingest.submit(run_id, operations))


async def _understand(body: bytes) -> Batch:
    if len(body) > LARGE_BODY_BYTES:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, batch_of, body)
    return batch_of(body)


def batch_of(body: bytes) -> Batch:
    """A request's body as operations.

    Raises:
        ValueError: If it cannot be understood; also as `msgspec.DecodeError`.
    """
    try:
        decoded = _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError):
        # Python's dialect: NaN, Infinity. Whatever else is wrong is found again.
        decoded = msgspec.convert(parse_json(body.decode()), BatchIn)
    now = time.time()
    operations: list[ops.Operation] = []
    if decoded.messages:
        messages = [message_of(element) for element in decoded.messages]
        converted, problem = FrameConverter().convert(messages, now)
        if problem is not None:
            raise InvalidMessageError(problem)
        operations += converted
    if decoded.params is not None:
        operations.append(ops.SetParams(decoded.params))
    if decoded.columns or decoded.points:
        operations += _gathered(decoded, now).operations()
    count = sum(len(op.steps) for op in operations if isinstance(op, ops.LogColumns))
    return Batch(operations, count)


def _gathered(batch: BatchIn, now: float) -> PointColumns:
    gathered = PointColumns()
    for columns in batch.columns:
        if columns.values:
            _add_columns(gathered, columns, now)
    for point in batch.points:
        gathered.append(
            (point.name, _context(point.context), None),
            ops.NEXT_STEP if point.step is None else point.step,
            point.value,
            point.epoch,
            now if point.time is None else point.time,
        )
    return gathered


def _add_columns(gathered: PointColumns, columns: ColumnsIn, now: float) -> None:
    count = len(columns.values)
    for name in ("steps", "epochs", "times"):
        column = getattr(columns, name)
        if column is not None and len(column) != count:
            raise ValueError(
                f"columns '{columns.name}': {len(column)} {name} for {count} values"
            )
    epochs = [math.nan if epoch is None else epoch for epoch in columns.epochs or ()]
    gathered.extend(
        (columns.name, _context(columns.context), columns.dtype),
        repeat(ops.NEXT_STEP, count) if columns.steps is None else columns.steps,
        columns.values,
        repeat(math.nan, count) if columns.epochs is None else epochs,
        repeat(now, count) if columns.times is None else columns.times,
    )


def _context(tree: dict[str, Any] | None) -> Context:
    return Context.of(tree) if tree else EMPTY_CONTEXT
