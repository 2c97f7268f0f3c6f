"""Changes of runs that can be taken back: each knows how things were before.

Building one reads nothing; `do` looks up how things are just before it changes them, so
`undo` restores exactly that.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.changes.undo import Change
from app.formatting import plural, shorten
from app.sources import Source
from store.models import Note, Run, RunRecord


def _runs(source: Source, hashes: Sequence[str]) -> list[Run]:
    return [r.run for r in source.get_records(hashes, params=False, metrics=False)]


def archive_change(source: Source, hashes: Sequence[str], is_archived: bool) -> Change:
    """Archive runs or bring them back; undo leaves those alone that were so already."""
    changed: list[str] = []

    def do() -> None:
        changed[:] = [r.hash for r in _runs(source, hashes) if r.is_archived != is_archived]
        source.archive_runs(changed, is_archived)

    verb = "Archived" if is_archived else "Brought back"
    title = f"{verb} {plural(len(hashes), 'run')}"
    return Change(title, do, lambda: source.archive_runs(changed, not is_archived))


def rename_change(source: Source, run_hash: str, name: str) -> Change:
    """Give a run another name."""
    before: list[str] = []

    def do() -> None:
        before[:] = [source.get_record(run_hash).run.name]
        source.update_run(run_hash, name=name)

    def undo() -> None:
        source.update_run(run_hash, name=before[0])

    return Change(f"Renamed to {shorten(name, 40)}", do, undo)


def describe_change(source: Source, run_hash: str, description: str) -> Change:
    """Write the description of a run."""
    before: list[str] = []

    def do() -> None:
        before[:] = [source.get_record(run_hash).run.description]
        source.update_run(run_hash, description=description)

    def undo() -> None:
        source.update_run(run_hash, description=before[0])

    return Change("Wrote the description", do, undo)


def move_change(source: Source, hashes: Sequence[str], experiment: str) -> Change:
    """Move runs to an experiment; an empty name takes them out of theirs."""
    before: dict[str, str] = {}

    def do() -> None:
        before.update({r.hash: r.experiment or "" for r in _runs(source, hashes)})
        for run_hash in before:
            source.update_run(run_hash, experiment=experiment)

    def undo() -> None:
        for run_hash, name in before.items():
            source.update_run(run_hash, experiment=name)

    target = f"to {shorten(experiment, 30)}" if experiment else "out of their experiment"
    return Change(f"Moved {plural(len(hashes), 'run')} {target}", do, undo)


def tag_change(
    source: Source, hashes: Sequence[str], added: Sequence[str], removed: Sequence[str]
) -> Change:
    """Hang tags on runs and take others off."""
    attached: list[tuple[str, str]] = []
    detached: list[tuple[str, str]] = []

    def do() -> None:
        have = {r.hash: {tag.name for tag in r.tags} for r in _runs(source, hashes)}
        attached[:] = [(h, t) for h, tags in have.items() for t in added if t not in tags]
        detached[:] = [(h, t) for h, tags in have.items() for t in removed if t in tags]
        for run_hash, tag in attached:
            source.attach_tag(run_hash, tag)
        for run_hash, tag in detached:
            source.detach_tag(run_hash, tag)

    def undo() -> None:
        for run_hash, tag in attached:
            source.detach_tag(run_hash, tag)
        for run_hash, tag in detached:
            source.attach_tag(run_hash, tag)

    names = [f"+{tag}" for tag in added] + [f"-{tag}" for tag in removed]
    return Change(f"Tags of {plural(len(hashes), 'run')}: {' '.join(names)}", do, undo)


def trash_change(source: Source, hashes: Sequence[str]) -> Change:
    """Move runs into the trash; undo brings them back."""
    return Change(
        f"Deleted {plural(len(hashes), 'run')}",
        lambda: source.trash_runs(hashes),
        lambda: source.restore_runs(hashes),
    )


def restore_change(source: Source, hashes: Sequence[str]) -> Change:
    """Bring runs back from the trash; undo moves them there again."""
    return Change(
        f"Brought back {plural(len(hashes), 'run')}",
        lambda: source.restore_runs(hashes),
        lambda: source.trash_runs(hashes),
    )


def note_change(
    source: Source,
    content: str,
    *,
    run_hash: str | None = None,
    experiment_id: str | None = None,
) -> Change:
    """Write a new note; undo deletes it."""
    created: list[Note] = []

    def do() -> None:
        created[:] = [
            source.create_note(content, run_hash=run_hash, experiment_id=experiment_id)
        ]

    return Change("Wrote a note", do, lambda: source.delete_note(created[0]))


def point_count(records: Sequence[RunRecord]) -> int:
    """Points of all metrics of some runs."""
    return sum(summary.count for record in records for summary in record.metrics)
