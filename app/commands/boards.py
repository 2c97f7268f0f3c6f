"""Commands of dashboards and reports: of the lists of them, and of an open one."""

from __future__ import annotations

from app.commands.command import Command, Scope

_D, _B, _L, _R = Scope.DASHBOARDS, Scope.BOARD, Scope.REPORTS, Scope.REPORT
_X = Scope.REPORT_TEXT

DASHBOARDS_COMMANDS = (
    Command(_D, "open_board", "enter", "open", "Open the dashboard.", in_footer=True),
    Command(_D, "create", "n", "new", "Create an empty dashboard.", in_footer=True),
    Command(
        _D, "create_starter", "m", "make one", "Make one from what was logged.", in_footer=True
    ),
    Command(_D, "copy_board", "c", "copy", "Make a copy of the dashboard.", in_footer=True),
    Command(_D, "rename", "r", "rename", "Give the dashboard another name.", in_footer=True),
    Command(_D, "describe", "d", "describe", "Write its description.", in_footer=True),
    Command(_D, "delete", "delete,backspace", "Delete", "Take the dashboard off the list."),
    Command(_D, "sort", "s", "Sort", "Sort by this column: down, up, off."),
    Command(_D, "export", "x", "Export", "Write the dashboard to a file."),
    Command(_D, "import_board", "i", "Import", "Read a dashboard from a JSON file."),
    Command(_D, "longer", "plus", "Longer", "Present each for longer.", "interval(1)"),
    Command(_D, "shorter", "minus", "Shorter", "Present each for less time.", "interval(-1)"),
    Command(
        _D,
        "next_board",
        "greater_than_sign",
        "Next dashboard",
        "While presenting.",
        "next_board(1)",
    ),
    Command(
        _D,
        "board_before",
        "less_than_sign",
        "Dashboard before",
        "While presenting.",
        "next_board(-1)",
    ),
    Command(_D, "present", "p", "Present", "Show all dashboards in turn, nothing else."),
)
BOARD_COMMANDS = (
    Command(_B, "enter_panel", "enter", "open", "Open what the panel shows.", in_footer=True),
    Command(_B, "edit", "e", "edit", "Change the dashboard, or stop.", in_footer=True),
    Command(_B, "add", "n", "add", "Add a panel.", in_footer=True),
    Command(_B, "configure", "c", "configure", "Change what the panel shows.", in_footer=True),
    Command(_B, "duplicate", "d", "duplicate", "Add the same panel again.", in_footer=True),
    Command(_B, "remove", "delete,backspace", "remove", "Remove the panel.", in_footer=True),
    Command(_B, "move_left", "shift+left,H", "Move left", "Move it left.", "move(-1, 0)"),
    Command(_B, "move_right", "shift+right,L", "Move right", "Move it right.", "move(1, 0)"),
    Command(_B, "move_up", "shift+up,K", "Move up", "Move the panel up.", "move(0, -1)"),
    Command(_B, "move_down", "shift+down,J", "Move down", "Move it down.", "move(0, 1)"),
    Command(
        _B, "narrower", "ctrl+left,less_than_sign", "Narrower", "Less wide.", "resize(-1, 0)"
    ),
    Command(
        _B, "wider", "ctrl+right,greater_than_sign", "Wider", "Make it wider.", "resize(1, 0)"
    ),
    Command(_B, "lower", "ctrl+up,minus", "Less high", "Less high.", "resize(0, -1)"),
    Command(_B, "higher", "ctrl+down,plus", "Higher", "Make it higher.", "resize(0, 1)"),
    Command(
        _B,
        "inspect",
        "i",
        "values",
        "Go into the chart: crosshair, zoom and all keys of charts.",
        in_footer=True,
    ),
    Command(_B, "full_size", "F,f", "full size", "Fill the screen with it.", in_footer=True),
    Command(
        _B,
        "present",
        "p",
        "present",
        "Show nothing but panels.",
        "screen.present",
        in_footer=True,
    ),
    Command(
        _B,
        "pause",
        "space",
        "Pause",
        "Stop going on by itself, while presenting.",
        "screen.pause",
    ),
    Command(_B, "export", "x", "Export", "Write the dashboard to a file.", "screen.export"),
    Command(_B, "copy", "y", "Copy", "Copy what the panel shows as text."),
    Command(_B, "left", "left,h", "Left", "Panel to the left.", "go(-1, 0)", is_listed=False),
    Command(_B, "right", "right,l", "Right", "To the right.", "go(1, 0)", is_listed=False),
    Command(_B, "up", "up,k", "Up", "Row or panel above.", "go(0, -1)", is_listed=False),
    Command(_B, "down", "down,j", "Down", "Row or panel below.", "go(0, 1)", is_listed=False),
    Command(_B, "page_down", "pagedown,ctrl+f", "Page down", "A screen down.", is_listed=False),
    Command(_B, "page_up", "pageup,ctrl+b", "Page up", "A screen up.", is_listed=False),
)
REPORTS_COMMANDS = (
    Command(_L, "read", "enter", "read", "Read the report.", in_footer=True),
    Command(_L, "edit", "e,i", "edit", "Edit the report.", in_footer=True),
    Command(_L, "edit_outside", "ctrl+e,E", "$EDITOR", "Edit in your editor.", in_footer=True),
    Command(_L, "create", "n", "new", "Write a new report.", in_footer=True),
    Command(_L, "rename", "r", "rename", "Give the report another name.", in_footer=True),
    Command(_L, "describe", "d", "Describe", "Write its description."),
    Command(_L, "delete", "delete,backspace", "Delete", "Delete the report."),
    Command(_L, "export", "x", "export", "Write the report to a file.", in_footer=True),
    Command(
        _L, "links", "o", "links", "Go to a run or metric that it links to.", in_footer=True
    ),
    Command(_L, "copy", "y", "Copy", "Copy the text of the report."),
)
REPORT_COMMANDS = (
    Command(_R, "enter_panel", "enter", "open panel", "Open what the panel shows."),
    Command(
        _R,
        "inspect",
        "i",
        "Values",
        "Go into the chart: crosshair, zoom and all keys of charts.",
    ),
    Command(_R, "next_panel", "right_curly_bracket", "Next panel", "Go to the next panel."),
    Command(_R, "previous_panel", "left_curly_bracket", "Panel before", "To the panel before."),
    Command(_R, "scroll_up", "up,k", "Up", "One line up.", is_listed=False),
    Command(_R, "scroll_down", "down,j", "Down", "One line down.", is_listed=False),
    Command(_R, "page_up", "pageup,ctrl+b", "Page up", "One page up.", is_listed=False),
    Command(
        _R, "page_down", "pagedown,ctrl+f,space", "Page down", "A page down.", is_listed=False
    ),
    Command(_R, "scroll_home", "home", "Start", "Go to the start.", is_listed=False),
    Command(_R, "scroll_end", "end,G", "End", "Go to the end.", is_listed=False),
)
REPORT_TEXT_COMMANDS = (
    Command(
        _X,
        "insert_panel",
        "ctrl+n",
        "insert a panel",
        "Put a panel into the text.",
        "screen.insert_panel",
        in_footer=True,
    ),
    Command(
        _X,
        "edit_outside",
        "ctrl+e",
        "$EDITOR",
        "Edit in your editor.",
        "screen.edit_outside",
        in_footer=True,
    ),
    Command(
        _X,
        "preview",
        "f6",
        "preview",
        "Show how it reads beside the text, or not.",
        "screen.preview",
        in_footer=True,
    ),
)
