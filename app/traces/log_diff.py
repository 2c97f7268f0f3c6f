"""Logs of two runs against each other: which lines were written at the same point. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.traces.log_moments import moment_in
from app.traces.log_text import LogRow, without_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LogPlaces(Struct, frozen=True, eq=False):
    """A log, and how far the training was at each of its rows; NaN where nothing tells."""

    rows: tuple[LogRow, ...]
    steps: NDArray[np.float64]
    epochs: NDArray[np.float64]
    times: NDArray[np.float64]
    """Seconds since the first row that has a time."""


def places_of(rows: Sequence[LogRow]) -> LogPlaces:
    """Find out how far each row is; a row that tells nothing is as far as the one before."""
    columns = np.full((3, len(rows)), np.nan)
    for at, row in enumerate(rows):
        moment = moment_in(row)
        if moment is None:
            continue
        for column, value in enumerate((moment.step, moment.epoch, moment.time or None)):
            if value is not None:
                columns[column, at] = value
    steps, epochs, times = (_carried(column) for column in columns)
    known = times[np.isfinite(times)]
    return LogPlaces(tuple(rows), steps, epochs, times - known[0] if len(known) else times)


def matching_row(here: LogPlaces, row: int, there: LogPlaces) -> int:
    """The row of another log that was written at the same step, epoch or time.

    The rows of one step match in their order; without anything that tells, the row with the
    same number matches.
    """
    pairs = (here.steps, there.steps), (here.epochs, there.epochs), (here.times, there.times)
    last = max(0, len(there.rows) - 1)
    for mine, theirs in pairs:
        known = np.isfinite(theirs)
        if row >= len(mine) or not np.isfinite(mine[row]) or not known.any():
            continue
        offset = row - int(np.flatnonzero(mine == mine[row])[0])
        nearest = theirs[np.nanargmin(np.abs(theirs - mine[row]))]
        same = np.flatnonzero(theirs == nearest)
        return int(same[min(offset, len(same) - 1)])
    return min(row, last)


def next_difference(here: LogPlaces, there: LogPlaces, row: int, direction: int) -> int | None:
    """The next row whose text is not that of the matching row; None if there is none."""
    at = row + direction
    while 0 <= at < len(here.rows):
        other = matching_row(here, at, there)
        if not there.rows or _words(here.rows[at]) != _words(there.rows[other]):
            return at
        at += direction
    return None


def _words(row: LogRow) -> str:
    return " ".join(without_codes(row.text).split())


def _carried(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unknown values as the known one before them."""
    if not len(column):
        return column
    places = np.where(np.isfinite(column), np.arange(len(column)), -1)
    before = np.maximum.accumulate(places)
    return np.where(before >= 0, column[before], np.nan)
