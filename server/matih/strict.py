"""What strict settings refuse: logging to a run that has ended, and params that change.

The store asks the check in the step in which it writes, so that of two callers at once the
second is measured by what the first has left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.matih.views import param_text, params_out
from server.settings import ServerSettings
from store.errors import StateConflictError
from store.models import RunStatus
from store.models.operations import RunCheck


def strict_check(
    settings: ServerSettings, params: Mapping[str, Any] | None = None
) -> RunCheck | None:
    """What has to hold of a run for params, and anything else, to be logged to it.

    Args:
        settings: None of them strict, and everything goes.
        params: The params to log.
    """
    if not settings.is_strict:
        return None
    wanted = params or {}

    def check(status: str, known: Mapping[str, Any]) -> None:
        if status != RunStatus.RUNNING:
            raise StateConflictError(
                f"The run has ended ({status}); nothing more may be logged"
            )
        if wanted:
            _check_params(params_out(known), wanted)

    return check


def _check_params(known: Mapping[str, str], wanted: Mapping[str, Any]) -> None:
    for key, value in wanted.items():
        if key in known and known[key] != param_text(value):
            why = f"Param {key!r} is {known[key]!r} already and cannot become {value!r}"
            raise StateConflictError(why)
