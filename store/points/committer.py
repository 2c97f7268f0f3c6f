"""The one thread that makes points durable and visible: group commit.

It drains the queue, writes everything as one frame, waits for the disk once, adds the
points to the tail and to the summaries, tells who watches, and then resolves the futures.
There is no timer: while the disk works, the next group gathers by itself.

The queue is bounded. `submit` blocks while too many points wait, which slows down whoever
sends them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from store.errors import InvalidDataError, StoreError
from store.points.frames import PointColumns, SequenceBatch

MAX_QUEUED_POINTS = 1_000_000
MAX_QUEUED_JOBS = 20_000
MAX_GROUP_POINTS = 200_000
"""A group is not larger than this, so that no single write takes long."""


@dataclass(slots=True)
class Pending:
    """Points of one run that wait for their commit."""

    run_id: int
    batches: Sequence[SequenceBatch]
    point_count: int
    future: Future[None] = field(default_factory=Future)


@dataclass(slots=True, eq=False)
class Group:
    """What one commit writes."""

    ids: NDArray[np.int32]
    """The sequence of each batch."""
    lengths: NDArray[np.int32]
    """The number of points of each batch."""
    points: PointColumns
    is_grouped: bool
    """Whether no sequence has more than one batch."""


def checked_length(batch: SequenceBatch) -> int:
    """The number of points of a batch.

    Raises:
        InvalidDataError: The columns differ in length.
    """
    length = len(batch.steps)
    if not length == len(batch.values) == len(batch.epochs) == len(batch.times):
        raise InvalidDataError("points", "steps, values, epochs and times differ in length")
    return length


def gather(pending: Iterable[Pending]) -> Group:
    """Put all batches into one set of columns."""
    batches = [batch for job in pending for batch in job.batches]
    numbers = [b.sequence_id for b in batches if len(b.steps)]
    is_grouped = len(set(numbers)) == len(numbers)
    ids = np.array([b.sequence_id for b in batches], np.int32)
    lengths = np.array([len(b.steps) for b in batches], np.int32)
    times = np.concatenate([b.times for b in batches], dtype=np.float64)
    points = PointColumns(
        np.repeat(ids, lengths),
        np.concatenate([b.steps for b in batches], dtype=np.int64),
        np.concatenate([b.values for b in batches], dtype=np.float64),
        np.concatenate([b.epochs for b in batches], dtype=np.float64),
        whole_milliseconds(times),
    )
    return Group(ids, lengths, points, is_grouped)


MAX_TIME_S = 253_402_300_800.0
"""The year 10000; a time beyond it, or before 1970, counts as unknown."""


def whole_milliseconds(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times as they will be in segments, so that sealing never changes an answer."""
    is_sane = (times >= 0.0) & (times < MAX_TIME_S)
    if not is_sane.all():
        times = np.where(is_sane, times, np.nan)
    rounded: NDArray[np.float64] = np.rint(times * 1000.0) / 1000.0
    return rounded


def number_steps(
    group: Group, last_steps: Callable[[NDArray[np.int32]], NDArray[np.int64]]
) -> None:
    """Replace every negative step by the last step of its sequence plus one."""
    steps = group.points.steps
    if not (steps < 0).any():
        return
    distinct = np.unique(group.ids)
    last = dict(zip(distinct.tolist(), last_steps(distinct).tolist(), strict=True))
    start = 0
    for sequence_id, length in zip(group.ids.tolist(), group.lengths.tolist(), strict=True):
        part = steps[start : start + length]
        start += length
        if (part < 0).all():
            part[:] = np.arange(last[sequence_id] + 1, last[sequence_id] + 1 + length)
            last[sequence_id] += length
            continue
        for index, step in enumerate(part.tolist()):
            number = step if step >= 0 else last[sequence_id] + 1
            part[index] = number
            last[sequence_id] = max(last[sequence_id], number)


class Committer:
    """Queue and thread. What a commit consists of is given by `commit`."""

    def __init__(self, commit: Callable[[Sequence[Pending]], None]) -> None:
        """Start the thread.

        Args:
            commit: Writes the points of all jobs; raises a `StoreError` when it cannot.
        """
        self._commit = commit
        self._changed = threading.Condition()
        self._queue: deque[Pending] = deque()
        self._queued_points = 0
        self._is_closed = False
        self._is_busy = False
        self._thread = threading.Thread(target=self._serve, name="point-committer", daemon=True)
        self._thread.start()

    def submit(self, run_id: int, batches: Sequence[SequenceBatch]) -> Future[None]:
        """Queue points of one run; they are committed together or not at all.

        Raises:
            InvalidDataError: The columns of a batch differ in length.
            StoreError: The store is closed.
        """
        job = Pending(run_id, batches, sum(checked_length(batch) for batch in batches))
        if not job.point_count:
            job.future.set_result(None)
            return job.future
        with self._changed:
            while self._is_full() and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                raise StoreError("The store is closed.")
            self._queue.append(job)
            self._queued_points += job.point_count
            if not self._is_busy:
                self._changed.notify_all()
        return job.future

    def _is_full(self) -> bool:
        return self._queued_points > MAX_QUEUED_POINTS or len(self._queue) > MAX_QUEUED_JOBS

    def close(self) -> None:
        """Commit what is queued, then stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._is_busy = False
                while not self._queue and not self._is_closed:
                    self._changed.wait()
                if not self._queue:
                    return
                self._is_busy = True
                was_full = self._is_full()
                jobs = self._next_group()
                if was_full:
                    self._changed.notify_all()
            self._settle(jobs)

    def _next_group(self) -> list[Pending]:
        jobs: list[Pending] = []
        points = 0
        while self._queue and (not jobs or points < MAX_GROUP_POINTS):
            job = self._queue.popleft()
            points += job.point_count
            jobs.append(job)
        self._queued_points -= points
        return jobs

    def _settle(self, jobs: list[Pending]) -> None:
        try:
            self._commit(jobs)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the points
            for job in jobs:
                job.future.set_exception(error)
            return
        for job in jobs:
            job.future.set_result(None)
