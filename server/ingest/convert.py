"""From the messages of a connection to operations on the store.

Points of one frame become columns, one group for each metric and context, in the order in
which they came. Everything else keeps its order. A `FrameConverter` belongs to one
connection and remembers what a re-sent frame must not write twice: log records, which have
no key, and points without a step.

Not here: decoding (`server.ingest.messages`), sockets.
"""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from server.ingest import messages as wire
from server.ingest.columns import PointColumns
from server.ingest.names import artifact_path_problem
from store.models import EMPTY_CONTEXT, Context, SequenceKind, operations as ops

_OLDEST_SANE_TIME = 946_684_800.0  # the year 2000
_CLOCK_TOLERANCE_S = 86_400.0
_REMEMBERED = 4096

_OBJECT_KINDS = {
    kind: SequenceKind(plural)
    for plural in ("images", "texts", "distributions", "audios", "figures")
    for kind in (plural, plural[:-1])
}


class InvalidMessageError(ValueError):
    """A well-formed message says something that cannot be stored."""


@lru_cache(maxsize=8192)
def context_of(raw: bytes) -> Context:
    """The context of its JSON text; the same bytes come again and again.

    Raises:
        InvalidMessageError: If this is not an object.
    """
    tree = json.loads(raw)
    if tree is None:
        return EMPTY_CONTEXT
    if not isinstance(tree, dict):
        raise InvalidMessageError("context: expected an object")
    return Context.of(tree)


class FrameConverter:
    """Turns the messages of one connection into operations."""

    def __init__(self) -> None:
        self._seen: OrderedDict[Hashable, None] = OrderedDict()
        self._operations: list[ops.Operation] = []
        self._points = PointColumns()
        self._now = 0.0

    def convert(
        self, messages: Sequence[wire.Message], now: float
    ) -> tuple[list[ops.Operation], str | None]:
        """The operations of a frame, up to the first message that cannot be stored.

        Args:
            messages: Decoded messages, in order.
            now: The server's time, used where the client's is absent or absurd.

        Returns:
            The operations, and what was wrong with the message after them, if any.
        """
        operations: list[ops.Operation] = []
        self._operations = operations
        self._points = points = PointColumns()
        self._now = now
        problem: str | None = None
        try:
            for message in messages:
                if type(message) is wire.LogMetricMessage:
                    self._point(message)
                else:
                    _HANDLERS[type(message)](self, message)
        except InvalidMessageError as error:
            problem = str(error)
        operations += points.operations()
        return operations, problem

    def _time(self, moment: datetime | None) -> float:
        if moment is None:
            return self._now
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp()
        if _OLDEST_SANE_TIME <= seconds <= self._now + _CLOCK_TOLERANCE_S:
            return seconds
        return self._now

    def _is_repeated(self, key: Hashable) -> bool:
        if key in self._seen:
            return True
        self._seen[key] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return False

    def _point(self, message: wire.LogMetricMessage) -> None:
        context = context_of(bytes(message.context))
        step = message.step
        if step is None:
            sent_at = message.client_datetime
            key = ("point", message.name, context, sent_at)
            if sent_at is not None and self._is_repeated(key):
                return
            step = ops.NEXT_STEP
        if not message.name:
            raise InvalidMessageError("name: must not be empty")
        self._points.append(
            (message.name, context, message.dtype),
            step,
            message.value,
            message.epoch,
            self._time(message.client_datetime),
        )

    def _create_run(self, message: wire.CreateRunMessage) -> None:
        self._operations.append(
            ops.CreateRun(self._time(message.client_datetime), message.force_resume)
        )

    def _hparams(self, message: wire.LogHparamsMessage) -> None:
        self._operations.append(ops.SetParams(message.value))

    def _property(self, message: wire.SetRunPropertyMessage) -> None:
        self._operations.append(
            ops.SetProperty(
                name=message.name,
                description=message.description,
                is_archived=message.archived,
                experiment=message.experiment,
            )
        )

    def _add_tag(self, message: wire.AddTagMessage) -> None:
        if not message.tag_name.strip():
            raise InvalidMessageError("tag_name: must not be empty")
        self._operations.append(ops.AddTag(message.tag_name))

    def _remove_tag(self, message: wire.RemoveTagMessage) -> None:
        self._operations.append(ops.RemoveTag(message.tag_name))

    def _objects(self, message: wire.LogCustomObjectMessage) -> None:
        dtype = message.dtype or "custom"
        items = message.value if isinstance(message.value, list) else [message.value]
        self._operations.append(
            ops.LogObjects(
                kind=_OBJECT_KINDS.get(dtype, SequenceKind.CUSTOM),
                name=message.name,
                context=context_of(bytes(message.context)),
                step=ops.NEXT_STEP if message.step is None else message.step,
                epoch=message.epoch,
                time=self._time(message.client_datetime),
                items=items,
                dtype=dtype,
            )
        )

    def _terminal_line(self, message: wire.LogTerminalLineMessage) -> None:
        last = self._operations[-1] if self._operations else None
        if isinstance(last, ops.LogLines) and isinstance(last.lines, list):
            last.lines.append((message.step, message.line))
        else:
            self._operations.append(ops.LogLines([(message.step, message.line)]))

    def _record(self, message: wire.LogRecordMessage) -> None:
        moment = message.timestamp if math.isfinite(message.timestamp) else self._now
        if self._is_repeated(("record", moment, message.message, message.level)):
            return
        record = ops.NewRecord(
            message=message.message,
            level=message.level,
            time=moment,
            args=message.extra_args,
            logger_info=message.logger_info,
        )
        last = self._operations[-1] if self._operations else None
        if isinstance(last, ops.LogRecords) and isinstance(last.records, list):
            last.records.append(record)
        else:
            self._operations.append(ops.LogRecords([record]))

    def _blob(self, message: wire.BlobRefMessage) -> None:
        problem = artifact_path_problem(message.artifact_path)
        if problem is not None:
            raise InvalidMessageError(problem)
        self._operations.append(
            ops.RegisterBlob(message.artifact_path, message.content_type, message.s3_key)
        )

    def _finish(self, message: wire.FinishRunMessage) -> None:
        moment = message.client_datetime
        self._operations.append(ops.FinishRun(None if moment is None else self._time(moment)))


_HANDLERS: dict[type, Callable[[FrameConverter, Any], None]] = {
    wire.CreateRunMessage: FrameConverter._create_run,
    wire.LogHparamsMessage: FrameConverter._hparams,
    wire.SetRunPropertyMessage: FrameConverter._property,
    wire.AddTagMessage: FrameConverter._add_tag,
    wire.RemoveTagMessage: FrameConverter._remove_tag,
    wire.LogCustomObjectMessage: FrameConverter._objects,
    wire.LogTerminalLineMessage: FrameConverter._terminal_line,
    wire.LogRecordMessage: FrameConverter._record,
    wire.BlobRefMessage: FrameConverter._blob,
    wire.FinishRunMessage: FrameConverter._finish,
}
