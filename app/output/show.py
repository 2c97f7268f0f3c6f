"""`runfolio show`: everything about one run on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.formatting import MISSING, duration, flatten, number, param, plural, size, timestamp
from app.output.table import render_table
from app.output.values import describe_run, iso_time, metric_label
from store.models import MetricSummary, SequenceKind

if TYPE_CHECKING:
    from app.sources import Source

LOG_LINES = 10


def show_json(source: Source, run_hash: str, now_s: float) -> dict[str, Any]:
    """The run with its sequences, artifacts and notes as plain values."""
    sequences: dict[str, list[dict[str, Any]]] = {}
    for found in source.find_sequences(run_hash):
        if found.kind is not SequenceKind.METRIC:
            entry = {"name": found.name, "context": found.context.as_dict()}
            sequences.setdefault(found.kind.value, []).append(entry)
    return {
        **describe_run(source.get_record(run_hash), now_s),
        "sequences": sequences,
        "artifacts": [
            {
                "path": file.path,
                "size_bytes": file.size_bytes,
                "content_type": file.content_type,
            }
            for file in source.find_artifacts(run_hash)
        ],
        "notes": [
            {"content": note.content, "created_at": iso_time(note.created_at)}
            for note in source.find_notes(run_hash=run_hash)
        ],
    }


def show_lines(source: Source, run_hash: str, now_s: float) -> Iterator[str]:
    """The run as lines for a person."""
    record = source.get_record(run_hash)
    run = record.run
    yield run.name
    if run.description:
        yield run.description
    yield ""
    yield from indented(
        render_table(
            ("hash", run.hash),
            [
                ("status", run.status.value + (", archived" if run.is_archived else "")),
                ("experiment", run.experiment or MISSING),
                ("tags", ", ".join(tag.name for tag in run.tags) or MISSING),
                ("started", timestamp(run.created_at, with_seconds=True)),
                ("duration", duration(run.duration_s(now_s))),
            ],
        )
    )
    params = {
        key: value
        for key, value in flatten(dict(record.params)).items()
        if key and not key.startswith("__")
    }
    if params:
        rows = [(key, param(value)) for key, value in sorted(params.items())]
        yield from section("Params", render_table(rows[0], rows[1:]))
    if record.metrics:
        yield from section("Metrics", metric_table(record.metrics))
    yield from other_sections(source, run_hash)


def metric_table(metrics: Sequence[MetricSummary]) -> list[str]:
    """Metrics with their values, one line each."""
    rows = [
        (
            metric_label(metric.name, metric.context),
            str(metric.count),
            number(metric.last),
            number(metric.min),
            number(metric.max),
            str(metric.last_step),
            plural(metric.non_finite_count, "value") if metric.non_finite_count else "",
        )
        for metric in metrics
    ]
    header = ("metric", "points", "last", "min", "max", "last step", "not finite")
    return render_table(header, rows, right_aligned=frozenset(range(1, 6)))


def other_sections(source: Source, run_hash: str) -> Iterator[str]:
    """Media, files, notes and the end of the terminal output, as far as there are any."""
    others = [
        found
        for found in source.find_sequences(run_hash)
        if found.kind is not SequenceKind.METRIC
    ]
    if others:
        rows = [(found.kind.value, metric_label(found.name, found.context)) for found in others]
        yield from section("Media", render_table(rows[0], rows[1:]))
    artifacts = source.find_artifacts(run_hash)
    if artifacts:
        files = [(file.path, size(file.size_bytes)) for file in artifacts]
        yield from section("Artifacts", render_table(files[0], files[1:]))
    notes = source.find_notes(run_hash=run_hash)
    for note in notes:
        yield from section(f"Note of {timestamp(note.created_at)}", note.content.splitlines())
    lines = source.log_lines(run_hash)
    if lines:
        yield from section("Log", [line.text for line in lines[-LOG_LINES:]])


def section(title: str, lines: Sequence[str]) -> Iterator[str]:
    """A titled block with an empty line before it."""
    yield ""
    yield title
    yield from indented(lines)


def indented(lines: Sequence[str]) -> Iterator[str]:
    """The lines moved to the right."""
    return (f"  {line}" for line in lines)
