"""Summaries as the metadata has them: true up to the last sealed generation."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from store.database import INTEGERS, Database, among, json_list
from store.models import Context, MetricSummary, SequenceRef
from store.points.summaries import Rows, blank_rows

_NUMBERS = """s.count, s.non_finite_count, s.first, s.first_step, s.last, s.last_step,
    s.min, s.min_step, s.max, s.max_step, s.mean, s.first_time, s.last_time"""


_FIELDS = """s.id, s.run_id, s.name, s.context, s.dtype, s.count, s.non_finite_count,
    s.first, s.first_step, s.last, s.last_step, s.min, s.min_step, s.max, s.max_step,
    s.first_time, s.last_time, s.mean"""
"""In the order of the fields of `MetricSummary`."""
_BY_RUN_AND_KEY = itemgetter(1, 2, 3, 0)


def stored_rows(database: Database, sequence_ids: NDArray[np.int32]) -> Rows:
    """Rows for the summary table; sequences that the metadata lacks are left out."""
    sql = f"""SELECT s.id, s.run_id, {_NUMBERS} FROM sequences s
              WHERE s.kind = 'metric' AND s.id IN {INTEGERS} ORDER BY s.id"""
    columns = database.columns(sql, [json_list(sequence_ids.tolist())])
    rows = blank_rows(columns["id"], columns["run_id"])
    rows["count"] = columns["count"]
    rows["non_finite"] = columns["non_finite_count"]
    has_points = rows["count"] > 0
    for name in ("first", "last", "min", "max", "first_time", "last_time"):
        rows[name] = np.ma.filled(columns[name], np.nan)
    for name in ("first_step", "last_step", "min_step", "max_step"):
        rows[name][has_points] = np.ma.filled(columns[name], 0)[has_points]
    finite_count = rows["count"] - rows["non_finite"]
    mean = np.ma.filled(columns["mean"], np.nan)
    rows["total"] = np.where(finite_count > 0, mean * finite_count, 0.0)
    rows["sealed_last_step"] = rows["last_step"]
    return rows


def stored_summaries(database: Database, run_ids: list[int]) -> list[MetricSummary]:
    """Summaries of the metrics of runs, by run, name and context."""
    return _stored(database, *among("s.run_id", run_ids))


def stored_summaries_of(database: Database, sequence_ids: list[int]) -> list[MetricSummary]:
    """Summaries of these metrics, by run, name and context."""
    return _stored(database, *among("s.id", sequence_ids))


def _stored(database: Database, condition: str, params: list[object]) -> list[MetricSummary]:
    # Sorted here: for a page of runs, planning a sort costs more than all the rest.
    rows = database.rows(
        f"SELECT {_FIELDS} FROM sequences s WHERE s.kind = 'metric' AND s.count > 0 AND {condition}",
        params,
    )
    rows.sort(key=_BY_RUN_AND_KEY)
    return [
        MetricSummary(sequence_id, run_id, name, _context(context), *numbers)
        for sequence_id, run_id, name, context, *numbers in rows
    ]


@lru_cache(maxsize=10_000)
def _context(text: str) -> Context:
    """The context of this text; there are few of them."""
    return Context(text)


def hot_summaries(rows: Rows, refs: dict[int, SequenceRef]) -> list[MetricSummary]:
    """Summaries of rows of the summary table; rows of unknown sequences are left out."""
    finite_count = rows["count"] - rows["non_finite"]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (rows["total"] / finite_count).tolist()
    summaries = []
    for row, mean in zip(rows.tolist(), means, strict=True):
        (sequence_id, run_id, count, bad, first, first_step, last, last_step) = row[:8]
        (low, low_step, high, high_step, _, first_time, last_time) = row[8:15]
        ref = refs.get(sequence_id)
        if ref is None:
            continue
        summaries.append(
            MetricSummary(
                sequence_id=sequence_id,
                run_id=run_id,
                name=ref.name,
                context=ref.context,
                dtype=ref.dtype,
                count=count,
                non_finite_count=bad,
                first=first,
                first_step=first_step,
                last=last,
                last_step=last_step,
                min=low,
                min_step=low_step,
                max=high,
                max_step=high_step,
                first_time=first_time,
                last_time=last_time,
                mean=mean,
            )
        )
    return summaries
