"""Commands of the screen of one run and of its tabs."""

from __future__ import annotations

from app.commands.command import Command, Scope

_V, _D, _L, _F = Scope.RUN, Scope.MEDIA, Scope.LOG, Scope.FILES

MEDIA_COMMANDS = (
    Command(_D, "open", "enter", "open", "Go into the pictures; play a sound.", in_footer=True),
    Command(_D, "play", "p", "play", "Play the sound, or stop it.", in_footer=True),
    Command(_D, "back_far", "shift+left", "Back 10", "Ten steps back.", "scrub(-10)"),
    Command(_D, "on_far", "shift+right", "On 10", "Ten steps on.", "scrub(10)"),
    Command(_D, "gallery", "g", "all steps", "All steps as tiles, or one.", in_footer=True),
    Command(_D, "beside", "b", "beside", "Keep this step beside the others.", in_footer=True),
    Command(
        _D, "flip", "x", "flip", "The other picture in its place, and back.", in_footer=True
    ),
    Command(_D, "runs", "R", "runs", "Other runs of the list as columns.", in_footer=True),
    Command(_D, "link", "L", "Link steps", "Move all runs to the same step, or only one."),
    Command(_D, "zoom_in", "plus", "zoom", "Enlarge all pictures.", "zoom(1)", in_footer=True),
    Command(_D, "zoom_out", "minus", "Zoom out", "Show more of the pictures.", "zoom(-1)"),
    Command(_D, "fit", "equals_sign", "Whole", "Show the whole picture, as it is."),
    Command(_D, "pan_left", "ctrl+left", "Look left", "Move the view.", "pan(-1, 0)"),
    Command(_D, "pan_right", "ctrl+right", "Look right", "Move the view.", "pan(1, 0)"),
    Command(_D, "pan_up", "ctrl+up", "Look up", "Move the view.", "pan(0, -1)"),
    Command(_D, "pan_down", "ctrl+down", "Look down", "Move the view.", "pan(0, 1)"),
    Command(
        _D, "contrast", "c", "contrast", "Brightness spread, one channel, grey.", in_footer=True
    ),
    Command(_D, "changes", "d", "changes", "Texts against the step before.", in_footer=True),
    Command(_D, "outside", "o", "outside", "Open in a program of the desktop.", in_footer=True),
    Command(_D, "save", "s", "save", "Write it to a file; figures as HTML.", in_footer=True),
    Command(_D, "copy", "y", "Copy", "Copy the hash of the picture, or the text."),
)
LOG_COMMANDS = (
    Command(
        _L, "chart", "enter,L", "chart", "The metrics at the time of this line.", in_footer=True
    ),
    Command(_L, "follow", "f", "follow", "Stay at the end, or stand still.", in_footer=True),
    Command(_L, "level", "v", "level", "Least level of log records.", in_footer=True),
    Command(_L, "next_match", "n", "next", "To the next place that was found.", in_footer=True),
    Command(_L, "previous_match", "N", "previous", "To the one before.", in_footer=True),
    Command(_L, "only_matches", "ampersand", "Only matches", "Leave other lines out, or not."),
    Command(_L, "save", "s", "save", "Write the lines to a file.", in_footer=True),
    Command(_L, "copy", "y", "Copy", "Copy the line under the cursor."),
)
FILES_COMMANDS = (
    Command(
        _F, "open", "enter", "read", "Go into the preview, or fold a folder.", in_footer=True
    ),
    Command(_F, "save", "s", "save", "Write the file to a place.", in_footer=True),
    Command(_F, "save_all", "S", "save all", "Write all files as ZIP.", in_footer=True),
    Command(_F, "outside", "o", "outside", "Open in a program of the desktop.", in_footer=True),
    Command(_F, "copy", "y", "Copy", "Copy the path of the file."),
)
RUN_COMMANDS = (
    Command(
        _V,
        "open",
        "enter",
        "open",
        "Fold a branch; edit a note; see the metrics then.",
        "in_tab('open')",
        in_footer=True,
    ),
    Command(_V, "edit", "e", "edit", "Edit the note.", "in_tab('edit')", in_footer=True),
    Command(
        _V,
        "edit_outside",
        "E,ctrl+e",
        "$EDITOR",
        "Edit the note in your editor.",
        "in_tab('edit_outside')",
        in_footer=True,
    ),
    Command(_V, "delete", "delete", "delete", "Delete the note.", "in_tab('delete')"),
    Command(
        _V, "log", "w", "log", "The log around the crosshair.", "in_tab('log')", in_footer=True
    ),
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
)
