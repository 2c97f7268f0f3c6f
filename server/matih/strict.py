"""What strict settings refuse: logging to a run that has ended, and params that change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.matih.views import param_text, params_out
from server.settings import ServerSettings
from store.errors import StateConflictError
from store.workspace import Workspace


def check_open(settings: ServerSettings, workspace: Workspace, run_id: str) -> None:
    """See that a run may be logged to.

    Raises:
        NotFoundError: If there is no such run; it is not created here.
        StateConflictError: If it has ended, and the settings are strict.
    """
    if not settings.is_strict:
        workspace.runs.require(run_id)
        return
    run = workspace.runs.get(run_id)
    if not run.is_active:
        raise StateConflictError(
            f"The run has ended ({run.status}); nothing more may be logged"
        )


def check_params(
    settings: ServerSettings, workspace: Workspace, run_id: str, params: Mapping[str, Any]
) -> None:
    """See that no param gets another value.

    Raises:
        StateConflictError: If one would, and the settings are strict.
    """
    if not (settings.is_strict and params):
        return
    known = params_out(workspace.runs.params(run_id))
    for key, value in params.items():
        if key in known and known[key] != param_text(value):
            why = f"Param {key!r} is {known[key]!r} already and cannot become {value!r}"
            raise StateConflictError(why)
