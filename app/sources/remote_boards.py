"""Apps, dashboards and reports over the wire. Part of `RemoteSource`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from app.sources import decoding
from app.sources.http import HttpDoor
from store.models import ExploreApp, Report, SavedDashboard


class RemoteBoardRecords:
    """Saved pages of a server, ours or matyan's or Aim's."""

    _door: HttpDoor

    def find_apps(self) -> list[ExploreApp]:
        """All saved states."""
        return [_app(tree) for tree in self._door.json("GET", "/apps/")]

    def get_app(self, app_id: str) -> ExploreApp:
        """One saved state."""
        return _app(self._door.json("GET", _path("apps", app_id)))

    def create_app(self, app_type: str, state: Mapping[str, Any]) -> ExploreApp:
        """Save a state."""
        body = {"type": app_type, "state": dict(state)}
        return _app(self._door.json("POST", "/apps/", body=body))

    def update_app(self, app_id: str, state: Mapping[str, Any]) -> None:
        """Replace a state."""
        self._door.json("PUT", _path("apps", app_id), body={"state": dict(state)})

    def delete_app(self, app_id: str) -> None:
        """Delete a state."""
        self._door.json("DELETE", _path("apps", app_id))

    def find_dashboards(self) -> list[SavedDashboard]:
        """All bookmarks whose app exists."""
        return [_dashboard(tree) for tree in self._door.json("GET", "/dashboards/")]

    def create_dashboard(
        self, name: str, description: str = "", app_id: str | None = None
    ) -> SavedDashboard:
        """Save a bookmark."""
        body = {"name": name, "description": description, "app_id": app_id}
        return _dashboard(self._door.json("POST", "/dashboards/", body=body))

    def update_dashboard(
        self, dashboard_id: str, *, name: str | None = None, description: str | None = None
    ) -> None:
        """Change what is given."""
        body = _given(name=name, description=description)
        self._door.json("PUT", _path("dashboards", dashboard_id), body=body)

    def delete_dashboard(self, dashboard_id: str) -> None:
        """Take a bookmark off the list."""
        self._door.json("DELETE", _path("dashboards", dashboard_id))

    def find_reports(self) -> list[Report]:
        """All reports."""
        return [_report(tree) for tree in self._door.json("GET", "/reports/")]

    def get_report(self, report_id: str) -> Report:
        """One report."""
        return _report(self._door.json("GET", _path("reports", report_id)))

    def create_report(self, name: str, code: str = "", description: str = "") -> Report:
        """Write a report."""
        body = {"name": name, "code": code, "description": description}
        return _report(self._door.json("POST", "/reports/", body=body))

    def update_report(
        self,
        report_id: str,
        *,
        name: str | None = None,
        code: str | None = None,
        description: str | None = None,
    ) -> None:
        """Change what is given."""
        body = _given(name=name, code=code, description=description)
        self._door.json("PUT", _path("reports", report_id), body=body)

    def delete_report(self, report_id: str) -> None:
        """Delete a report."""
        self._door.json("DELETE", _path("reports", report_id))


def _path(noun: str, key: str) -> str:
    return f"/{noun}/{quote(key, safe='')}/"


def _given(**values: str | None) -> dict[str, str]:
    return {key: value for key, value in values.items() if value is not None}


def _app(tree: Mapping[str, Any]) -> ExploreApp:
    state = tree.get("state")
    return ExploreApp(
        id=str(tree["id"]),
        type=str(tree.get("type") or ""),
        state=state if isinstance(state, Mapping) else {},
        created_at=decoding.number(tree.get("created_at")),
        updated_at=decoding.number(tree.get("updated_at")),
    )


def _dashboard(tree: Mapping[str, Any]) -> SavedDashboard:
    return SavedDashboard(
        id=str(tree["id"]),
        name=str(tree.get("name") or ""),
        description=str(tree.get("description") or ""),
        app_id=None if tree.get("app_id") is None else str(tree["app_id"]),
        app_type=None if tree.get("app_type") is None else str(tree["app_type"]),
        created_at=decoding.number(tree.get("created_at")),
        updated_at=decoding.number(tree.get("updated_at")),
    )


def _report(tree: Mapping[str, Any]) -> Report:
    return Report(
        id=str(tree["id"]),
        name=str(tree.get("name") or ""),
        code=str(tree.get("code") or ""),
        description=str(tree.get("description") or ""),
        created_at=decoding.number(tree.get("created_at")),
        updated_at=decoding.number(tree.get("updated_at")),
    )
