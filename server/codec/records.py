"""Records as chunks, with signs of life while the next record is waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from itertools import count

from server.codec.encode import Tree, Writer
from server.codec.progress import PROGRESS, Progress

FLUSH_AFTER_S = 0.25
"""Records that come slowly are sent after this time, not only when a chunk is full."""


class RecordStream:
    """Chunks of records, each under a key of its own, and of progress between them.

    Progress frames are numbered here. The first one is a chunk of its own, so that a reader
    sees at once how much is to come. Other chunks are sent when they are full, or with the
    first record after `FLUSH_AFTER_S`; their borders mean nothing to the reader.
    """

    def __init__(self, records: Iterable[tuple[str, Tree] | Progress]) -> None:
        self._records = iter(records)
        self._writer = Writer()
        self._numbers = count()
        self._progress: Progress | None = None
        # Free only while the next record is waited for, between two whole records.
        self._is_writing = threading.Lock()
        self._chunks = self._write_all()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """Read no more records."""
        self._chunks.close()

    def heartbeat(self) -> bytes:
        """What is finished, and the last progress under a new number; from another thread.

        Empty unless the next record is being waited for, or if nobody wants progress.
        """
        if self._progress is None or not self._is_writing.acquire(blocking=False):
            return b""
        try:
            return b"".join((*self._write(self._progress), self._writer.take()))
        finally:
            self._is_writing.release()

    def _write_all(self) -> Generator[bytes, None, None]:
        self._is_writing.acquire()
        flushed_at = time.monotonic()
        while (record := self._next()) is not None:
            is_first = self._progress is None and isinstance(record, Progress)
            if isinstance(record, Progress):
                self._progress = record
            yield from self._write(record)
            now = time.monotonic()
            is_due = is_first or now - flushed_at > FLUSH_AFTER_S
            if is_due and self._writer.pieces:
                yield self._writer.take()
                flushed_at = now
        if self._writer.pieces:
            yield self._writer.take()

    def _next(self) -> tuple[str, Tree] | Progress | None:
        self._is_writing.release()
        try:
            return next(self._records, None)
        finally:
            self._is_writing.acquire()

    def _write(self, record: tuple[str, Tree] | Progress) -> Iterator[bytes]:
        if isinstance(record, Progress):
            key: str = f"{PROGRESS}_{next(self._numbers)}"
            tree: Tree = (record.checked, record.total)
        else:
            key, tree = record
            if key.startswith(PROGRESS):
                key = f"_{key}"
        return self._writer.write(b"", iter(((key, tree),)))


def encode_records(records: Iterable[tuple[str, Tree] | Progress]) -> RecordStream:
    """Chunks of records and of the progress between them."""
    return RecordStream(records)
