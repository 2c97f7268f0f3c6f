"""Every key and command of the dashboard, in one table.

Bindings, footer, palette, the `?` menu, the `:` line and the README are made from it, so
they cannot disagree. A user remaps a key by the command's id in the settings file.

Scopes nest: a key of a screen or widget hides the same key of the `app` scope. Within one
scope no key stands twice. `arrows` and `hjkl` both move everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType


class Scope(StrEnum):
    """Where a command applies: everywhere, on a screen, or in a kind of widget."""

    APP = "app"
    TABLE = "table"
    """Every table that has a cursor."""
    QUERY = "query"
    """The query bar."""
    HOME = "home"
    EXPERIMENTS = "experiments"
    RUNS = "runs"
    RUN = "run"
    METRICS = "metrics"
    CHART = "chart"
    COMPARE = "compare"
    NOTES = "notes"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a person can do."""

    scope: Scope
    name: str
    """Unique in its scope; the id is scope and name, as in `runs.archive`."""
    keys: str
    """Keys separated by commas, the first one shown; empty if there is none."""
    title: str
    """Two or three words for footer and menus."""
    help: str
    """A sentence."""
    action: str = ""
    """Textual action; the name unless given."""
    in_footer: bool = False
    is_listed: bool = True
    """Whether menus offer it; movement keys are only explained."""

    @property
    def id(self) -> str:
        """The name for settings and the `:` line."""
        return f"{self.scope}.{self.name}"

    @property
    def first_key(self) -> str:
        """The key to show, or nothing."""
        return self.keys.split(",")[0]

    def as_binding(self) -> Binding:
        """The command as Textual wants it."""
        action = self.action or self.name
        return Binding(self.keys, action, self.title, show=self.in_footer, id=self.id)


@dataclass(frozen=True, slots=True)
class Place:
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
    Place("notes", "6", "Notes", "app.screens.notes", "NotesScreen", "All notes."),
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
    Command(_Q, "accept", "tab", "Accept", "Take the suggestion.", is_listed=False),
    Command(_Q, "previous", "up", "Previous", "Suggestion above, or the query before."),
    Command(_Q, "next", "down", "Next", "Suggestion below, or the query after."),
    Command(_Q, "save", "ctrl+s", "Save query", "Keep this query under a name."),
    Command(_Q, "build", "ctrl+b", "Build query", "Put a query together from parts."),
    Command(_Q, "leave", "escape", "Leave", "Close suggestions, or put the old query back."),
)
_RUNS = (
    Command(_R, "open_run", "enter", "open", "Open the run under the cursor.", in_footer=True),
    Command(_R, "mark", "space", "mark", "Mark or unmark the run.", in_footer=True),
    Command(_R, "mark_up", "shift+up,K", "Mark upwards", "Mark the run and go up."),
    Command(_R, "mark_down", "shift+down,J", "Mark downwards", "Mark the run and go down."),
    Command(_R, "mark_all", "asterisk,ctrl+a", "Mark all", "Mark every listed run."),
    Command(_R, "mark_none", "u", "Unmark all", "Take all marks away."),
    Command(_R, "sort", "s", "sort", "Sort by this column: down, up, off.", in_footer=True),
    Command(_R, "sort_more", "S", "Sort also by", "Add this column as a further sort key."),
    Command(_R, "group", "g", "group", "Group by this column, or stop.", in_footer=True),
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
    Command(_R, "toggle_times", "T", "Times", "Show when or how long ago."),
    Command(_R, "toggle_archived", "A", "Archived", "List archived runs too, or not."),
    Command(_R, "preview", "o", "preview", "Show or hide the preview.", in_footer=True),
    Command(_R, "only_value", "f", "Only this value", "Filter by the value under the cursor."),
    Command(_R, "not_value", "exclamation_mark", "Not this value", "Filter this value out."),
    Command(_R, "tag", "t", "tag", "Add or take away tags.", in_footer=True),
    Command(
        _R, "archive", "a", "archive", "Archive the runs, or bring them back.", in_footer=True
    ),
    Command(_R, "rename", "r", "Rename", "Give the run another name."),
    Command(_R, "move", "e", "Move", "Move the runs to another experiment."),
    Command(_R, "note", "n", "note", "Write a note on the run.", in_footer=True),
    Command(_R, "finish", "F", "Finish", "Mark the runs as finished."),
    Command(_R, "delete", "delete,backspace", "Delete", "Delete the runs with all they hold."),
    Command(_R, "export", "x", "Export", "Write the listed or marked runs to a file."),
    Command(_R, "copy", "y", "Copy", "Copy the cell under the cursor."),
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
    Command(_N, "copy", "y", "Copy", "Copy the text of the note."),
)
_HOME = (
    Command(_H, "open_run", "enter", "open", "Open the run under the cursor.", in_footer=True),
    Command(_H, "note", "n", "note", "Write a note on the run.", in_footer=True),
    Command(_H, "copy", "y", "Copy", "Copy the hash of the run."),
)
_SERVER = (
    Command(
        _S, "start_or_stop", "s,enter", "start or stop", "Serve this store, or stop.", in_footer=True
    ),
    Command(_S, "address", "e", "address", "Change host and port.", in_footer=True),
    Command(_S, "copy", "y", "copy address", "Copy the address.", in_footer=True),
)

_C, _M, _V, _O = Scope.CHART, Scope.METRICS, Scope.RUN, Scope.COMPARE
_CHART = (
    Command(_C, "inspect", "i", "values", "Show values under a crosshair.", in_footer=True),
    Command(_C, "leave_inspect", "escape", "Leave crosshair", "Put it away.", is_listed=False),
    Command(_C, "open_chart", "enter", "full size", "Fill the screen with it.", in_footer=True),
    Command(_C, "zoom_in", "plus", "zoom", "Show less of the x axis, larger.", in_footer=True),
    Command(_C, "zoom_out", "minus", "Zoom out", "Show more of the x axis."),
    Command(_C, "zoom_in_y", "ctrl+up", "Zoom in up and down", "Show less of the y axis."),
    Command(_C, "zoom_out_y", "ctrl+down", "Zoom out up and down", "Show more of the y axis."),
    Command(_C, "pan_left", "H", "Move left", "Move the view to smaller x.", "pan(-1, 0)"),
    Command(_C, "pan_right", "L", "Move right", "Move the view to larger x.", "pan(1, 0)"),
    Command(_C, "pan_up", "K", "Move up", "Move the view to larger values.", "pan(0, 1)"),
    Command(_C, "pan_down", "J", "Move down", "Move it to smaller values.", "pan(0, -1)"),
    Command(_C, "fit", "0", "Show all", "Show everything of both axes.", in_footer=True),
    Command(_C, "fit_y", "equals_sign", "Fit values", "Fit the y axis to what is visible."),
    Command(_C, "zoom_back", "backspace", "Zoom back", "Show what was visible before."),
    Command(_C, "set_limits", "comma", "Set limits", "Type limits such as x=0:5k y=:2.5."),
    Command(_C, "left", "left,h", "Left", "Crosshair or chart to the left.", is_listed=False),
    Command(
        _C, "right", "right,l", "Right", "Crosshair or chart to the right.", is_listed=False
    ),
    Command(_C, "up", "up,k", "Up", "Trace or chart above.", is_listed=False),
    Command(_C, "down", "down,j", "Down", "Trace or chart below.", is_listed=False),
    Command(_C, "far_left", "shift+left", "Far left", "Crosshair by a 20th.", is_listed=False),
    Command(
        _C, "far_right", "shift+right", "Far right", "Crosshair by a 20th.", is_listed=False
    ),
    Command(_C, "first", "home", "First point", "Crosshair to the start.", is_listed=False),
    Command(_C, "last", "end", "Last point", "Crosshair to the end.", is_listed=False),
    Command(
        _C, "previous_turn", "left_curly_bracket", "Turn before", "Last peak or note before."
    ),
    Command(_C, "next_turn", "right_curly_bracket", "Next turn", "Next peak, valley or note."),
    Command(_C, "mark", "m", "Measure", "Mark a place; with two, differences are shown."),
    Command(_C, "hide_trace", "space", "Hide trace", "Hide the highlighted trace."),
    Command(_C, "pin_trace", "p", "Pin trace", "Keep the highlighted trace on top."),
    Command(_C, "show_hidden", "u", "Show hidden", "Show all hidden traces again."),
    Command(_C, "note", "n", "note", "Write a note at the crosshair.", in_footer=True),
    Command(_C, "copy", "y", "Copy values", "Copy the values at the crosshair."),
)
_METRICS = (
    Command(
        _M, "group", "g", "group", "Choose what colour, stroke and chart mean.", in_footer=True
    ),
    Command(_M, "aggregate", "A", "aggregate", "One trace for each group.", in_footer=True),
    Command(_M, "x_axis", "X", "x axis", "Steps, epochs, times, or a metric.", in_footer=True),
    Command(_M, "scale", "s", "log", "Logarithmic axes: y, x, both, none.", in_footer=True),
    Command(_M, "smooth", "S", "smooth", "More smoothing, then none.", in_footer=True),
    Command(_M, "smoothing", "alt+s", "Set smoothing", "Type a strength for smoothing."),
    Command(_M, "outliers", "o", "Outliers", "Leave outliers out of the y axis, or not."),
    Command(_M, "normalise", "N", "Normalise", "Divide every trace by its first value."),
    Command(_M, "values", "v", "Values", "Show or hide the list of values."),
    Command(_M, "synchronise", "ctrl+y", "Synchronise", "Zoom all charts together, or one."),
    Command(_M, "layout", "c", "layout", "More or fewer charts on a page.", in_footer=True),
    Command(_M, "page_down", "pagedown,ctrl+f", "Next page", "Charts of the next page."),
    Command(_M, "page_up", "pageup,ctrl+b", "Page before", "Charts of the page before."),
    Command(_M, "follow", "f", "Follow", "Move along with running runs, or stand still."),
    Command(
        _M, "export", "x", "export", "Write the chart or its data to a file.", in_footer=True
    ),
    Command(_M, "open_run", "O", "Open run", "Open the run of the highlighted trace."),
    Command(_M, "compare", "D", "Compare", "Compare the runs of this chart."),
    Command(_M, "copy_link", "Y", "Copy link", "Copy the query as an address of the REST API."),
)
_RUN = (
    Command(
        _V, "next_tab", "greater_than_sign", "next tab", "Tab to the right.", in_footer=True
    ),
    Command(_V, "previous_tab", "less_than_sign", "Tab before", "The tab to the left."),
    Command(_V, "next_run", "N", "next run", "Run below in the list.", in_footer=True),
    Command(_V, "previous_run", "P", "Run before", "The run above in the list one came from."),
    Command(_V, "tag", "t", "tag", "Add or take away tags.", in_footer=True),
    Command(_V, "note", "n", "note", "Write a note on the run.", in_footer=True),
    Command(_V, "archive", "a", "Archive", "Archive the run, or bring it back."),
    Command(_V, "rename", "r", "Rename", "Give the run another name."),
    Command(_V, "describe", "d", "Describe", "Write the description of the run."),
    Command(_V, "copy_hash", "Y", "Copy hash", "Copy the hash of the run."),
    Command(_V, "copy", "y", "Copy", "Copy what is under the cursor.", "in_tab('copy')"),
    Command(_V, "save", "s", "Save", "Write the file under the cursor.", "in_tab('save')"),
    Command(_V, "save_all", "S", "Save all", "Write all files as ZIP.", "in_tab('save_all')"),
    Command(_V, "follow", "f", "Follow", "Stay at the end of the log.", "in_tab('follow')"),
    Command(_V, "level", "v", "Level", "Least level of log records.", "in_tab('level')"),
    Command(_V, "link", "L", "To the chart", "From a log line to its step.", "in_tab('link')"),
    Command(_V, "side_by_side", "x", "Side by side", "Two steps.", "in_tab('side_by_side')"),
    Command(_V, "edit", "e", "Edit", "Edit the note under the cursor.", "in_tab('edit')"),
    Command(_V, "delete", "delete", "Delete", "Delete the note.", "in_tab('delete')"),
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
    *_RUN,
    *_CHART,
    *_METRICS,
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
