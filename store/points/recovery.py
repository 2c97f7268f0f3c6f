"""Opening: which files count, and what the logs still hold.

1. temporary files go
2. a log whose generation is in the manifest goes; what it held is sealed
3. a segment that the manifest lacks goes while its log is there (the log is the truth
   until the manifest says otherwise), or while another segment covers its generations;
   else it is registered
4. a segment of the manifest that is missing or has another size: the store is damaged
5. the other logs are read up to their first damaged frame
"""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec import Struct, field

from store.database import Database
from store.errors import StoreCorruptError
from store.paths import StorePaths
from store.points.frames import LogContents
from store.points.log import read_log
from store.points.parquet import TEMPORARY, describe
from store.points.segments import MANIFEST_COLUMNS, Segment, parse_segment_name


class RecoveredLog(Struct):
    """A log that is not sealed."""

    path: Path
    contents: LogContents


class Recovered(Struct):
    """What opening found."""

    segments: list[Segment] = field(default_factory=list)
    """Ascending by generation."""
    orphans: list[Segment] = field(default_factory=list)
    """Segments that the manifest does not have yet; not among `segments`."""
    logs: list[RecoveredLog] = field(default_factory=list)
    """Ascending by generation."""
    next_generation: int = 1


def recover(paths: StorePaths, database: Database) -> Recovered:
    """Sort out the files of points.

    Raises:
        StoreCorruptError: A segment of the manifest is missing or damaged.
    """
    found = Recovered(segments=_manifest(database))
    paths.wal_dir.mkdir(exist_ok=True)
    paths.segments_dir.mkdir(exist_ok=True)
    _check_segments(paths.segments_dir, found.segments)
    highest = max((segment.generation_high for segment in found.segments), default=0)
    for path in sorted(paths.wal_dir.glob("*.log")):
        contents = read_log(path)
        if contents is None:
            # The header was never completed, so nothing in it was acknowledged.
            path.unlink()
            continue
        highest = max(highest, contents.generation)
        if any(s.overlaps(contents.generation, contents.generation) for s in found.segments):
            path.unlink()
        else:
            found.logs.append(RecoveredLog(path, contents))
    found.logs.sort(key=lambda log: log.contents.generation)
    found.orphans = _orphans(paths.segments_dir, found)
    highest = max((highest, *(segment.generation_high for segment in found.orphans)))
    found.next_generation = highest + 1
    return found


def _manifest(database: Database) -> list[Segment]:
    columns = ", ".join(MANIFEST_COLUMNS)
    rows = database.rows(f"SELECT {columns} FROM segments ORDER BY generation_low")
    return [Segment(*row) for row in rows]


def _check_segments(folder: Path, segments: list[Segment]) -> None:
    for segment in segments:
        path = folder / segment.path
        if not path.is_file():
            raise StoreCorruptError(path, "this file with points is missing")
        if path.stat().st_size != segment.size_bytes:
            raise StoreCorruptError(path, f"it should have {segment.size_bytes} bytes")


def _orphans(folder: Path, found: Recovered) -> list[Segment]:
    """Segments to register; removes those that do not count, and temporary files."""
    known = {segment.path for segment in found.segments}
    generations = [log.contents.generation for log in found.logs]
    candidates: list[tuple[int, int, int, Path]] = []
    for path in sorted(folder.iterdir()):
        if path.name.endswith(TEMPORARY):
            _remove(path)
            continue
        parsed = parse_segment_name(path.name)
        if parsed is None or path.name in known:
            continue
        low, high, revision = parsed
        has_log = any(low <= generation <= high for generation in generations)
        if has_log or any(segment.overlaps(low, high) for segment in found.segments):
            path.unlink()
        else:
            candidates.append((high - low, revision, low, path))
    orphans: list[Segment] = []
    # The widest and newest file of a range holds what the others of that range hold.
    for width, _, low, path in sorted(candidates, reverse=True):
        if any(orphan.overlaps(low, low + width) for orphan in orphans):
            path.unlink()
        else:
            orphans.append(describe(path))
    return sorted(orphans, key=lambda segment: segment.generation_low)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()
