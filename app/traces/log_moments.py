"""When a line of a log was written, in steps of the training; and the other way round. Pure.

Terminal output carries no times. A line tells its step or epoch itself, or stands near one
that does; log records have the time of day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from app.traces.log_text import LogRow, without_codes
from store.models import Series

_NUMBER = r"[\s:=#]*([\d,_]*\d)"
_STEP = re.compile(r"\b(?:global_step|step|iter(?:ation)?)" + _NUMBER, re.IGNORECASE)
_EPOCH = re.compile(r"\bepoch" + _NUMBER + r"(?:\s*/\s*(\d+))?", re.IGNORECASE)
REACH = 500
"""Lines around one that are asked if it tells nothing itself."""


class Moment(Struct, frozen=True):
    """When something was written, as far as it tells."""

    step: int | None = None
    epoch: int | None = None
    epochs: int | None = None
    """Of how many, as in `epoch 3/60`; then they are counted from one."""
    time: float = 0.0


def step_in(text: str) -> int | None:
    """The training step that a line speaks of, as in `step 120` or `iter=3,000`."""
    found = _STEP.search(without_codes(text))
    return _whole(found.group(1)) if found is not None else None


def moment_in(row: LogRow) -> Moment | None:
    """When the row was written, from itself alone."""
    if (step := step_in(row.text)) is not None:
        return Moment(step=step)
    if (found := _EPOCH.search(without_codes(row.text))) is not None:
        total = int(found.group(2)) if found.group(2) else None
        return Moment(epoch=_whole(found.group(1)), epochs=total)
    return Moment(time=row.time) if row.time else None


def moment_at(rows: Sequence[LogRow], at: int) -> Moment | None:
    """When the row was written: from itself, or from the nearest line that tells."""
    for distance in range(REACH):
        for near in (at - distance, at + distance):
            if 0 <= near < len(rows) and (moment := moment_in(rows[near])) is not None:
                return moment
    return None


def step_of(moment: Moment, series: Series) -> int | None:
    """The step of a moment, by the epochs and times of a metric; None if they are unknown."""
    if moment.step is not None:
        return moment.step
    if not len(series):
        return None
    if moment.epoch is not None:
        epochs = series.epochs
        wanted = moment.epoch - (_counts_from_one(moment, epochs))
        places = np.flatnonzero(epochs <= wanted)
        return int(series.steps[places[-1]]) if len(places) else int(series.steps[0])
    if not np.isfinite(series.times).any():
        return None
    return int(series.steps[int(np.nanargmin(np.abs(series.times - moment.time)))])


def row_at_step(rows: Sequence[LogRow], step: int, series: Series) -> int | None:
    """The row that was written nearest to a step; None if no row tells."""
    best, nearest = None, float("inf")
    for at, row in enumerate(rows):
        moment = moment_in(row)
        there = step_of(moment, series) if moment is not None else None
        if there is not None and abs(there - step) < nearest:
            best, nearest = at, abs(there - step)
    return best


def _counts_from_one(moment: Moment, epochs: np.ndarray) -> bool:
    known = epochs[np.isfinite(epochs)]
    return moment.epochs is not None and len(known) > 0 and known.max() < moment.epochs


def _whole(digits: str) -> int:
    return int(re.sub(r"[,_]", "", digits))
