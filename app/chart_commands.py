"""Commands of charts, of the explorer, of a run and of the comparison of runs."""

from __future__ import annotations

from app.command import Command, Scope

_C, _M, _V, _O = Scope.CHART, Scope.METRICS, Scope.RUN, Scope.COMPARE
_P, _S = Scope.PARALLEL, Scope.SCATTER
CHART_COMMANDS = (
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
METRICS_COMMANDS = (
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
RUN_COMMANDS = (
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
    Command(
        _V, "changes", "c", "Changes", "Texts against the step before.", "in_tab('changes')"
    ),
    Command(_V, "edit", "e", "Edit", "Edit the note under the cursor.", "in_tab('edit')"),
    Command(_V, "delete", "delete", "Delete", "Delete the note.", "in_tab('delete')"),
)

COMPARE_COMMANDS = (
    Command(
        _O, "next_tab", "greater_than_sign", "next tab", "Tab to the right.", in_footer=True
    ),
    Command(_O, "previous_tab", "less_than_sign", "Tab before", "The tab to the left."),
    Command(
        _O,
        "toggle_equal",
        "d",
        "all or different",
        "Equal params too, or not.",
        "in_tab('toggle_equal')",
        in_footer=True,
    ),
    Command(
        _O,
        "cycle_value",
        "v",
        "Last, min, max...",
        "Which value of metrics to compare.",
        "in_tab('cycle_value')",
    ),
    Command(
        _O,
        "choose",
        "m",
        "choose",
        "Choose the metric or the fields.",
        "in_tab('choose')",
        in_footer=True,
    ),
    Command(
        _O, "reference", "R", "reference", "Take differences to the next run.", in_footer=True
    ),
    Command(
        _O,
        "parallel",
        "p",
        "parallel",
        "Parallel coordinates.",
        "show_tab('parallel')",
        in_footer=True,
    ),
    Command(
        _O,
        "scatter",
        "w",
        "scatter",
        "Two fields against each other.",
        "show_tab('scatter')",
        in_footer=True,
    ),
    Command(
        _O,
        "importance",
        "i",
        "importance",
        "How much each param matters.",
        "show_tab('importance')",
        in_footer=True,
    ),
    Command(_O, "find", "f", "query", "Compare all runs of a query.", in_footer=True),
    Command(_O, "open", "enter", "Open row", "The param against the metric.", "in_tab('open')"),
    Command(_O, "open_run", "O", "Open run", "Open the reference run."),
    Command(_O, "export", "x", "export", "Write the table to a file.", in_footer=True),
    Command(_O, "copy", "y", "Copy", "Copy the table as Markdown."),
)

PARALLEL_COMMANDS = (
    Command(_P, "left", "left,h", "Left", "The axis to the left.", "axis(-1)", is_listed=False),
    Command(
        _P, "right", "right,l", "Right", "The axis to the right.", "axis(1)", is_listed=False
    ),
    Command(_P, "move_left", "shift+left,H", "Axis left", "Move the axis.", "move_axis(-1)"),
    Command(_P, "move_right", "shift+right,L", "Axis right", "Move the axis.", "move_axis(1)"),
    Command(_P, "invert", "I", "invert", "Turn the axis upside down.", in_footer=True),
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
    Command(_S, "open", "enter", "open", "Open the run under the cursor.", in_footer=True),
)
