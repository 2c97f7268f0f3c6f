"""Commands of the comparison of runs and of its plots."""

from __future__ import annotations

from app.commands.command import Command, Scope

_O, _P, _S, _M = Scope.COMPARE, Scope.PARALLEL, Scope.SCATTER, Scope.PICTURES

COMPARE_COMMANDS = (
    Command(
        _O,
        "next_difference",
        "n",
        "next difference",
        "Go to the next difference, or the next line that was found.",
        "in_tab('next_difference')",
        in_footer=True,
    ),
    Command(
        _O,
        "previous_difference",
        "p",
        "Difference before",
        "Go to the difference before.",
        "in_tab('previous_difference')",
    ),
    Command(
        _O,
        "toggle_equal",
        "u,d",
        "all or different",
        "Rows that are equal in all runs too, or not.",
        "in_tab('toggle_equal')",
        in_footer=True,
    ),
    Command(
        _O,
        "cycle_value",
        "v",
        "last, min, max",
        "Which value of metrics to compare, also at an equal step or time.",
        "in_tab('cycle_value')",
        in_footer=True,
    ),
    Command(
        _O,
        "other_run",
        "a",
        "another run",
        "The log of the next run beside that of the baseline.",
        "in_tab('other_run')",
        in_footer=True,
    ),
    Command(
        _O,
        "choose",
        "m",
        "metric",
        "Choose the metric or the fields.",
        "in_tab('choose')",
        in_footer=True,
    ),
    Command(
        _O,
        "add_column",
        "plus",
        "as column",
        "Show the param in the runs table.",
        "in_tab('add_column')",
        in_footer=True,
    ),
    Command(
        _O, "next_tab", "greater_than_sign", "next tab", "Tab to the right.", in_footer=True
    ),
    Command(_O, "previous_tab", "less_than_sign", "Tab before", "The tab to the left."),
    Command(_O, "baseline", "b", "baseline", "Compare with this run.", in_footer=True),
    Command(_O, "reference", "R", "Next baseline", "Compare with the next run."),
    Command(_O, "parallel", "P", "Parallel", "Parallel coordinates.", "show_tab('parallel')"),
    Command(_O, "scatter", "W,w", "Scatter", "Two fields of all runs.", "show_tab('scatter')"),
    Command(
        _O,
        "importance",
        "I,i",
        "Importance",
        "How much each param matters.",
        "show_tab('importance')",
    ),
    Command(
        _O, "only_marked", "M", "all or marked", "Plots of all runs of the query, or marked."
    ),
    Command(_O, "find", "f", "query", "Compare all runs of a query.", in_footer=True),
    Command(_O, "keep_set", "ctrl+s", "Keep set", "Keep these runs under a name."),
    Command(_O, "open_set", "o", "open set", "Compare runs that were kept.", in_footer=True),
    Command(_O, "open", "enter", "Open row", "Fold a branch, or show more.", "in_tab('open')"),
    Command(_O, "open_run", "O", "Open run", "Open the run of the column under the cursor."),
    Command(_O, "export", "x,X", "export", "Write the table to a file.", in_footer=True),
    Command(_O, "copy", "y", "Copy", "Copy the table as Markdown."),
)

PICTURES_COMMANDS = (
    Command(
        _M, "flip", "x", "flip", "One run in the place of the other, and back.", in_footer=True
    ),
    Command(
        _M,
        "subtract",
        "d",
        "difference",
        "How far the pixels of images are from those of the baseline.",
        in_footer=True,
    ),
)
PARALLEL_COMMANDS = (
    Command(_P, "left", "left,h", "Left", "The axis to the left.", "axis(-1)", is_listed=False),
    Command(
        _P, "right", "right,l", "Right", "The axis to the right.", "axis(1)", is_listed=False
    ),
    Command(_P, "move_left", "shift+left,H", "Axis left", "Move the axis.", "move_axis(-1)"),
    Command(_P, "move_right", "shift+right,L", "Axis right", "Move the axis.", "move_axis(1)"),
    Command(_P, "axes", "a", "axes", "Add an axis, or take one away.", in_footer=True),
    Command(_P, "invert", "i", "invert", "Turn the axis upside down.", in_footer=True),
    Command(_P, "log", "s", "log", "A logarithmic axis, or a linear one.", in_footer=True),
    Command(
        _P, "brush", "v", "brush", "Brush the axis: lower edge, upper, none.", in_footer=True
    ),
    Command(_P, "raise", "up,k", "Edge up", "Move the edge of the brush up.", "edge(1)"),
    Command(_P, "lower", "down,j", "Edge down", "Move it down.", "edge(-1)"),
    Command(_P, "clear", "r", "Clear brushes", "Take all brushes away."),
    Command(
        _P, "use", "enter", "runs", "Find the brushed runs by a query in Runs.", in_footer=True
    ),
)
SCATTER_COMMANDS = (
    Command(_S, "left", "left,h", "Left", "Next run to the left.", "point('x', -1)"),
    Command(_S, "right", "right,l", "Right", "Next run to the right.", "point('x', 1)"),
    Command(_S, "up", "up,k", "Up", "Next run above.", "point('y', 1)"),
    Command(_S, "down", "down,j", "Down", "Next run below.", "point('y', -1)"),
    Command(_S, "swap", "s", "swap", "Swap the two axes.", in_footer=True),
    Command(_S, "open", "enter", "open", "Open the run under the cursor.", in_footer=True),
)
