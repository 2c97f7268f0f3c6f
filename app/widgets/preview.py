"""The run under the cursor at a glance: what it is, its last values, its params."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from app import formatting
from app.widgets.cells import Tones
from app.widgets.columns import lower_is_better
from app.widgets.run_cells import CellLook, status_mark
from store.models import MetricSummary, RunRecord

MAX_METRICS = 14
MAX_PARAMS = 40


class RunPreview(Static):
    """A pane beside the table."""

    DEFAULT_CSS = """
    RunPreview { height: 1fr; }
    """

    def show(self, record: RunRecord | None, look: CellLook, tones: Tones) -> None:
        """Show another run, or none."""
        if record is None:
            self.update("", layout=False)
            return
        width = max(20, self.content_size.width or 30)
        self.update(preview_text(record, look, tones, width), layout=False)


def preview_text(record: RunRecord, look: CellLook, tones: Tones, width: int) -> Text:
    """The pane as text of a width."""
    run = record.run
    mark, tone = status_mark(run, look)
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{mark} ", tones.style(tone))
    text.append(formatting.one_line(run.name) + "\n", Style(bold=True))
    started = formatting.timestamp(run.created_at)
    took = formatting.duration(run.duration_s(look.now_s))
    text.append(f"{started} · {took}\n", tones.style("muted"))
    text.append(f"{run.hash}\n", tones.style("muted"))
    if run.description:
        text.append(formatting.one_line(run.description) + "\n")
    metrics = [each for each in record.metrics if not each.is_system]
    if metrics:
        _heading(text, "metrics", f"last · {'best'}", tones, width)
        for summary in metrics[:MAX_METRICS]:
            _metric_line(text, summary, look, tones, width)
        _rest(text, len(metrics) - MAX_METRICS, tones)
    params = [
        (key, value)
        for key, value in formatting.flatten(record.params).items()
        if key and not key.startswith("__")
    ]
    if params:
        _heading(text, "params", str(len(params)), tones, width)
        for key, value in params[:MAX_PARAMS]:
            _pair(text, key, formatting.param(value, look.digits), tones, width)
        _rest(text, len(params) - MAX_PARAMS, tones)
    return text


def _heading(text: Text, title: str, detail: str, tones: Tones, width: int) -> None:
    text.append("\n" + title, tones.style("primary") + Style(bold=True))
    text.append(detail.rjust(width - len(title)) + "\n", tones.style("muted"))


def _pair(text: Text, key: str, value: str, tones: Tones, width: int) -> None:
    room = max(8, width * 3 // 5)
    value = formatting.shorten(value, room)
    key = formatting.shorten(key, width - len(value) - 1)
    text.append(key, tones.style("muted"))
    text.append(" " * max(1, width - len(key) - len(value)) + value + "\n")


def _metric_line(
    text: Text, summary: MetricSummary, look: CellLook, tones: Tones, width: int
) -> None:
    is_lower = lower_is_better(summary.name, look.directions)
    best = summary.min if is_lower else summary.max
    last_text = formatting.number(summary.last, look.digits)
    best_text = formatting.number(best, look.digits)
    values = f"{last_text:>9} {best_text:>9}"
    title = formatting.shorten(
        formatting.metric_title(summary.name, summary.context), width - len(values) - 1
    )
    text.append(title, tones.style(""))
    text.append(" " * max(1, width - len(title) - len(values)))
    text.append(f"{last_text:>9}", Style(bold=True))
    text.append(f" {best_text:>9}\n", tones.style("success"))


def _rest(text: Text, count: int, tones: Tones) -> None:
    if count > 0:
        text.append(f"… {count} more\n", tones.style("muted"))
