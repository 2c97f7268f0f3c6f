"""Explore apps, dashboards, reports and settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from store import Store
from store.errors import NotFoundError
from store.models import SequenceKey
from store.workspace import Workspace
from tests.factories import TRAIN
from tests.strategies import params, texts


def test_an_app_keeps_its_state_as_it_is(workspace: Workspace) -> None:
    state = {"z": 1, "a": {"c": [1, None], "b": "é\ud83d\ude00"}}
    made = workspace.apps.create("metrics", state)
    assert list(made.state) == ["z", "a"]
    assert made.state["a"] == {"c": [1, None], "b": "é😀"}
    changed = workspace.apps.update(made.id, state={"x": 1})
    assert (changed.type, changed.state) == ("metrics", {"x": 1})
    assert workspace.apps.update(made.id, type="runs").state == {"x": 1}
    assert [app.id for app in workspace.apps.find()] == [made.id]
    workspace.apps.delete(made.id)
    assert workspace.apps.find() == []


def test_a_dashboard_points_at_an_app(workspace: Workspace) -> None:
    app = workspace.apps.create("metrics", {})
    made = workspace.dashboards.create("d", "about", app.id)
    assert (made.app_id, made.app_type, made.description) == (app.id, "metrics", "about")
    changed = workspace.dashboards.update(made.id, name="e")
    assert (changed.name, changed.description) == ("e", "about")
    workspace.dashboards.archive(made.id)
    workspace.dashboards.archive(made.id)
    assert workspace.dashboards.find() == []
    assert workspace.dashboards.get(made.id).is_archived


def test_a_dashboard_without_its_app_is_not_shown(workspace: Workspace) -> None:
    app = workspace.apps.create("metrics", {})
    gone = workspace.dashboards.create("gone", app_id=app.id)
    workspace.dashboards.create("lost", app_id="nobody")
    bare = workspace.dashboards.create("bare")
    workspace.apps.delete(app.id)
    assert workspace.dashboards.find() == [bare]
    with pytest.raises(NotFoundError):
        workspace.dashboards.get(gone.id)


def test_a_report_changes_in_parts(workspace: Workspace) -> None:
    made = workspace.reports.create("r", "# code", "about")
    changed = workspace.reports.update(made.id, code="")
    assert (changed.name, changed.code, changed.description) == ("r", "", "about")
    assert workspace.reports.find() == [changed]
    workspace.reports.delete(made.id)
    assert workspace.reports.find() == []


def test_nobody(workspace: Workspace) -> None:
    calls: list[Callable[[str], Any]] = [
        workspace.apps.get,
        workspace.apps.update,
        workspace.apps.delete,
        workspace.dashboards.get,
        workspace.dashboards.update,
        workspace.dashboards.archive,
        workspace.reports.get,
        workspace.reports.update,
        workspace.reports.delete,
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            call("nobody")


@given(name=texts, value=params())
def test_a_setting_comes_back(workspace: Workspace, name: str, value: dict[str, Any]) -> None:
    workspace.settings.set(name, value)
    assert workspace.settings.get(name) == value
    assert workspace.settings.find()[name] == value
    workspace.settings.set(name, None)
    assert workspace.settings.get(name, "nothing") == "nothing"


def test_settings_belong_to_a_tenant(store: Store) -> None:
    store.default.settings.set("a", 1)
    assert store.workspace("acme").settings.get("a") is None
    assert store.workspace("acme").settings.find() == {}


def test_pinned_sequences_are_replaced(workspace: Workspace) -> None:
    assert workspace.projects.pinned() == []
    keys = [SequenceKey("loss", TRAIN), SequenceKey("acc")]
    workspace.projects.pin(keys)
    assert workspace.projects.pinned() == keys
    workspace.projects.pin([])
    assert workspace.projects.pinned() == []
