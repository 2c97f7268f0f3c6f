"""What `runfolio demo --no-ui` prints: progress, and in the end the best runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.formatting import MISSING, duration, number, plural
from app.output.table import render_table
from store.models import Context, MetricSummary, RunRecord, RunStatus

BEST_COUNT = 10
VAL = Context.of({"subset": "val"})


def metric_of(record: RunRecord, name: str) -> MetricSummary | None:
    """A metric on the validation points, if the run got so far."""
    for metric in record.metrics:
        if metric.name == name and metric.context == VAL:
            return metric
    return None


def accuracy_of(record: RunRecord) -> float:
    """The last validation accuracy; 0 when there is none."""
    metric = metric_of(record, "accuracy")
    return metric.last if metric else 0.0


def has_diverged(record: RunRecord) -> bool:
    """Whether the validation loss was not finite at some step."""
    loss = metric_of(record, "loss")
    return loss is not None and loss.non_finite_count > 0


def progress_line(record: RunRecord, done: int, total: int) -> str:
    """One line for a run that has just ended."""
    if record.run.status is not RunStatus.FINISHED:
        result = record.run.status.value
    elif has_diverged(record):
        result = "diverged"
    else:
        result = f"accuracy {accuracy_of(record):.1%}"
    digits = len(str(total))
    return f"[{done:{digits}d}/{total}] {record.run.name:34} {result}"


def summary_lines(records: Sequence[RunRecord], took_s: float) -> Iterator[str]:
    """How the runs ended, and a table of the best."""
    counts = Counter(record.run.status.value for record in records)
    diverged = sum(map(has_diverged, records))
    ends = [f"{count} {status}" for status, count in counts.most_common()]
    if diverged:
        ends.append(f"{diverged} of them diverged")
    yield f"{plural(len(records), 'run')} in {took_s:.1f} s: {', '.join(ends)}."
    yield ""
    usable = [
        record
        for record in records
        if record.run.status is RunStatus.FINISHED and not has_diverged(record)
    ]
    best = sorted(usable, key=lambda record: (-accuracy_of(record), record.run.name))
    rows = [summary_row(record) for record in best[:BEST_COUNT]]
    header = ("best runs", "experiment", "val accuracy", "val loss", "learning rate", "took")
    yield from render_table(header, rows, right_aligned=frozenset({2, 3, 4, 5}))


def summary_row(record: RunRecord) -> tuple[str, ...]:
    """The cells of a run."""
    loss = metric_of(record, "loss")
    hparams = record.params.get("hparams", {})
    return (
        record.run.name,
        record.run.experiment or MISSING,
        f"{accuracy_of(record):.3f}",
        number(loss.last) if loss else MISSING,
        number(hparams.get("learning_rate", float("nan"))),
        duration(record.run.duration_s(record.run.updated_at)),
    )
