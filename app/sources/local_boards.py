"""Apps, dashboards and reports of a store that this process owns. Part of `LocalSource`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from store.models import ExploreApp, Report, SavedDashboard

if TYPE_CHECKING:
    from store.workspace import Workspace


class LocalBoardRecords:
    """Saved pages of one workspace."""

    _workspace: Workspace

    def find_apps(self) -> list[ExploreApp]:
        """All saved states."""
        return self._workspace.apps.find()

    def get_app(self, app_id: str) -> ExploreApp:
        """One saved state."""
        return self._workspace.apps.get(app_id)

    def create_app(self, app_type: str, state: Mapping[str, Any]) -> ExploreApp:
        """Save a state."""
        return self._workspace.apps.create(app_type, state)

    def update_app(self, app_id: str, state: Mapping[str, Any]) -> None:
        """Replace a state."""
        self._workspace.apps.update(app_id, state=state)

    def delete_app(self, app_id: str) -> None:
        """Delete a state."""
        self._workspace.apps.delete(app_id)

    def find_dashboards(self) -> list[SavedDashboard]:
        """All bookmarks."""
        return self._workspace.dashboards.find()

    def create_dashboard(
        self, name: str, description: str = "", app_id: str | None = None
    ) -> SavedDashboard:
        """Save a bookmark."""
        return self._workspace.dashboards.create(name, description, app_id)

    def update_dashboard(
        self, dashboard_id: str, *, name: str | None = None, description: str | None = None
    ) -> None:
        """Change what is given."""
        self._workspace.dashboards.update(dashboard_id, name=name, description=description)

    def delete_dashboard(self, dashboard_id: str) -> None:
        """Take a bookmark off the list."""
        self._workspace.dashboards.archive(dashboard_id)

    def find_reports(self) -> list[Report]:
        """All reports."""
        return self._workspace.reports.find()

    def get_report(self, report_id: str) -> Report:
        """One report."""
        return self._workspace.reports.get(report_id)

    def create_report(self, name: str, code: str = "", description: str = "") -> Report:
        """Write a report."""
        return self._workspace.reports.create(name, code, description)

    def update_report(
        self,
        report_id: str,
        *,
        name: str | None = None,
        code: str | None = None,
        description: str | None = None,
    ) -> None:
        """Change what is given."""
        self._workspace.reports.update(report_id, name=name, code=code, description=description)

    def delete_report(self, report_id: str) -> None:
        """Delete a report."""
        self._workspace.reports.delete(report_id)
