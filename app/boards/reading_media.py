"""Reads the latest images, texts or figures for a panel. Blocks: only for thread workers."""

from __future__ import annotations

from app.boards.board import Panel
from app.boards.contents import (
    Content,
    EmptyContent,
    MediaPanelContent,
    MediaPart,
    PanelLook,
)
from app.querying.plain_words import as_query
from app.sources import Source, TraceRef
from app.traces.media import MediaContent, wanted_digests
from store.models import ObjectStep, RunRecord, SequenceKind

MAX_RUNS = 6
SEARCHED_RUNS = 40
"""Newest runs that are looked at for one that has what is wanted."""
STEPS = 60


def read_media(source: Source, panel: Panel, look: PanelLook) -> Content:  # noqa: ARG001
    """The objects of the last step of the newest runs that have any."""
    kind = SequenceKind(panel.setting("objects"))
    wanted = min(MAX_RUNS, max(1, int(panel.setting("runs"))))
    found = source.find_runs(as_query(panel.query), limit=SEARCHED_RUNS)
    parts: list[MediaPart] = []
    for record in source.get_records(found.hashes, params=False, metrics=False):
        part = _part(source, record, kind, panel.setting("name"))
        if part is not None:
            parts.append(part)
        if len(parts) == wanted:
            break
    return MediaPanelContent(tuple(parts)) if parts else EmptyContent(f"no {kind.value} yet")


def _part(source: Source, record: RunRecord, kind: SequenceKind, name: str) -> MediaPart | None:
    run = record.run
    for sequence in source.find_sequences(run.hash, [kind]):
        if name and sequence.name != name:
            continue
        trace = TraceRef(run.hash, sequence.name, sequence.context)
        steps = source.object_steps(trace, kind, density=STEPS)
        if steps:
            last = steps[-1]
            title = f"{sequence.name} · step {last.step}"
            media = MediaContent(
                kind, title, tuple(steps), (len(steps) - 1,), _blobs(source, last)
            )
            return MediaPart(run.hash, run.name or run.hash[:8], media)
    return None


def _blobs(source: Source, step: ObjectStep) -> dict[str, bytes]:
    return {digest: source.read_blob(digest) for digest in wanted_digests([step])}
