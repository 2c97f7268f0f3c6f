"""Timeline of a run: what happened when."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult

from app.formatting import duration, timestamp
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.log_moments import Moment
from app.traces.timeline import Event, timeline
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import RunRecord


class TimelineTab(RunTab):
    """Events with their time and how long after the start."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="timeline-tab")
        self._events: list[Event] = []

    def compose(self) -> ComposeResult:
        """The events."""
        yield SimpleGrid(id="events")

    @property
    def events(self) -> SimpleGrid:
        """The table."""
        return self.query_one("#events", SimpleGrid)

    def on_mount(self) -> None:
        """Columns of the table."""
        columns = [
            GridColumn("time", "time", 19),
            GridColumn("after", "after", 9, is_right=True),
            GridColumn("kind", "what", 9),
            GridColumn("text", "", 90),
        ]
        self.events.set_columns(columns)

    def start(self) -> SimpleGrid:
        """The table."""
        return self.events

    def read(self, record: RunRecord) -> None:
        """Gather the events."""
        self.load("timeline", partial(self._read, record), partial(self._show, record))

    def _read(self, record: RunRecord) -> list[Event]:
        run_hash = record.run.hash
        total, logs = self.source.log_records(run_hash)
        if total > len(logs):
            _, logs = self.source.log_records(run_hash, 0, total)
        notes = self.source.find_notes(run_hash=run_hash)
        return timeline(record, notes, self.source.find_artifacts(run_hash), logs)

    def _show(self, record: RunRecord, events: list[Event]) -> None:
        self._events, start = events, record.run.created_at
        self.events.show_rows([_row(n, event, start) for n, event in enumerate(events)])

    @on(GridView.RowSelected, "#events")
    def action_open(self) -> None:
        """Show the metrics at the time of the event."""
        key = self.events.cursor_key
        if key is not None:
            self.ask_for_moment(Moment(time=self._events[int(key)].time))


def _row(number: int, event: Event, start: float) -> GridRow:
    cells = (
        plain(timestamp(event.time, with_seconds=True), "muted"),
        plain(f"+{duration(event.time - start)}", is_right=True),
        plain(event.kind, "primary"),
        plain(event.text, event.tone),
    )
    return GridRow(str(number), cells, (event.time, event.time, event.kind, event.text))
