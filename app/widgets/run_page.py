"""The rows of the runs table: all hashes in order, and the records that have been read.

Only rows that were in sight are ever read. What holds: a record that changed gets a new
version, so lines drawn from the old one are not used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.cache import LRUCache

from store.models import RunRecord

MAX_RECORDS = 4000
CHUNK = 120


class RunPage:
    """Rows by position and by hash."""

    def __init__(self) -> None:
        self.hashes: Sequence[str] = ()
        self.version = 0
        """Moves when the rows are others."""
        self._positions: dict[str, int] | None = None
        self._records: LRUCache[str, tuple[RunRecord, int]] = LRUCache(MAX_RECORDS)
        self._clock = 0

    def __len__(self) -> int:
        return len(self.hashes)

    def set_hashes(self, hashes: Sequence[str]) -> None:
        """Show other runs, or the same ones in another order; known records are kept."""
        self.hashes = hashes
        self._positions = None
        self.version += 1

    def add(self, records: Iterable[RunRecord]) -> None:
        """Keep records that have been read."""
        for record in records:
            self._clock += 1
            # Textual's cache keeps the old value of a key that it has.
            self._records.discard(record.run.hash)
            self._records[record.run.hash] = (record, self._clock)

    def record(self, run_hash: str) -> RunRecord | None:
        """The record of a run, if it has been read."""
        found = self._records.get(run_hash)
        return found[0] if found else None

    def record_version(self, run_hash: str) -> int:
        """A number that differs for every record that was ever shown for this run."""
        found = self._records.get(run_hash)
        return found[1] if found else 0

    def position(self, run_hash: str) -> int | None:
        """The row of a run."""
        if self._positions is None:
            self._positions = {each: at for at, each in enumerate(self.hashes)}
        return self._positions.get(run_hash)

    def missing(self, hashes: Iterable[str]) -> list[str]:
        """Those of some runs that have not been read."""
        return [each for each in hashes if each not in self._records]

    def around(self, rows: range) -> Sequence[str]:
        """Hashes of some rows and of half a chunk on both sides."""
        return self.hashes[max(0, rows.start - CHUNK // 2) : rows.stop + CHUNK // 2]

    def known(self, hashes: Iterable[str]) -> list[RunRecord]:
        """Records that have been read, in the order of the hashes."""
        found = (self._records.get(each) for each in hashes)
        return [pair[0] for pair in found if pair is not None]

    def forget(self, hashes: Iterable[str] | None = None) -> None:
        """Read these again when they are next in sight; None is all."""
        if hashes is None:
            self._records.clear()
            return
        for each in hashes:
            self._records.discard(each)
