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
from itertools import chain

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from store.errors import InvalidDataError, StoreError
from store.points.frames import PointBlock, PointColumns, SequenceBatch

MAX_QUEUED_POINTS = 1_000_000
MAX_QUEUED_JOBS = 20_000
MAX_GROUP_POINTS = 200_000
"""A group is not larger than this, so that no single write takes long."""


class Pending(Struct):
    """Points of one run that wait for their commit."""

    run_id: int
    block: PointBlock
    future: Future[None] = field(default_factory=Future)


class Group(Struct, eq=False):
    """What one commit writes."""

    ids: NDArray[np.int32]
    """The sequence of each batch."""
    lengths: NDArray[np.int32]
    """The number of points of each batch."""
    points: PointColumns
    is_grouped: bool
    """Whether no sequence has more than one batch."""


def check_lengths(columns: PointBlock | SequenceBatch) -> None:
    """See that columns fit together.

    Raises:
        InvalidDataError: They differ in length.
    """
    length = len(columns.steps)
    if not length == len(columns.values) == len(columns.epochs) == len(columns.times):
        raise InvalidDataError("points", "steps, values, epochs and times differ in length")


def gather(pending: Iterable[Pending]) -> Group:
    """Put all batches into one set of columns."""
    blocks = [job.block for job in pending]
    numbers = list(chain.from_iterable(block.ids for block in blocks))
    ids = np.array(numbers, np.int32)
    lengths = np.array(list(chain.from_iterable(b.lengths for b in blocks)), np.int32)
    is_grouped = len(set(numbers)) == len(numbers)
    points = PointColumns(
        np.repeat(ids, lengths),
        np.concatenate([block.steps for block in blocks], dtype=np.int64),
        np.concatenate([block.values for block in blocks], dtype=np.float64),
        np.concatenate([block.epochs for block in blocks], dtype=np.float64),
        whole_milliseconds(np.concatenate([b.times for b in blocks], dtype=np.float64)),
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

    def submit(self, run_id: int, block: PointBlock) -> Future[None]:
        """Queue points of one run; they are committed together or not at all.

        Raises:
            InvalidDataError: The columns differ in length.
            StoreError: The store is closed.
        """
        check_lengths(block)
        job = Pending(run_id, block)
        if not len(block):
            job.future.set_result(None)
            return job.future
        with self._changed:
            while self._is_full() and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                raise StoreError("The store is closed.")
            self._queue.append(job)
            self._queued_points += len(block)
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
            points += len(job.block)
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
