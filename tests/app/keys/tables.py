"""What keys do everywhere, in tables, in the query bar and in lists."""

from __future__ import annotations

from collections.abc import Callable

from app.commands import PLACES
from tests.app.dashboard import Driven
from tests.app.keys.trying import Try

Condition = Callable[[Driven], object]


def is_at(name: str) -> Condition:
    """Whether a place is shown."""
    return lambda driving: driving.application.current_mode == name


def has_left(driving: Driven) -> bool:
    """Whether the program ended."""
    return not driving.application.is_running


def copied(text: str) -> Condition:
    """Whether a text is in the clipboard."""
    return lambda driving: text in driving.application.clipboard


def reads(text: str) -> Condition:
    """Whether a text is on the screen, also if it was before."""
    return lambda driving: text in driving.text()


def is_typing(driving: Driven) -> bool:
    """Whether the query bar has the focus."""
    return bool(driving.screen.query_bar.input.has_focus)


CLEAR = ("slash", "ctrl+u", "enter")
"""Leaves the query bar empty."""

EVERYWHERE = (
    *(
        Try(f"app.go_{place.name}", ("1" if place.key == "3" else "3",), is_at(place.name), "3")
        for place in PLACES
    ),
    Try("app.help", sees="What can be done here"),
    Try("app.palette", sees="Commands"),
    Try("app.command_line"),
    Try("app.jump"),
    Try("app.focus_query", sees=is_typing, after=("escape",)),
    Try("app.back", ("2",), is_at("runs")),
    Try("app.forward", ("2", "left_square_bracket"), is_at("experiments"), "3"),
    Try("app.undo", ("a",), "11 runs"),
    Try("app.redo", ("a", "z"), "10 runs", "z"),
    Try("app.refresh", sees="read again"),
    Try("app.toggle_theme", sees=lambda d: d.application.theme == "runfolio-light"),
    Try("app.settings", sees="Settings"),
    Try("app.connection", sees="Connection"),
    Try("app.alerts", sees="Alerts"),
    Try("app.step_back", ("f", "escape"), lambda d: not d.screen.query_text),
    Try("app.quit", sees=has_left),
)

TABLE = (
    Try("table.cursor_down"),
    Try("table.cursor_up"),
    Try("table.cursor_right"),
    Try("table.cursor_left"),
    Try("table.page_down"),
    Try("table.page_up"),
    Try("table.last_row"),
    Try("table.first_row"),
    Try("table.last_column"),
    Try("table.first_column"),
)

QUERY = (
    Try("query.complete"),
    Try("query.accept"),
    Try("query.next", ("ctrl+@",)),
    Try("query.previous"),
    Try("query.save"),
    Try("query.saved"),
    Try("query.copy_as"),
    Try("query.build"),
    Try("query.leave", after=("slash",)),
)

RUNS = (
    Try("runs.open_run", sees="Overview", after="escape"),
    Try("runs.mark"),
    Try("runs.mark_up"),
    Try("runs.mark_down"),
    Try("runs.mark_all"),
    Try("runs.mark_none"),
    Try("runs.sort", ("right",)),
    Try("runs.sort_more", ("right",)),
    Try("runs.group", ("left",)),
    Try("runs.fold_all"),
    Try("runs.cycle_group_value", after=("E", "g", "home")),
    Try("runs.columns", sees="Columns"),
    Try("runs.column_right"),
    Try("runs.column_left"),
    Try("runs.pin_column", ("right", "right", "right")),
    Try("runs.widen"),
    Try("runs.cycle_value", sees="min"),
    Try("runs.flip_direction", ("ctrl+end",)),
    Try("runs.pin_metric"),
    Try("runs.toggle_times"),
    Try("runs.toggle_archived", sees="12 runs", after="A"),
    Try("runs.preview", after="o"),
    Try("runs.hide_column"),
    Try("runs.only_value", ("ctrl+home", "right", "right"), " == ", CLEAR),
    Try("runs.not_value", (), " != ", CLEAR),
    Try("runs.tag", sees="enter keeps"),
    Try("runs.archive", after="z"),
    Try("runs.baseline"),
    Try("runs.rename", sees="Rename the run"),
    Try("runs.move"),
    Try("runs.note", sees="Note on"),
    Try("runs.finish"),
    Try("runs.delete", sees="Delete"),
    Try("runs.trash", sees="rash"),
    Try("runs.export", sees="xport"),
    Try("runs.copy", sees=lambda d: d.application.clipboard),
    Try("runs.copy_hash", sees=lambda d: len(d.application.clipboard) == 32),
    Try("runs.apply_order"),
    Try("runs.compare", ("asterisk",), sees=is_at("compare"), after="3"),
    Try("runs.parallel", sees=is_at("compare"), after="3"),
    Try("runs.scatter", sees=is_at("compare"), after="3"),
    Try("runs.importance", sees=is_at("compare"), after="3"),
    Try("runs.metrics", sees=is_at("metrics"), after="3"),
)

HOME = (
    Try("home.open_run", sees="Overview", after="escape"),
    Try("home.note", sees="Note on"),
    Try("home.copy", sees=lambda d: len(d.application.clipboard) == 32),
)

EXPERIMENTS = (
    Try("experiments.open_runs", sees=is_at("runs"), after="2"),
    Try("experiments.create"),
    Try("experiments.rename"),
    Try("experiments.describe"),
    Try("experiments.note", sees="Note on"),
    Try("experiments.sort"),
    Try("experiments.next_metric"),
    Try("experiments.toggle_archived", after="A"),
    Try("experiments.copy", sees=lambda d: d.application.clipboard),
    Try("experiments.archive", after="z"),
    Try("experiments.delete", sees="Delete"),
)

NOTES = (
    Try("notes.edit", after="escape"),
    Try("notes.edit_outside"),
    Try("notes.create"),
    Try("notes.export"),
    Try("notes.links"),
    Try("notes.toggle_reading", after="o"),
    Try("notes.copy", sees=lambda d: "early" in d.application.clipboard),
    Try("notes.open_subject", sees="Overview", after="6"),
    Try("notes.delete", sees="Delete"),
)

SERVER = (
    Try("server.address"),
    Try("server.new_token"),
    Try("server.revoke_token"),
    Try("server.start_or_stop", sees="http://127.0.0.1"),
    Try("server.copy", sees=copied("http://127.0.0.1")),
    Try("server.copy_curl", sees=copied("curl http://127.0.0.1")),
)
