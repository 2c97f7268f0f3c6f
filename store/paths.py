"""Where things lie inside a store's folder.

    meta.duckdb       metadata and the manifest of segments
    wal/              logs of points that are not sealed yet
    segments/         sealed points, Parquet
    blobs/            bytes by their content address
    owner.json        who owns the store now, and how to reach it
    lock              held by the owner
    socket            the owner's Unix socket

Nothing here does input or output.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class StorePaths(Struct, frozen=True):
    """The paths of one store."""

    root: Path

    @property
    def meta(self) -> Path:
        """The DuckDB file."""
        return self.root / "meta.duckdb"

    @property
    def new_meta(self) -> Path:
        """The DuckDB file of a store that is just being created."""
        return self.root / "meta.new"

    @property
    def wal_dir(self) -> Path:
        """Folder of the point logs."""
        return self.root / "wal"

    @property
    def segments_dir(self) -> Path:
        """Folder of the sealed points."""
        return self.root / "segments"

    @property
    def blobs_dir(self) -> Path:
        """Folder of the blobs."""
        return self.root / "blobs"

    @property
    def owner_file(self) -> Path:
        """Who owns the store, as JSON."""
        return self.root / "owner.json"

    @property
    def lock_file(self) -> Path:
        """The file whose lock makes one process the owner."""
        return self.root / "lock"

    @property
    def socket(self) -> Path:
        """The Unix socket that the owner listens on."""
        return self.root / "socket"
