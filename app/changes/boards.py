"""Changes of dashboards and reports that can be taken back."""

from __future__ import annotations

from app.boards.board import APP_TYPE, Board
from app.changes.undo import Change
from app.formatting import shorten
from app.sources import Source
from store.models import Report, SavedDashboard


class CreatedBoard:
    """A new dashboard; undo takes it off the list, redo puts it back."""

    def __init__(self, source: Source, name: str, description: str, board: Board) -> None:
        self.dashboard_id = ""
        """Its id once it exists."""
        self._source = source
        self._name, self._description, self._board = name, description, board
        self._app_id = ""

    def change(self) -> Change:
        """The change."""
        return Change(f"Created {shorten(self._name, 40)}", self._do, self._undo)

    def _do(self) -> None:
        if not self._app_id:
            self._app_id = self._source.create_app(APP_TYPE, self._board.as_json()).id
        made = self._source.create_dashboard(self._name, self._description, self._app_id)
        self.dashboard_id = made.id

    def _undo(self) -> None:
        self._source.delete_dashboard(self.dashboard_id)


def dashboard_change(
    source: Source,
    dashboard: SavedDashboard,
    *,
    name: str | None = None,
    description: str | None = None,
) -> Change:
    """Another name or description."""
    title = "Wrote the description" if name is None else f"Renamed to {shorten(name, 40)}"
    old_name = None if name is None else dashboard.name
    old_description = None if description is None else dashboard.description
    return Change(
        title,
        lambda: source.update_dashboard(dashboard.id, name=name, description=description),
        lambda: source.update_dashboard(
            dashboard.id, name=old_name, description=old_description
        ),
    )


def delete_dashboard_change(source: Source, dashboard: SavedDashboard) -> Change:
    """Take a dashboard off the list; undo makes a new bookmark of the same app."""
    ids = [dashboard.id]

    def undo() -> None:
        made = source.create_dashboard(dashboard.name, dashboard.description, dashboard.app_id)
        ids[0] = made.id

    title = f"Deleted {shorten(dashboard.name, 40)}"
    return Change(title, lambda: source.delete_dashboard(ids[0]), undo)


class CreatedReport:
    """A new report; undo deletes it."""

    def __init__(self, source: Source, name: str, code: str) -> None:
        self.report_id = ""
        """Its id once it exists."""
        self._source, self._name, self._code = source, name, code

    def change(self) -> Change:
        """The change."""
        return Change(f"Created {shorten(self._name, 40)}", self._do, self._undo)

    def _do(self) -> None:
        self.report_id = self._source.create_report(self._name, self._code).id

    def _undo(self) -> None:
        self._source.delete_report(self.report_id)


def report_change(
    source: Source,
    report: Report,
    *,
    name: str | None = None,
    code: str | None = None,
    description: str | None = None,
) -> Change:
    """Another name, text or description."""
    if name is not None:
        title = f"Renamed to {shorten(name, 40)}"
    else:
        title = "Wrote the description" if description is not None else "Changed a report"
    return Change(
        title,
        lambda: source.update_report(report.id, name=name, code=code, description=description),
        lambda: source.update_report(
            report.id,
            name=None if name is None else report.name,
            code=None if code is None else report.code,
            description=None if description is None else report.description,
        ),
    )


def delete_report_change(source: Source, report: Report) -> Change:
    """Delete a report; undo writes it anew."""
    ids = [report.id]

    def undo() -> None:
        ids[0] = source.create_report(report.name, report.code, report.description).id

    title = f"Deleted {shorten(report.name, 40)}"
    return Change(title, lambda: source.delete_report(ids[0]), undo)
