"""The write path: what clients log, durable and visible when its future resolves.

One call of `submit` is one frame. Points go to the point engine, everything else to the
metadata writer; both commit in groups. Frames that wait for the writer are folded into one
set of bulk statements. The first frame of a run creates it, and its points wait for that.
Frames of deleted runs are acknowledged and dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

import numpy as np
from duckdb import DuckDBPyConnection
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from store.clock import EARLIEST_SANE_TIME, LATEST_SANE_LEAD_S
from store.database import clean_text
from store.errors import InvalidDataError, StoreError
from store.futures import both, pass_on, resolved, then
from store.models import Context
from store.models.operations import (
    AddTag,
    AttachArtifact,
    LogColumns,
    LogLines,
    LogObjects,
    LogPoints,
    Operation,
    RegisterBlob,
    RemoveTag,
    RunCheck,
    SetParams,
    SetProperty,
)
from store.objects.steps import PreparedObjects, prepare_objects
from store.points.frames import PointBlock
from store.queries.artifacts import check_artifact_path, discard_unnamed
from store.queries.batches import BatchOutcome, Frame, write_batch
from store.queries.logs import LogPositions
from store.queries.params import LARGEST_INT, plain_tree

if TYPE_CHECKING:
    from store.core import StoreCore

MAX_NAME_LENGTH = 1_000

MAX_KNOWN_METRICS = 65_536
_known_metrics: dict[tuple[str, str, str], tuple[str, Context, str]] = {}


class _Waiting(Struct):
    """A frame that waits for the metadata writer."""

    frame: Frame
    held_blobs: list[str]
    future: Future[None] = field(default_factory=Future)


class IngestQueue:
    """Frames of all tenants on their way to the metadata writer."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self.positions = LogPositions()
        self.frames = 0
        """Frames taken in since the store was opened."""
        self.points = 0
        """Points taken in since the store was opened."""

    def count(self, points: int) -> None:
        """Count a frame."""
        with self._lock:
            self.frames += 1
            self.points += points

    def put(self, frame: Frame, held_blobs: list[str]) -> Future[None]:
        """Queue a frame; the writer takes all that wait at once."""
        entry = _Waiting(frame, held_blobs)
        with self._lock:
            self._waiting.append(entry)
            is_first = len(self._waiting) == 1
        if is_first:
            self._submit()
        return entry.future

    def _submit(self) -> None:
        taken: list[_Waiting] = []

        def work(cursor: DuckDBPyConnection) -> BatchOutcome:
            # A second run, after a rollback, works on the same frames.
            if not taken:
                with self._lock:
                    taken.extend(self._waiting)
                    self._waiting.clear()
            frames = [entry.frame for entry in taken]
            return write_batch(self._core, cursor, self.positions, frames)

        try:
            job = self._core.writer.submit(work, lambda outcome: self._settle(taken, outcome))
        except StoreError as error:
            with self._lock:
                taken.extend(self._waiting)
                self._waiting.clear()
            self._fail(taken, error)
            return
        job.add_done_callback(lambda done: self._fail_if_failed(taken, done.exception()))

    def _settle(self, taken: list[_Waiting], outcome: BatchOutcome) -> None:
        core = self._core
        self.positions.keep(outcome.positions)
        core.points.registry.mark_stored(outcome.stored_sequences)
        if outcome.has_new_params:
            core.params_version += 1
        if outcome.has_new_names:
            core.names.forget()
        core.runs_changed(outcome.run_ids)
        for entry in taken:
            for digest in entry.held_blobs:
                core.blobs.release(digest)
        refused = {id(frame): error for frame, error in outcome.refused}
        loose = outcome.loose_blobs.union(
            *(entry.held_blobs for entry in taken if id(entry.frame) in refused)
        )
        if loose:
            discard_unnamed(core, loose)
        # All of them: points of a run that was deleted meanwhile must not wait for ever.
        core.registry.mark_durable(entry.frame.run_id for entry in taken)
        for entry in taken:
            if (error := refused.get(id(entry.frame))) is not None:
                entry.future.set_exception(error)
            else:
                entry.future.set_result(None)

    def _fail_if_failed(self, taken: list[_Waiting], error: BaseException | None) -> None:
        if error is not None:
            self._fail(taken, error)

    def _fail(self, taken: list[_Waiting], error: BaseException) -> None:
        new = self._core.registry.not_durable(entry.frame.run_id for entry in taken)
        self._core.registry.forget(new, bury=False)
        self._core.registry.mark_durable(new)
        for entry in taken:
            for digest in entry.held_blobs:
                self._core.blobs.release(digest)
            if not entry.future.done():
                entry.future.set_exception(error)


class Ingest:
    """The write path of one tenant. Any thread may call `submit`."""

    def __init__(self, core: StoreCore, tenant: str, queue: IngestQueue) -> None:
        self._core = core
        self.tenant = tenant
        """Whose runs are written."""
        self._queue = queue

    def submit(
        self, run_hash: str, operations: Sequence[Operation], check: RunCheck | None = None
    ) -> Future[None]:
        """Apply operations of one run, in order.

        Args:
            run_hash: The run.
            operations: What to apply.
            check: What has to hold; asked and acted upon in one step, so that nobody can
                change the run in between. It must look at nothing but what it is given.

        Returns:
            Resolves when everything is durable and every reader sees it.

        Raises:
            InvalidDataError: If the run hash or an operation breaks a rule; nothing of the
                frame is applied.
        """
        checked = [_checked(operation) for operation in operations]
        if not checked and check is None:
            return resolved()
        found = self._core.registry.find_or_allocate(self.tenant, run_hash)
        if found is None:
            return resolved()
        run_id, is_new = found
        points = [item for item in checked if isinstance(item, LogColumns)]
        self._queue.count(sum(len(item.steps) for item in points))
        others = [item for item in checked if not isinstance(item, LogColumns)]
        if check is not None:
            passed = self._submit_metadata(run_id, run_hash, others, check)
            if not points:
                return passed
            # Runs in the writer's thread: whoever ends the run later is answered later.
            return then(passed, lambda: self._submit_passed(run_id, run_hash, points))
        futures: list[Future[None]] = []
        if others or is_new:
            futures.append(self._submit_metadata(run_id, run_hash, others))
        if points:
            futures.append(self._submit_points(run_id, run_hash, points))
        return futures[0] if len(futures) == 1 else both(*futures)

    def _submit_metadata(
        self,
        run_id: int,
        run_hash: str,
        operations: Sequence[Operation],
        check: RunCheck | None = None,
    ) -> Future[None]:
        prepared: list[Operation | PreparedObjects] = []
        held_blobs: list[str] = []
        now = self._core.clock.now()
        try:
            for operation in operations:
                if isinstance(operation, LogObjects):
                    objects = prepare_objects(self._core, run_id, run_hash, operation)
                    held_blobs += [objects.blob] if objects.blob else []
                    prepared.append(objects)
                else:
                    prepared.append(operation)
        except BaseException:
            # Others may have found the run already, so it has to come into being.
            self._queue.put(Frame(run_id, self.tenant, run_hash, [], now), held_blobs)
            raise
        frame = Frame(run_id, self.tenant, run_hash, prepared, now, check)
        return self._queue.put(frame, held_blobs)

    def _submit_passed(
        self, run_id: int, run_hash: str, columns: Sequence[LogColumns]
    ) -> Future[None]:
        if self._core.registry.key_of(run_id) is None:
            return resolved()
        return self._submit_points(run_id, run_hash, columns)

    def _submit_points(
        self, run_id: int, run_hash: str, columns: Sequence[LogColumns]
    ) -> Future[None]:
        now = self._core.clock.now()
        blocks = [self._block(run_id, run_hash, item, now) for item in columns]
        block = blocks[0] if len(blocks) == 1 else PointBlock.joined(blocks)
        registry = self._core.registry
        if registry.is_durable(run_id):
            return self._core.points.append_block(run_id, block)
        future: Future[None] = Future()

        def append() -> None:
            if registry.key_of(run_id) is None:
                future.set_result(None)
                return
            try:
                pass_on(self._core.points.append_block(run_id, block), future)
            except StoreError as error:
                future.set_exception(error)

        registry.when_durable(run_id, append)
        return future

    def _block(self, run_id: int, run_hash: str, item: LogColumns, now: float) -> PointBlock:
        return PointBlock(
            self._core.points.registry.metric_ids(run_id, run_hash, item.metrics),
            item.lengths,
            item.steps,
            item.values,
            item.epochs,
            _believed(item.times, now),
        )


def _checked(operation: Operation) -> Operation:
    match operation:
        case LogPoints() | LogColumns():
            return _columns(operation)
        case LogObjects():
            if operation.step < -1 or operation.step > LARGEST_INT:
                raise InvalidDataError("step", "must be an integer from 0 on")
            return replace(
                operation,
                name=_sequence_name(operation.name),
                context=_clean_context(operation.context),
                dtype=clean_text(operation.dtype),
            )
        case SetParams():
            return SetParams(plain_tree(operation.value))
        case RegisterBlob() | AttachArtifact():
            check_artifact_path(operation.path)
            return operation
        case AddTag():
            if not operation.name.strip():
                raise InvalidDataError("tag_name", "must not be empty")
            return AddTag(clean_text(operation.name))
        case RemoveTag():
            return RemoveTag(clean_text(operation.name))
        case SetProperty() if operation.experiment is not None:
            return replace(operation, experiment=clean_text(operation.experiment))
        case LogLines():
            if any(abs(step) > LARGEST_INT for step, _ in operation.lines):
                raise InvalidDataError("step", "is too large")
            return operation
        case _:
            return operation


def _one_column(points: LogPoints) -> LogColumns:
    """The points of one metric as columns of a frame."""
    metric = _metric(points.name, points.context, points.dtype)
    try:
        steps = np.asarray(points.steps, dtype=np.int64)
        unknown = np.full(len(steps), np.nan)
        columns = LogColumns(
            [metric],
            [len(steps)],
            steps,
            np.asarray(points.values, dtype=np.float64),
            unknown if points.epochs is None else np.asarray(points.epochs, dtype=np.float64),
            unknown if points.times is None else np.asarray(points.times, dtype=np.float64),
        )
    except (OverflowError, TypeError, ValueError) as error:
        raise InvalidDataError(f"points of '{points.name}'", str(error)) from error
    _check_lengths(columns)
    return columns


def _columns(columns: LogPoints | LogColumns) -> LogColumns:
    """The columns with checked names."""
    if isinstance(columns, LogPoints):
        return _one_column(columns)
    _check_lengths(columns)
    metrics = [_metric(*metric) for metric in columns.metrics]
    return columns if metrics == columns.metrics else replace(columns, metrics=metrics)


def _check_lengths(columns: LogColumns) -> None:
    count = sum(columns.lengths)
    lengths = {len(columns.steps), len(columns.values), len(columns.epochs), len(columns.times)}
    if lengths != {count} or len(columns.lengths) != len(columns.metrics):
        names = ", ".join(f"'{name}'" for name, _, _ in columns.metrics[:3])
        raise InvalidDataError(f"points of {names}", "columns differ in length")


def _metric(name: str, context: Context, dtype: str) -> tuple[str, Context, str]:
    """The name of a metric as it is stored; the same ones come again and again."""
    # By the context's text: a string keeps its hash, a context would make it each time.
    key = (name, context.text, dtype)
    known = _known_metrics.get(key)
    if known is None:
        known = (_sequence_name(name), _clean_context(context), clean_text(dtype))
        if len(_known_metrics) >= MAX_KNOWN_METRICS:
            _known_metrics.clear()
        _known_metrics[key] = known
    return known


def _sequence_name(name: str) -> str:
    if not name or len(name) > MAX_NAME_LENGTH:
        raise InvalidDataError("name", f"must have 1 to {MAX_NAME_LENGTH} characters")
    return clean_text(name)


def _clean_context(context: Context) -> Context:
    text = clean_text(context.text)
    return context if text is context.text else Context(text)


def _believed(times: NDArray[np.float64], now: float) -> NDArray[np.float64]:
    is_sane = (times >= EARLIEST_SANE_TIME) & (times <= now + LATEST_SANE_LEAD_S)
    return times if bool(is_sane.all()) else np.where(is_sane, times, now)
