"""Commands that work everywhere, in every table and in the query bar."""

from __future__ import annotations

from app.commands.command import Command, Scope
from app.commands.places import PLACES

_A, _T, _Q = Scope.APP, Scope.TABLE, Scope.QUERY

PLACE_COMMANDS = tuple(
    Command(_A, f"go_{p.name}", p.key, p.title, f"Go to {p.title}. {p.help}", f"go('{p.name}')")
    for p in PLACES
)
APP_COMMANDS = (
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
TABLE_COMMANDS = (
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
QUERY_COMMANDS = (
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
