"""Overview of a run: params as a tree that can be searched; properties and environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from app import formatting
from app.formatting import duration, number, plural, timestamp
from app.panels.run_tabs.base import RunTab
from app.panels.styles import MUTED
from app.sources import Source
from app.theme import tag_color
from app.traces.params import ParamRow, param_rows
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import MetricSummary, Run, RunRecord

MAX_METRICS = 12
MAX_VARIABLES = 40
INDENT = 2


class OverviewTab(RunTab):
    """Params, properties, last values, environment."""

    DEFAULT_CSS = """
    OverviewTab #overview { height: 1fr; }
    OverviewTab #params-pane { width: 1fr; }
    OverviewTab #facts-pane { width: 1fr; }
    OverviewTab #params-filter { border: none; height: 1; padding: 0 1; display: none; }
    OverviewTab.-filtering #params-filter { display: block; }
    OverviewTab #facts { height: auto; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="overview-tab")
        self._folded: set[str] = set()
        self._rows: list[ParamRow] = []

    def compose(self) -> ComposeResult:
        """Params at the left, facts at the right."""
        with Horizontal(id="overview"):
            with Vertical(id="params-pane", classes="pane") as pane:
                pane.border_title = "params"
                yield Input(placeholder="find a param or value", id="params-filter")
                yield SimpleGrid(id="params")
            with VerticalScroll(id="facts-pane", classes="pane") as pane:
                pane.border_title = "run"
                yield Static(id="facts")

    def on_mount(self) -> None:
        """Columns of the tree."""
        columns = [
            GridColumn("name", "param", 30),
            GridColumn("value", "value", 34),
            GridColumn("kind", "type", 6),
        ]
        self._grid.set_columns(columns, 1)

    @property
    def _grid(self) -> SimpleGrid:
        return self.query_one("#params", SimpleGrid)

    def start(self) -> SimpleGrid:
        """The tree."""
        return self._grid

    def read(self, record: RunRecord) -> None:  # noqa: ARG002
        """Everything is in the record."""
        self._show_params()
        self._show_facts()

    def on_resize(self) -> None:
        """Lines that fit."""
        self._show_facts()

    def _show_facts(self) -> None:
        if self.record is not None:
            width = self.query_one("#facts-pane").content_size.width
            lines = facts(self.record, width, is_dark=self.app.current_theme.dark)
            self.query_one("#facts", Static).update(lines)

    # Params

    def _show_params(self) -> None:
        if self.record is None:
            return
        needle = self.query_one("#params-filter", Input).value
        self._rows = param_rows(self.record.params, self._folded, needle)
        self._grid.show_rows([_grid_row(row) for row in self._rows])
        pane = self.query_one("#params-pane")
        pane.border_subtitle = plural(sum(not row.is_branch for row in self._rows), "param")

    @on(GridView.RowSelected, "#params")
    def action_open(self) -> None:
        """Fold or unfold the branch under the cursor."""
        at = self._grid.cursor_row
        if at < len(self._rows) and self._rows[at].is_branch:
            self._folded ^= {self._rows[at].path}
            self._show_params()

    def focus_query(self) -> bool:
        """Search the params."""
        self.add_class("-filtering")
        self.query_one("#params-filter").focus()
        return True

    @on(Input.Changed, "#params-filter")
    def _filter_changed(self) -> None:
        self._show_params()

    @on(Input.Submitted, "#params-filter")
    def _filter_left(self) -> None:
        self._grid.focus()

    def step_back(self) -> bool:
        """Close the search."""
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self.query_one("#params-filter", Input).value = ""
        self._grid.focus()
        return True

    def action_copy(self) -> None:
        """Copy the param under the cursor."""
        if self._grid.cursor_row < len(self._rows):
            row = self._rows[self._grid.cursor_row]
            self.app.copy_to_clipboard(f"{row.path}\t{row.value}")
            self.app.notify(f"Copied {row.path}", timeout=2)


def _grid_row(row: ParamRow) -> GridRow:
    mark = ("▸ " if row.is_folded else "▾ ") if row.is_branch else "  "
    tone = "primary" if row.is_branch else ""
    name = Cell(((" " * INDENT * row.depth, ""), (mark, "muted"), (row.name, tone)))
    value = plain(row.value, "muted" if row.is_branch else "")
    return GridRow(row.path, (name, value, plain(row.kind, "muted")))


def facts(record: RunRecord, width: int, *, is_dark: bool) -> Content:
    """Properties, last values and environment in lines."""
    lines = [*_properties(record.run, is_dark)]
    if record.run.description:
        lines += [Content(""), Content(record.run.description)]
    models = [metric for metric in record.metrics if not metric.is_system]
    if models:
        lines += [Content(""), Content.styled("last values", "bold")]
        lines += [_metric_line(metric, width) for metric in models[:MAX_METRICS]]
        if len(models) > MAX_METRICS:
            lines.append(Content.styled(f"… {len(models) - MAX_METRICS} more", MUTED))
    system = record.params.get("__system_params")
    if isinstance(system, Mapping):
        lines += _environment(system)
    return Content("\n").join(lines)


def _properties(run: Run, is_dark: bool) -> list[Content]:
    end = run.finished_at
    lines = [
        _fact("status", str(run.status) + (" · archived" if run.is_archived else "")),
        _fact("hash", run.hash),
        _fact("experiment", run.experiment or formatting.MISSING),
        _fact("started", timestamp(run.created_at, with_seconds=True)),
        _fact("ended", timestamp(end, with_seconds=True) if end else "running"),
    ]
    if end:
        lines.append(_fact("duration", duration(end - run.created_at)))
    if run.tags:
        chips = [
            Content.styled(
                f" {tag.name} ", f"{tag_color(tag.name, tag.color, is_dark=is_dark)}"
            )
            for tag in run.tags
        ]
        lines.append(Content.assemble(_key("tags"), Content(" ").join(chips)))
    if run.note_count:
        lines.append(_fact("notes", str(run.note_count)))
    return lines


def _metric_line(metric: MetricSummary, width: int) -> Content:
    name = formatting.metric_title(metric.name, metric.context)
    text = f"{number(metric.last)}"
    span = f"  {number(metric.min)} to {number(metric.max)}"
    return Content.assemble(
        Content.styled(f"{formatting.shorten(name, 24):<25}", MUTED),
        Content.styled(f"{text:>10}", "bold"),
        Content.styled(span if len(span) + 35 <= width else "", MUTED),
    )


def _environment(system: Mapping[str, Any]) -> list[Content]:
    """What is known of the machine and the code; nothing for what is not."""
    lines: list[Content] = []
    git = system.get("git_info")
    git = git if isinstance(git, Mapping) else {}
    commit = git.get("commit")
    commit = commit if isinstance(commit, Mapping) else {}
    arguments = system.get("arguments")
    if isinstance(arguments, list):
        arguments = " ".join(str(each) for each in arguments)
    code = {
        "branch": git.get("branch"),
        "commit": commit.get("hash"),
        "author": commit.get("author"),
        "committed": commit.get("timestamp"),
        "remote": git.get("remote_origin_url"),
    }
    machine = {"executable": system.get("executable"), "arguments": arguments}
    for title, table in (("git", code), ("environment", machine)):
        lines += _section(title, {key: value for key, value in table.items() if value})
    for title, key in (("packages", "packages"), ("variables", "env_variables")):
        found = system.get(key)
        if isinstance(found, Mapping) and found:
            lines += _section(f"{title} ({len(found)})", dict(sorted(found.items())))
    return lines


def _section(title: str, table: Mapping[str, Any]) -> list[Content]:
    if not table:
        return []
    lines = [Content(""), Content.styled(title, "bold")]
    lines += [_fact(str(key), str(value)) for key, value in list(table.items())[:MAX_VARIABLES]]
    if len(table) > MAX_VARIABLES:
        lines.append(Content.styled(f"… {len(table) - MAX_VARIABLES} more", MUTED))
    return lines


def _fact(key: str, value: str) -> Content:
    return Content.assemble(_key(key), Content(formatting.one_line(value)))


def _key(key: str) -> Content:
    return Content.styled(f"{formatting.shorten(key, 16):<17}", MUTED)
