"""Every key and command of the dashboard, in one table.

Bindings, footer, palette, the `?` menu, the `:` line and the README are made from it, so
they cannot disagree. A user remaps a key by the command's id in the settings file.

Scopes nest: a key of a screen or widget hides the same key of the `app` scope. Within one
scope no key stands twice. `arrows` and `hjkl` both move everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from textual.binding import BindingType

from app.board_commands import (
    BOARD_COMMANDS,
    DASHBOARDS_COMMANDS,
    REPORT_COMMANDS,
    REPORT_TEXT_COMMANDS,
    REPORTS_COMMANDS,
)
from app.chart_commands import CHART_COMMANDS, METRICS_COMMANDS
from app.command import Command, Scope
from app.compare_commands import (
    COMPARE_COMMANDS,
    PARALLEL_COMMANDS,
    PICTURES_COMMANDS,
    SCATTER_COMMANDS,
)
from app.run_commands import FILES_COMMANDS, LOG_COMMANDS, MEDIA_COMMANDS, RUN_COMMANDS

__all__ = [
    "COMMANDS",
    "PLACES",
    "Command",
    "Place",
    "Scope",
    "bindings",
    "command_by_id",
    "commands_of",
    "place_named",
]


class Place(Struct, frozen=True):
    """A screen that a number key opens."""

    name: str
    """Name of the mode."""
    key: str
    title: str
    module: str
    """Imported when the screen is first opened."""
    screen: str
    """Name of the class."""
    help: str


PLACES = (
    Place("home", "1", "Home", "app.screens.home", "HomeScreen", "What is going on."),
    Place(
        "experiments",
        "2",
        "Experiments",
        "app.screens.experiments",
        "ExperimentsScreen",
        "Groups of runs and how busy they are.",
    ),
    Place("runs", "3", "Runs", "app.screens.runs", "RunsScreen", "The table of all runs."),
    Place(
        "metrics",
        "4",
        "Metrics",
        "app.screens.metrics",
        "MetricsScreen",
        "Charts of metrics over many runs.",
    ),
    Place(
        "compare",
        "5",
        "Compare",
        "app.screens.compare",
        "CompareScreen",
        "Runs side by side.",
    ),
    Place("notes", "6", "Notes", "app.screens.notes", "NotesScreen", "All notes."),
    Place(
        "dashboards",
        "7",
        "Dashboards",
        "app.screens.dashboards",
        "DashboardsScreen",
        "Saved boards of panels.",
    ),
    Place(
        "reports",
        "8",
        "Reports",
        "app.screens.reports",
        "ReportsScreen",
        "Written pages with live panels.",
    ),
    Place("server", "9", "Server", "app.screens.server", "ServerScreen", "The REST server."),
)
"""Screens in the order of the header."""

_A, _T, _Q, _R = Scope.APP, Scope.TABLE, Scope.QUERY, Scope.RUNS
_E, _N, _H, _S = Scope.EXPERIMENTS, Scope.NOTES, Scope.HOME, Scope.SERVER

_PLACES = tuple(
    Command(_A, f"go_{p.name}", p.key, p.title, f"Go to {p.title}. {p.help}", f"go('{p.name}')")
    for p in PLACES
)
_APP = (
    Command(_A, "help", "question_mark", "keys", "Show what can be done here.", in_footer=True),
    Command(_A, "palette", "ctrl+p", "commands", "Find any command.", in_footer=True),
    Command(_A, "command_line", "colon", "Type a command", "Type a command, such as :runs lr."),
    Command(
        _A, "jump", "ctrl+o", "Jump", "Show a letter on every part; press one to go there."
    ),
    Command(_A, "focus_query", "slash", "Filter", "Filter what this screen shows."),
    Command(_A, "step_back", "escape", "Step back", "Leave one layer; never the program."),
    Command(_A, "back", "left_square_bracket", "Back", "Go to where you were before."),
    Command(_A, "forward", "right_square_bracket", "Forward", "Undo going back."),
    Command(_A, "undo", "z", "Undo", "Take back the last change."),
    Command(_A, "redo", "Z", "Redo", "Make the change again that was taken back."),
    Command(_A, "refresh", "f5,ctrl+r", "Refresh", "Read everything on this screen again."),
    Command(_A, "toggle_theme", "ctrl+t", "Light or dark", "Switch between light and dark."),
    Command(_A, "settings", "f2", "Settings", "Change how the dashboard looks and behaves."),
    Command(_A, "connection", "f3", "Connection", "Where the data comes from, and how it is."),
    Command(
        _A,
        "alerts",
        "exclamation_mark,f4",
        "Alerts",
        "What was told about runs, and the rules.",
    ),
    Command(_A, "quit", "q,ctrl+q", "Quit", "Leave the program; view and marks are kept."),
)
_TABLE = (
    Command(_T, "cursor_up", "up,k", "Up", "One row up.", is_listed=False),
    Command(_T, "cursor_down", "down,j", "Down", "One row down.", is_listed=False),
    Command(_T, "cursor_left", "left,h", "Left", "One column left.", is_listed=False),
    Command(_T, "cursor_right", "right,l", "Right", "One column right.", is_listed=False),
    Command(_T, "page_up", "pageup,ctrl+b", "Page up", "One page up.", is_listed=False),
    Command(_T, "page_down", "pagedown,ctrl+f", "Page down", "A page down.", is_listed=False),
    Command(_T, "first_row", "home", "First row", "Go to the first row.", is_listed=False),
    Command(_T, "last_row", "end,G", "Last row", "Go to the last row.", is_listed=False),
    Command(
        _T, "first_column", "ctrl+home,0", "First column", "To the first.", is_listed=False
    ),
    Command(
        _T,
        "last_column",
        "ctrl+end,dollar_sign",
        "Last column",
        "To the last.",
        is_listed=False,
    ),
)
_QUERY = (
    Command(_Q, "complete", "ctrl+@,ctrl+space", "Suggest", "Suggest what could stand here."),
    Command(
        _Q,
        "accept",
        "tab",
        "accept",
        "Take the suggestion, or what all begin with.",
        in_footer=True,
    ),
    Command(_Q, "previous", "up", "Previous", "Suggestion above, or the query before."),
    Command(_Q, "next", "down", "Next", "Suggestion below, or the query after."),
    Command(_Q, "save", "ctrl+s", "save", "Keep this query under a name.", in_footer=True),
    Command(_Q, "saved", "ctrl+l", "Saved queries", "Use, rename or delete kept queries."),
    Command(_Q, "copy_as", "ctrl+y", "Copy as", "Copy as Python, an address or a command."),
    Command(_Q, "build", "ctrl+b", "build", "Put a query together from parts.", in_footer=True),
    Command(
        _Q,
        "leave",
        "escape",
        "leave",
        "Close suggestions, or put the old query back.",
        in_footer=True,
    ),
)
_RUNS = (
    Command(_R, "open_run", "enter", "open", "Open the run under the cursor.", in_footer=True),
    Command(
        _R,
        "mark",
        "space",
        "mark",
        "Mark or unmark the run, and go a row down.",
        in_footer=True,
    ),
    Command(_R, "mark_up", "shift+up,K", "Mark upwards", "Mark the run and go up."),
    Command(_R, "mark_down", "shift+down,J", "Mark downwards", "Mark the run and go down."),
    Command(_R, "mark_all", "asterisk,ctrl+a", "Mark all", "Mark every listed run."),
    Command(_R, "mark_none", "u", "Unmark all", "Take all marks away."),
    Command(_R, "sort", "s", "sort", "Sort by this column: down, up, off.", in_footer=True),
    Command(_R, "sort_more", "S", "Sort also by", "Add this column as a further sort key."),
    Command(_R, "group", "g", "group", "Group by this column, or stop.", in_footer=True),
    Command(_R, "fold_all", "E", "Fold groups", "Fold all groups, or open them."),
    Command(
        _R, "cycle_group_value", "V", "Mean, min, max", "What the headings of groups show."
    ),
    Command(_R, "columns", "C", "columns", "Choose and order the columns.", in_footer=True),
    Command(
        _R, "column_left", "shift+left,H,less_than_sign", "Column left", "Move the column."
    ),
    Command(_R, "column_right", "shift+right,L,greater_than_sign", "Column right", "Move it."),
    Command(_R, "pin_column", "p", "Pin column", "Keep the column in sight at the left."),
    Command(_R, "hide_column", "minus", "Hide column", "Take the column out of the table."),
    Command(
        _R, "widen", "plus,equals_sign", "Widen column", "Next wider width, then the first."
    ),
    Command(
        _R, "cycle_value", "v", "Last, min, max...", "Which value the metric columns show."
    ),
    Command(
        _R, "flip_direction", "D", "Flip best", "Whether less or more of this metric is best."
    ),
    Command(_R, "pin_metric", "P", "Pin to Home", "Show the best runs of this metric on Home."),
    Command(_R, "toggle_times", "T", "Times", "Show when or how long ago."),
    Command(_R, "toggle_archived", "A", "Archived", "List archived runs too, or not."),
    Command(_R, "preview", "o", "preview", "Show or hide the preview.", in_footer=True),
    Command(_R, "only_value", "f", "Only this value", "Filter by the value under the cursor."),
    Command(_R, "not_value", "tilde", "Not this value", "Filter this value out."),
    Command(_R, "tag", "t", "tag", "Add or take away tags.", in_footer=True),
    Command(
        _R, "archive", "a", "archive", "Archive the runs, or bring them back.", in_footer=True
    ),
    Command(_R, "compare", "c", "compare", "Show the runs side by side.", in_footer=True),
    Command(_R, "baseline", "b", "Baseline", "Show how far all cells are from this run's."),
    Command(
        _R,
        "parallel",
        "vertical_line,M",
        "Parallel coordinates",
        "All runs of the query as lines over params and a metric.",
        "plot('parallel')",
    ),
    Command(_R, "scatter", "W", "Scatter", "Two fields of the runs.", "plot('scatter')"),
    Command(
        _R,
        "importance",
        "I",
        "Importance",
        "How much each param matters for a metric.",
        "plot('importance')",
    ),
    Command(_R, "metrics", "m", "metrics", "Show charts of the runs.", in_footer=True),
    Command(_R, "rename", "r", "Rename", "Give the run another name."),
    Command(_R, "move", "e", "Move", "Move the runs to another experiment."),
    Command(_R, "note", "n", "note", "Write a note on the run.", in_footer=True),
    Command(_R, "finish", "F", "Finish", "Mark the runs as finished."),
    Command(_R, "delete", "delete,backspace", "Delete", "Delete the runs with all they hold."),
    Command(_R, "trash", "B", "Trash", "Bring deleted runs back, or delete them for good."),
    Command(_R, "export", "x", "Export", "Write the listed or marked runs to a file."),
    Command(_R, "copy", "y", "Copy", "Copy the cell; again the row; again the table."),
    Command(_R, "copy_hash", "Y", "Copy hash", "Copy the hashes of the runs."),
    Command(
        _R, "apply_order", "R", "Apply order", "Put new and changed rows where they belong."
    ),
)
_EXPERIMENTS = (
    Command(
        _E, "open_runs", "enter", "runs", "Open the runs of the experiment.", in_footer=True
    ),
    Command(_E, "create", "N", "new", "Create an experiment.", in_footer=True),
    Command(_E, "rename", "r", "rename", "Give the experiment another name.", in_footer=True),
    Command(_E, "describe", "d", "describe", "Write its description.", in_footer=True),
    Command(_E, "note", "n", "note", "Write a note on the experiment.", in_footer=True),
    Command(_E, "archive", "a", "archive", "Archive it, or bring it back.", in_footer=True),
    Command(_E, "delete", "delete,backspace", "Delete", "Delete it; its runs stay."),
    Command(_E, "sort", "s", "sort", "Sort by this column: down, up, off.", in_footer=True),
    Command(
        _E,
        "next_metric",
        "m",
        "metric",
        "Choose the best runs by another metric.",
        in_footer=True,
    ),
    Command(_E, "toggle_archived", "A", "Archived", "List archived ones too, or not."),
    Command(_E, "copy", "y", "Copy", "Copy the cell under the cursor."),
)
_NOTES = (
    Command(_N, "edit", "enter,i", "edit", "Edit the note.", in_footer=True),
    Command(_N, "edit_outside", "ctrl+e,E", "$EDITOR", "Edit in your editor.", in_footer=True),
    Command(_N, "open_subject", "g", "go to run", "Open what the note is on.", in_footer=True),
    Command(_N, "delete", "delete,backspace", "delete", "Delete the note.", in_footer=True),
    Command(
        _N, "toggle_reading", "o", "read or write", "Rendered or as typed.", in_footer=True
    ),
    Command(
        _N, "create", "n", "new", "Write a note on a run or an experiment.", in_footer=True
    ),
    Command(_N, "links", "L", "Follow link", "Go to a run or metric that it links to."),
    Command(_N, "export", "x", "Export", "Write the listed notes to a file of Markdown."),
    Command(_N, "copy", "y", "Copy", "Copy the text of the note."),
)
_HOME = (
    Command(_H, "open_run", "enter", "open", "Open the run under the cursor.", in_footer=True),
    Command(_H, "note", "n", "note", "Write a note on the run.", in_footer=True),
    Command(_H, "copy", "y", "Copy", "Copy the hash of the run."),
)
_SERVER = (
    Command(
        _S,
        "start_or_stop",
        "s,enter",
        "start or stop",
        "Serve this store, or stop.",
        in_footer=True,
    ),
    Command(_S, "address", "e", "address", "Change host and port.", in_footer=True),
    Command(_S, "copy", "y", "copy address", "Copy the address.", in_footer=True),
    Command(_S, "copy_curl", "Y", "Copy curl", "Copy a line that asks the server with curl."),
    Command(_S, "new_token", "n", "new token", "Make an access token.", in_footer=True),
    Command(
        _S,
        "revoke_token",
        "delete,backspace",
        "revoke token",
        "Make the token under the cursor worthless.",
        in_footer=True,
    ),
)

COMMANDS: tuple[Command, ...] = (
    *_PLACES,
    *_APP,
    *_TABLE,
    *_QUERY,
    *_HOME,
    *_EXPERIMENTS,
    *_RUNS,
    *_NOTES,
    *BOARD_COMMANDS,
    *DASHBOARDS_COMMANDS,
    *REPORTS_COMMANDS,
    *REPORT_COMMANDS,
    *REPORT_TEXT_COMMANDS,
    *MEDIA_COMMANDS,
    *LOG_COMMANDS,
    *FILES_COMMANDS,
    *CHART_COMMANDS,
    *METRICS_COMMANDS,
    *RUN_COMMANDS,
    *PICTURES_COMMANDS,
    *PARALLEL_COMMANDS,
    *SCATTER_COMMANDS,
    *COMPARE_COMMANDS,
    *_SERVER,
)
"""Everything, in the order in which menus list it."""


def commands_of(*scopes: Scope) -> Iterator[Command]:
    """Commands of some scopes, in the order of the scopes."""
    for scope in scopes:
        yield from (command for command in COMMANDS if command.scope is scope)


def bindings(*scopes: Scope) -> list[BindingType]:
    """Bindings for a class; a `BINDINGS` attribute is made with this and nothing else."""
    return [command.as_binding() for command in commands_of(*scopes) if command.keys]


def command_by_id(command_id: str) -> Command | None:
    """The command with this id, or with this name if only one has it."""
    for command in COMMANDS:
        if command.id == command_id:
            return command
    named = [command for command in COMMANDS if command.name == command_id]
    return named[0] if len(named) == 1 else None


def place_named(name: str) -> Place:
    """The place of a mode."""
    return next(place for place in PLACES if place.name == name)
