"""The table of all commands, in the order in which menus list them."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import BindingType

from app.commands.boards import (
    BOARD_COMMANDS,
    DASHBOARDS_COMMANDS,
    REPORT_COMMANDS,
    REPORT_TEXT_COMMANDS,
    REPORTS_COMMANDS,
)
from app.commands.charts import CHART_COMMANDS, METRICS_COMMANDS
from app.commands.command import Command, Scope
from app.commands.compare import (
    COMPARE_COMMANDS,
    PARALLEL_COMMANDS,
    PICTURES_COMMANDS,
    SCATTER_COMMANDS,
)
from app.commands.everywhere import (
    APP_COMMANDS,
    PLACE_COMMANDS,
    QUERY_COMMANDS,
    TABLE_COMMANDS,
)
from app.commands.lists import (
    EXPERIMENTS_COMMANDS,
    HOME_COMMANDS,
    NOTES_COMMANDS,
    RUNS_COMMANDS,
    SERVER_COMMANDS,
)
from app.commands.run import FILES_COMMANDS, LOG_COMMANDS, MEDIA_COMMANDS, RUN_COMMANDS

COMMANDS: tuple[Command, ...] = (
    *PLACE_COMMANDS,
    *APP_COMMANDS,
    *TABLE_COMMANDS,
    *QUERY_COMMANDS,
    *HOME_COMMANDS,
    *EXPERIMENTS_COMMANDS,
    *RUNS_COMMANDS,
    *NOTES_COMMANDS,
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
    *SERVER_COMMANDS,
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
