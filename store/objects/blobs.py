"""Bytes by their content address.

Bytes are streamed to a temporary name, synced, and renamed; a blob that has its final name
is complete and never changes. Equal bytes are kept once. A blob lives as long as somebody
names its digest; `discard` is called with digests that nobody names any more.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from store.errors import InvalidDataError, NotFoundError
from store.paths import StorePaths

_DIGEST = re.compile(r"[0-9a-f]{64}")
_TEMPORARY = ".upload-"


class BlobStore:
    """The folder of blobs. Methods may be called on any thread."""

    def __init__(self, paths: StorePaths) -> None:
        """Make the folder, and remove what an earlier process left unfinished."""
        self._folder = paths.blobs_dir
        self._folder.mkdir(exist_ok=True)
        for leftover in self._folder.glob(f"{_TEMPORARY}*"):
            leftover.unlink(missing_ok=True)
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    def path(self, digest: str) -> Path:
        """Where the bytes lie.

        Raises:
            InvalidDataError: If the text is no digest.
            NotFoundError: If there are no such bytes.
        """
        path = self._path(digest)
        if not path.exists():
            raise NotFoundError("blob", digest)
        return path

    def open(self, digest: str) -> BinaryIO:
        """The bytes as a file open for reading.

        Raises:
            InvalidDataError: If the text is no digest.
            NotFoundError: If there are no such bytes.
        """
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFoundError("blob", digest) from None

    def put(self) -> BlobWriter:
        """A writer for new bytes; a context manager."""
        return BlobWriter(self, self._folder)

    def put_bytes(self, data: bytes) -> str:
        """Store the bytes and return their digest; held until `release`."""
        with self.put() as writer:
            writer.write(data)
        return writer.digest

    def release(self, digest: str) -> None:
        """Whoever wrote the blob has recorded its digest, or gave up."""
        with self._lock:
            self._held[digest] -= 1
            if self._held[digest] <= 0:
                del self._held[digest]

    def discard(self, digests: Iterable[str]) -> None:
        """Delete blobs that nothing names, unless somebody is just writing the same bytes."""
        for digest in digests:
            with self._lock:
                if digest not in self._held:
                    self._path(digest).unlink(missing_ok=True)

    def adopt(self, temporary: Path, digest: str) -> None:
        """Give finished bytes their final name; used by the writer."""
        final = self._path(digest)
        with self._lock:
            self._held[digest] += 1
            if final.exists():
                temporary.unlink()
                return
            final.parent.mkdir(exist_ok=True)
            temporary.replace(final)
        for folder in (final.parent, self._folder):
            _sync_folder(folder)

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise InvalidDataError("digest", "is not a content address")
        return self._folder / digest[:2] / digest


class BlobWriter:
    """Streams bytes to disk; on a clean end of its `with` block they are a blob."""

    def __init__(self, blobs: BlobStore, folder: Path) -> None:
        self._blobs = blobs
        descriptor, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=folder)
        self._file = os.fdopen(descriptor, "wb")
        self._temporary = Path(name)
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        """Bytes written so far."""
        self.digest = ""
        """Content address; empty until the block has ended."""

    def write(self, data: bytes) -> int:
        """Append bytes."""
        self._hash.update(data)
        self.size_bytes += len(data)
        return self._file.write(data)

    def __enter__(self) -> BlobWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._file.close()
            self._temporary.unlink(missing_ok=True)
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self.digest = self._hash.hexdigest()
        self._blobs.adopt(self._temporary, self.digest)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
