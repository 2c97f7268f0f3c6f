"""Saved apps, dashboards and reports: the part of every source that keeps them.

An app is the saved state of an explorer page or of a board of ours; a dashboard is a bookmark
that points at an app; a report is a written page. All three travel over REST unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from store.models import ExploreApp, Report, SavedDashboard


class BoardRecords(Protocol):
    """What `Source` can do with apps, dashboards and reports. Every method blocks."""

    def find_apps(self) -> list[ExploreApp]:
        """All saved states."""
        ...

    def get_app(self, app_id: str) -> ExploreApp:
        """One saved state.

        Raises:
            NotFoundError: If there is none of this id.
        """
        ...

    def create_app(self, app_type: str, state: Mapping[str, Any]) -> ExploreApp:
        """Save a state."""
        ...

    def update_app(self, app_id: str, state: Mapping[str, Any]) -> None:
        """Replace a state as a whole."""
        ...

    def delete_app(self, app_id: str) -> None:
        """Delete a state."""
        ...

    def find_dashboards(self) -> list[SavedDashboard]:
        """All bookmarks that are not archived, oldest first."""
        ...

    def create_dashboard(
        self, name: str, description: str = "", app_id: str | None = None
    ) -> SavedDashboard:
        """Save a bookmark of an app."""
        ...

    def update_dashboard(
        self, dashboard_id: str, *, name: str | None = None, description: str | None = None
    ) -> None:
        """Change what is given."""
        ...

    def delete_dashboard(self, dashboard_id: str) -> None:
        """Take a bookmark off the list; its app stays."""
        ...

    def find_reports(self) -> list[Report]:
        """All reports, oldest first."""
        ...

    def get_report(self, report_id: str) -> Report:
        """One report.

        Raises:
            NotFoundError: If there is none of this id.
        """
        ...

    def create_report(self, name: str, code: str = "", description: str = "") -> Report:
        """Write a report."""
        ...

    def update_report(
        self,
        report_id: str,
        *,
        name: str | None = None,
        code: str | None = None,
        description: str | None = None,
    ) -> None:
        """Change what is given."""
        ...

    def delete_report(self, report_id: str) -> None:
        """Delete a report."""
        ...
