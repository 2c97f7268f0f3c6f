"""Commands of charts and of the explorer."""

from __future__ import annotations

from app.commands.command import Command, Scope

_C, _M = Scope.CHART, Scope.METRICS
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
    Command(_C, "fit", "0", "show all", "Show everything of both axes.", in_footer=True),
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
    Command(_C, "isolate_trace", "I", "Isolate trace", "Show only it, or all again."),
    Command(_C, "pin_trace", "p", "Pin trace", "Keep the highlighted trace on top."),
    Command(_C, "show_hidden", "u", "Show hidden", "Show all hidden traces again."),
    Command(_C, "note", "n", "note", "Write a note at the crosshair.", in_footer=True),
    Command(_C, "copy", "y", "Copy values", "Copy the values at the crosshair."),
)
METRICS_COMMANDS = (
    Command(
        _M, "group", "b", "group", "Choose what colour, stroke and chart mean.", in_footer=True
    ),
    Command(_M, "aggregate", "A", "aggregate", "One trace for each group.", in_footer=True),
    Command(_M, "x_axis", "X", "x axis", "Steps, then epochs, then times.", in_footer=True),
    Command(_M, "choose_axis", "alt+x", "Choose x axis", "Any of them, or a metric."),
    Command(_M, "kind", "T", "chart type", "Curves, bars, box plots or a histogram."),
    Command(_M, "value", "V", "Value of bars", "Last, best, min, max or mean of each run."),
    Command(_M, "system", "M", "Machine", "Measurements of the machine, or the metrics."),
    Command(_M, "scale", "g", "log", "Logarithmic axes: y, x, both, none.", in_footer=True),
    Command(_M, "smooth", "S", "smooth", "More smoothing, then none.", in_footer=True),
    Command(_M, "smoothing", "alt+s,alt+S", "Set smoothing", "Move a slider; charts follow."),
    Command(_M, "outliers", "o", "Outliers", "Clip values far from all others, or show all."),
    Command(_M, "normalise", "N", "Normalise", "Divide every trace by its first value."),
    Command(_M, "values", "v", "Values", "Show or hide the list of values."),
    Command(_M, "synchronise", "s,ctrl+y", "Synchronise", "Zoom all charts together, or one."),
    Command(_M, "layout", "c", "layout", "More or fewer charts on a page.", in_footer=True),
    Command(_M, "page_down", "pagedown,ctrl+f", "Next page", "Charts of the next page."),
    Command(_M, "page_up", "pageup,ctrl+b", "Page before", "Charts of the page before."),
    Command(_M, "follow", "G,f", "Follow", "Move along with running runs, or stand still."),
    Command(
        _M, "export", "x", "export", "Write the chart or its data to a file.", in_footer=True
    ),
    Command(_M, "open_run", "O", "Open run", "Open the run of the highlighted trace."),
    Command(_M, "compare", "D", "Compare", "Compare the runs of this chart."),
    Command(_M, "copy_link", "Y", "Copy link", "Copy the query as an address of the REST API."),
)
