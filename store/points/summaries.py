"""Running summaries of the sequences that were written lately.

One row for each *hot* sequence in a growing table; a group of points updates all rows it
concerns with a handful of numpy operations. What holds:

* The row of a sequence is complete: it starts from what the metadata knows about the
  sealed points, and every later point is counted.
* `min`, `max` and the mean look at finite values only. `first` and `last` belong to the
  smallest and the largest step, and so do `first_time` and `last_time`.
* Steps that do not rise (a resumed run, a repeated frame) may replace points that were
  counted before. Then the row is *stale*: only its `last_step` is right, and it is
  computed from the points when somebody asks, and before it is sealed.
* A row is dirty while its newest points are in a generation that is not sealed.

Any thread may call anything.
"""

from __future__ import annotations

import threading

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from store.points.frames import PointColumns
from store.points.grouping import Positions, group_bounds, group_order

Rows = NDArray[np.void]

SUMMARY = np.dtype(
    [
        ("sequence", np.int32),
        ("run", np.int32),
        ("count", np.int64),
        ("non_finite", np.int64),
        ("first", np.float64),
        ("first_step", np.int64),
        ("last", np.float64),
        ("last_step", np.int64),
        ("min", np.float64),
        ("min_step", np.int64),
        ("max", np.float64),
        ("max_step", np.int64),
        ("total", np.float64),  # sum of the finite values
        ("first_time", np.float64),
        ("last_time", np.float64),
        ("sealed_last_step", np.int64),  # largest step that is in segments, -1 for none
        ("generation", np.int64),  # of the newest points, -1 for none since loading
        ("mutations", np.int64),  # moves on every change
        ("stale", np.bool_),
    ]
)


def blank_rows(sequences: NDArray[np.int32], runs: NDArray[np.int32]) -> Rows:
    """Rows of sequences without points."""
    rows = np.zeros(len(sequences), SUMMARY)
    rows["sequence"] = sequences
    rows["run"] = runs
    for name in ("first", "last", "min", "max", "first_time", "last_time"):
        rows[name] = np.nan
    for name in ("last_step", "sealed_last_step", "generation"):
        rows[name] = -1
    return rows


class GroupSummaries(Struct, frozen=True, eq=False):
    """What a group of points says about each of its sequences."""

    rows: Rows
    """One for each sequence, in the order of the points; `run` is not filled."""
    is_rising: NDArray[np.bool_]
    """Whether the steps rise strictly in the order of arrival."""


def summarise(points: PointColumns, is_grouped: bool = False) -> GroupSummaries:
    """Summaries of points that come in the order of their arrival, at least one.

    Args:
        points: The points.
        is_grouped: Whether the points of each sequence stand together already.
    """
    if not is_grouped:
        points = points.take(group_order(points.sequences))
    starts, stops = group_bounds(points.sequences)
    if len(starts) == len(points):
        return _of_single_points(points)
    rows = np.zeros(len(starts), SUMMARY)
    rows["sequence"] = points.sequences[starts]
    rows["count"] = stops - starts
    rows["first"] = points.values[starts]
    rows["first_step"] = points.steps[starts]
    rows["first_time"] = points.times[starts]
    rows["last"] = points.values[stops - 1]
    rows["last_step"] = points.steps[stops - 1]
    rows["last_time"] = points.times[stops - 1]
    _fill_extremes(rows, points, starts)
    is_rising = np.ones(len(starts), np.bool_)
    falls = np.flatnonzero(points.steps[1:] <= points.steps[:-1]) + 1
    falls = falls[points.sequences[falls] == points.sequences[falls - 1]]
    if len(falls):
        is_rising[np.searchsorted(starts, falls, side="right") - 1] = False
        rows["last_step"] = np.maximum.reduceat(points.steps, starts)
    return GroupSummaries(rows, is_rising)


def _of_single_points(points: PointColumns) -> GroupSummaries:
    """Summaries of one point each, as nearly all groups are while something trains."""
    rows = np.zeros(len(points), SUMMARY)
    rows["sequence"] = points.sequences
    rows["count"] = 1
    rows["first_time"] = rows["last_time"] = points.times
    for name in ("first", "last", "min", "max", "total"):
        rows[name] = points.values
    for name in ("first_step", "last_step", "min_step", "max_step"):
        rows[name] = points.steps
    infinite = np.flatnonzero(~np.isfinite(points.values))
    if len(infinite):
        rows["non_finite"][infinite] = 1
        rows["total"][infinite] = 0.0
        for name in ("min", "max"):
            rows[name][infinite] = np.nan
            rows[f"{name}_step"][infinite] = 0
    return GroupSummaries(rows, np.ones(len(points), np.bool_))


def _fill_extremes(rows: Rows, points: PointColumns, starts: Positions) -> None:
    finite = np.isfinite(points.values)
    if finite.all():
        rows["non_finite"] = 0
        lows = highs = points.values
        rows["total"] = np.add.reduceat(points.values, starts)
    else:
        rows["non_finite"] = rows["count"] - np.add.reduceat(finite, starts, dtype=np.int64)
        lows = np.where(finite, points.values, np.inf)
        highs = np.where(finite, points.values, -np.inf)
        rows["total"] = np.add.reduceat(np.where(finite, points.values, 0.0), starts)
    for name, values, extreme in (("min", lows, np.minimum), ("max", highs, np.maximum)):
        found = extreme.reduceat(values, starts)
        # The first position of each group that holds the group's extreme.
        holders = np.flatnonzero(values == np.repeat(found, rows["count"]))
        where = holders[np.searchsorted(holders, starts)]
        rows[name] = found
        rows[f"{name}_step"] = points.steps[where]
    nothing = rows["non_finite"] == rows["count"]
    if nothing.any():
        for name in ("min", "max"):
            rows[name][nothing] = np.nan
            rows[f"{name}_step"][nothing] = 0


class SummaryTable:
    """The rows of all hot sequences."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows = np.zeros(64, SUMMARY)
        self._count = 0
        # Row number + 1 for each sequence id; zeros are untouched memory.
        self._places = np.zeros(1024, np.int32)
        self._sealed_generation = -1

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return self._count

    def missing(self, sequences: NDArray[np.int32]) -> NDArray[np.int32]:
        """Those that have no row yet; takes no lock."""
        places = self._places
        known = sequences[sequences < len(places)]
        if len(known) == len(sequences) and places[sequences].all():
            return sequences[:0]
        return sequences[~np.isin(sequences, known[places[known] > 0])]

    def add(self, rows: Rows) -> None:
        """Take rows in; those of sequences that have one already are ignored."""
        if not len(rows):
            return
        with self._lock:
            self._make_room(int(rows["sequence"].max()))
            fresh = rows[self._places[rows["sequence"]] == 0]
            needed = self._count + len(fresh)
            if needed > len(self._rows):
                grown = np.zeros(max(needed, 2 * len(self._rows)), SUMMARY)
                grown[: self._count] = self._rows[: self._count]
                self._rows = grown
            self._rows[self._count : needed] = fresh
            self._places[fresh["sequence"]] = np.arange(self._count + 1, needed + 1)
            self._count = needed

    def _make_room(self, highest_id: int) -> None:
        if highest_id >= len(self._places):
            grown = np.zeros(max(highest_id + 1, 2 * len(self._places)), np.int32)
            grown[: len(self._places)] = self._places
            self._places = grown

    def last_steps(self, sequences: NDArray[np.int32]) -> NDArray[np.int64]:
        """The largest step of each, -1 where there is none; rows must exist."""
        with self._lock:
            steps: NDArray[np.int64] = self._rows["last_step"][self._places[sequences] - 1]
            return steps

    def update(
        self, points: PointColumns, generation: int, *, is_grouped: bool = False
    ) -> tuple[NDArray[np.int32], bool]:
        """Count points that come in the order of their arrival.

        Args:
            points: The points; their sequences have rows.
            generation: Where they are.
            is_grouped: Whether the points of each sequence stand together already.

        Returns:
            The runs concerned, each at least once, and whether any step did not rise.
        """
        group = summarise(points, is_grouped)
        with self._lock:
            places = self._places[group.rows["sequence"]] - 1
            if places.min() < 0:
                raise LookupError("points of a sequence without a row")
            # `take` and `put` move whole records, an index each of their fields.
            rows = self._rows.take(places)
            is_clean = group.is_rising & (group.rows["first_step"] > rows["last_step"])
            _combine(rows, group.rows, is_clean, generation)
            self._rows.put(places, rows)
        return rows["run"], not bool(is_clean.all())

    def rows_of(self, sequences: NDArray[np.int32]) -> Rows:
        """Copies of the rows of those that have one."""
        with self._lock:
            known = sequences[sequences < len(self._places)]
            places = self._places[known]
            rows: Rows = self._rows[places[places > 0] - 1]
            return rows

    def touched_in(self, generation: int) -> Rows:
        """Copies of the rows whose newest points are in this generation."""
        with self._lock:
            rows = self._rows[: self._count]
            touched: Rows = rows[rows["generation"] == generation]
            return touched

    def dirty(self, runs: NDArray[np.int32] | None = None) -> Rows:
        """Copies of the rows with points that are not sealed, of these runs or of all."""
        with self._lock:
            rows = self._rows[: self._count]
            is_dirty = rows["generation"] > self._sealed_generation
            if runs is not None:
                is_dirty &= np.isin(rows["run"], runs)
            dirty: Rows = rows[is_dirty]
            return dirty

    def dirty_runs(self) -> set[int]:
        """Runs with points that are not sealed."""
        with self._lock:
            rows = self._rows[: self._count]
            runs = rows["run"][rows["generation"] > self._sealed_generation]
        return set(np.unique(runs).tolist())

    def repair(self, exact: Rows) -> None:
        """Replace stale rows by what was computed from the points.

        Rows that changed since `exact` was taken from the table stay stale.
        """
        with self._lock:
            places = self._places[exact["sequence"]] - 1
            current = places >= 0
            current[current] = (
                self._rows["mutations"][places[current]] == exact["mutations"][current]
            )
            places = places[current]
            fixed = exact[current]
            fixed["sealed_last_step"] = self._rows["sealed_last_step"][places]
            fixed["stale"] = False
            self._rows[places] = fixed

    def mark_sealed(self, generation: int, rows: Rows) -> None:
        """Say that a generation is in segments and its summaries in the metadata."""
        with self._lock:
            self._sealed_generation = max(self._sealed_generation, generation)
            places = self._places[rows["sequence"]]
            known = places > 0
            places = places[known] - 1
            self._rows["sealed_last_step"][places] = np.maximum(
                self._rows["sealed_last_step"][places], rows["last_step"][known]
            )

    def drop_runs(self, runs: NDArray[np.int32]) -> None:
        """Forget everything about these runs."""
        with self._lock:
            self._keep(~np.isin(self._rows["run"][: self._count], runs))

    def drop_quiet(self, before_generation: int) -> NDArray[np.int32]:
        """Forget the rows that are sealed and were not touched since that generation.

        Returns:
            The runs that have no row left.
        """
        with self._lock:
            rows = self._rows[: self._count]
            keep = rows["generation"] >= min(before_generation, self._sealed_generation + 1)
            gone = np.unique(rows["run"][~keep])
            self._keep(keep)
            return gone[~np.isin(gone, self._rows["run"][: self._count])]

    def _keep(self, keep: NDArray[np.bool_]) -> None:
        if keep.all():
            return
        kept = self._rows[: self._count][keep]
        self._places[self._rows["sequence"][: self._count]] = 0
        self._rows = np.zeros(max(64, 2 * len(kept)), SUMMARY)
        self._rows[: len(kept)] = kept
        self._count = len(kept)
        self._places[kept["sequence"]] = np.arange(1, len(kept) + 1)


def _combine(rows: Rows, new: Rows, is_clean: NDArray[np.bool_], generation: int) -> None:
    """Add points to rows; stale where not clean."""
    is_first = rows["count"] == 0
    if is_first.any():
        for name in ("first", "first_step", "first_time"):
            rows[name] = np.where(is_first, new[name], rows[name])
    rows["count"] += new["count"]
    rows["non_finite"] += new["non_finite"]
    rows["total"] += new["total"]
    rows["last"] = new["last"]
    rows["last_time"] = new["last_time"]
    rows["last_step"] = np.maximum(rows["last_step"], new["last_step"])
    # Comparisons with NaN are false, so a missing extreme of either side loses.
    for name, better in (
        ("min", (new["min"] < rows["min"]) | np.isnan(rows["min"])),
        ("max", (new["max"] > rows["max"]) | np.isnan(rows["max"])),
    ):
        if better.any():
            rows[name] = np.where(better, new[name], rows[name])
            rows[f"{name}_step"] = np.where(better, new[f"{name}_step"], rows[f"{name}_step"])
    rows["generation"] = generation
    rows["mutations"] += 1
    if not is_clean.all():
        rows["stale"] |= ~is_clean
