"""Every key and command of the dashboard, in one table.

Bindings, footer, palette, the `?` menu, the `:` line and the README are made from it, so
they cannot disagree. A user remaps a key by the command's id in the settings file.

Scopes nest: a key of a screen or widget hides the same key of the `app` scope. Within one
scope no key stands twice. `arrows` and `hjkl` both move everywhere.
"""

from app.commands.command import Command, Scope
from app.commands.places import PLACES, Place, place_named
from app.commands.table import COMMANDS, bindings, command_by_id, commands_of

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
