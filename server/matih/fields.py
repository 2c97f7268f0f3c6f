"""Members of this API's bodies: what is accepted, and what it becomes."""

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from server.matih.times import seconds_of
from store.models import RunStatus

_STATUS_WORDS = {
    "finished": RunStatus.FINISHED,
    "completed": RunStatus.FINISHED,
    "complete": RunStatus.FINISHED,
    "success": RunStatus.FINISHED,
    "failed": RunStatus.FAILED,
    "error": RunStatus.FAILED,
    "killed": RunStatus.KILLED,
    "cancelled": RunStatus.KILLED,
    "canceled": RunStatus.KILLED,
    "aborted": RunStatus.KILLED,
}
_NON_FINITE = {"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}


def metric_value(value: Any) -> float:
    """A number of JSON, its words for what is not finite, or a truth value."""
    if isinstance(value, bool | float):
        return float(value)
    if isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str) and value.strip().lower() in _NON_FINITE:
        return float(value)
    raise ValueError("must be a number")


def end_status(word: Any) -> RunStatus:
    """How a run ended, from the many words for it.

    Raises:
        ValueError: If it is none of them.
    """
    status = _STATUS_WORDS.get(word.strip().lower()) if isinstance(word, str) else None
    if status is None:
        raise ValueError("status must be finished, failed or killed")
    return status


def run_status(word: Any) -> RunStatus:
    """A status to filter by."""
    if isinstance(word, str) and word.strip().lower() in ("running", "active"):
        return RunStatus.RUNNING
    try:
        return end_status(word)
    except ValueError:
        raise ValueError("status must be running, finished, failed or killed") from None


def _tag_text(value: Any) -> Any:
    # Numbers and truth values are common slips; their text is what was meant.
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _step(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be an integer")
    return value


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"\S")
]
Description = Annotated[str, StringConstraints(max_length=1000)]
Moment = Annotated[float, BeforeValidator(seconds_of)]
TagText = Annotated[str, BeforeValidator(_tag_text)]
MetricValue = Annotated[float, BeforeValidator(metric_value)]
Step = Annotated[int, BeforeValidator(_step), Field(ge=0, le=2**63 - 1)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=250)]
EndStatus = Annotated[RunStatus, BeforeValidator(end_status)]
