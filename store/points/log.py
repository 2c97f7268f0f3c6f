"""The append-only file of one generation of points.

`append` returns once the bytes are on the disk. When it fails, the file is cut back to
what it held before, so that a log never has a hole: either everything up to its end is
good, or its last frame is torn and ignored by the reader. One thread appends.
"""

from __future__ import annotations

import os
from pathlib import Path

from store.errors import WriteFailedError
from store.points.decode import decode_log
from store.points.frames import HEADER, LogContents, encode_header

# A write returns when its bytes are on the disk: the same as a write and a `fdatasync`,
# but the interpreter lock is given away and fought for once instead of twice.
_FLAGS = os.O_WRONLY | os.O_DSYNC


class PointLog:
    """A log open for appending."""

    def __init__(self, path: Path, descriptor: int, size_bytes: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self.size_bytes = size_bytes
        self.is_broken = False
        """Whether a failed write could not be undone; nothing more may be appended."""

    @classmethod
    def create(cls, path: Path, generation: int) -> PointLog:
        """A new log, durable as a file.

        Raises:
            WriteFailedError: The disk is full or refuses.
        """
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | _FLAGS, 0o644)
        except OSError as error:
            raise WriteFailedError(path, error.strerror or str(error)) from error
        log = cls(path, descriptor, 0)
        try:
            log.append(encode_header(generation))
            sync_directory(path.parent)
        except (OSError, WriteFailedError) as error:
            log.close()
            path.unlink(missing_ok=True)
            if isinstance(error, WriteFailedError):
                raise
            raise WriteFailedError(path, error.strerror or str(error)) from error
        return log

    @classmethod
    def reopen(cls, path: Path, good_bytes: int) -> PointLog:
        """An existing log, cut after its last good frame.

        Raises:
            WriteFailedError: The disk refuses.
        """
        try:
            descriptor = os.open(path, _FLAGS)
            os.ftruncate(descriptor, good_bytes)
            os.lseek(descriptor, good_bytes, os.SEEK_SET)
            os.fdatasync(descriptor)
        except OSError as error:
            raise WriteFailedError(path, error.strerror or str(error)) from error
        return cls(path, descriptor, good_bytes)

    @property
    def is_empty(self) -> bool:
        """Whether no frame was ever written."""
        return self.size_bytes <= HEADER.size

    def append(self, data: bytes) -> None:
        """Write and wait until it is on the disk.

        Raises:
            WriteFailedError: The disk is full or refuses; the log is as it was before.
        """
        try:
            _write_all(self._descriptor, data)
        except OSError as error:
            self._cut_back()
            raise WriteFailedError(self.path, error.strerror or str(error)) from error
        self.size_bytes += len(data)

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self.size_bytes)
            os.lseek(self._descriptor, self.size_bytes, os.SEEK_SET)
            os.fdatasync(self._descriptor)
        except OSError:
            self.is_broken = True

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def read_log(path: Path) -> LogContents | None:
    """What a log holds, up to its first damaged frame; None if it is no log at all."""
    return decode_log(path.read_bytes())


def sync_directory(path: Path) -> None:
    """Make new and renamed entries of a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
