"""Commands of the places that list something: Home, experiments, runs, notes, the server."""

from __future__ import annotations

from app.commands.command import Command, Scope

_R = Scope.RUNS
_E, _N, _H, _S = Scope.EXPERIMENTS, Scope.NOTES, Scope.HOME, Scope.SERVER

RUNS_COMMANDS = (
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
EXPERIMENTS_COMMANDS = (
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
NOTES_COMMANDS = (
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
HOME_COMMANDS = (
    Command(_H, "open_run", "enter", "open", "Open the run under the cursor.", in_footer=True),
    Command(_H, "note", "n", "note", "Write a note on the run.", in_footer=True),
    Command(_H, "copy", "y", "Copy", "Copy the hash of the run."),
)
SERVER_COMMANDS = (
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
