"""A zip file made while it is sent: nothing of it lies in memory or on disk as a whole."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

_READ_BYTES = 256 * 1024
_MODE = 0o600 << 16


class _Sink(io.RawIOBase):
    """Takes what the zip writer writes and gives it on; cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        chunk = b"".join(self._pieces)
        self._pieces.clear()
        return chunk


def zip_chunks(members: Iterable[tuple[str, Callable[[], BinaryIO]]]) -> Iterator[bytes]:
    """Chunks of a zip file of these members: their names and how to open them.

    Members are stored as they are: checkpoints and pictures do not get smaller.
    """
    sink = _Sink()
    now = time.localtime()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, open_member in members:
            info = zipfile.ZipInfo(name, now)
            info.external_attr = _MODE
            with open_member() as source, archive.open(info, "w", force_zip64=True) as target:
                while piece := source.read(_READ_BYTES):
                    target.write(piece)
                    yield sink.take()
    yield sink.take()
