"""What a run printed: lines of its terminal, and structured records.

A line replaces what was at its step. Records are numbered from 0; a record that was logged
a moment ago with the same time, level and message is a repeated frame and is dropped.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from duckdb import DuckDBPyConnection
from msgspec import Struct, field

from store.database import INTEGERS, Row, insert_rows, json_list, json_rows
from store.models import LogLine, LogRecord
from store.models.operations import NewRecord
from store.queries.noun import TenantQueries

DEFAULT_COUNT = 200
"""How many of the newest are read when no range is given."""

_LINES = {"run_id": "INTEGER", "step": "BIGINT", "line": "VARCHAR"}

_RECORDS = {
    "run_id": "INTEGER",
    "number": "BIGINT",
    "message": "VARCHAR",
    "level": "INTEGER",
    "time": "DOUBLE",
    "args": "VARCHAR",
    "logger_info": "VARCHAR",
}

_RangeSelect = tuple[str, str, str]
"""Columns, table, and the column that ranges are about."""

_LINE_SELECT: _RangeSelect = ("step, line", "log_lines", "step")
_RECORD_SELECT: _RangeSelect = (
    "number, message, level, time, args, logger_info",
    "log_records",
    "number",
)

REMEMBERED_RUNS = 1_000
REMEMBERED_RECORDS = 1_000


class LogQueries(TenantQueries):
    """Logs of one tenant's runs. A run that does not exist has no logs."""

    def lines(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> list[LogLine]:
        """Lines with `start <= step < stop`, ascending.

        With neither bound: the last 200 steps. Grows with the lines read.
        """
        rows = self._range(_LINE_SELECT, run_hash, start, stop)
        return [LogLine(*row) for row in rows]

    def records(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> tuple[int, list[LogRecord]]:
        """Number of records of the run, and those with `start <= number < stop`.

        With neither bound: the last 200.
        """
        run_ids = self._core.registry.ids_of(self._tenant, [run_hash])
        if not run_ids:
            return 0, []
        total = self._database.row("SELECT count(*) FROM log_records WHERE run_id = ?", run_ids)
        rows = self._range(_RECORD_SELECT, run_hash, start, stop)
        return total[0] if total else 0, [_record(row) for row in rows]

    def _range(
        self, select: _RangeSelect, run_hash: str, start: int | None, stop: int | None
    ) -> list[Row]:
        columns, table, place = select
        run_ids = self._core.registry.ids_of(self._tenant, [run_hash])
        if not run_ids:
            return []
        if start is None and stop is None:
            last = self._database.row(
                f"SELECT max({place}) FROM {table} WHERE run_id = ?", run_ids
            )
            if last is None or last[0] is None:
                return []
            start = last[0] - DEFAULT_COUNT + 1
        return self._database.rows(
            f"SELECT {columns} FROM {table} WHERE run_id = ? "
            f"AND (? IS NULL OR {place} >= ?) AND (? IS NULL OR {place} < ?) ORDER BY {place}",
            [*run_ids, start, start, stop, stop],
        )


class LogPosition(Struct):
    """Where the logs of one run stand."""

    top_step: int = -1
    """Largest step of any line; a line above it replaces nothing."""
    next_number: int = 0
    recent: OrderedDict[tuple[float, int, str], None] = field(default_factory=OrderedDict)
    """The newest records, to recognise repeated ones."""

    def copy(self) -> LogPosition:
        """A copy that can change on its own."""
        return LogPosition(self.top_step, self.next_number, self.recent.copy())


class LogPositions:
    """Positions of the runs that logged lately; used by the metadata writer's thread only."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, LogPosition] = OrderedDict()

    def of(self, cursor: DuckDBPyConnection, run_ids: Iterable[int]) -> dict[int, LogPosition]:
        """Copies of the positions of these runs."""
        wanted = list(dict.fromkeys(run_ids))
        missing = json_list(run_id for run_id in wanted if run_id not in self._known)
        found = {
            run_id: self._known[run_id].copy() for run_id in wanted if run_id in self._known
        }
        for run_id in wanted:
            found.setdefault(run_id, LogPosition())
        if missing != "[]":
            _read_positions(cursor, missing, found)
        return found

    def keep(self, positions: Mapping[int, LogPosition]) -> None:
        """What was written with these positions is durable."""
        for run_id, position in positions.items():
            while len(position.recent) > REMEMBERED_RECORDS:
                position.recent.popitem(last=False)
            self._known[run_id] = position
            self._known.move_to_end(run_id)
        while len(self._known) > REMEMBERED_RUNS:
            self._known.popitem(last=False)

    def forget(self, run_ids: Iterable[int]) -> None:
        """These runs were deleted."""
        for run_id in run_ids:
            self._known.pop(run_id, None)


def _read_positions(
    cursor: DuckDBPyConnection, run_ids: str, found: dict[int, LogPosition]
) -> None:
    for run_id, top_step in cursor.execute(
        f"SELECT run_id, max(step) FROM log_lines WHERE run_id IN {INTEGERS} "
        "GROUP BY run_id ORDER BY run_id",
        [run_ids],
    ).fetchall():
        found[run_id].top_step = top_step
    for run_id, top_number in cursor.execute(
        f"SELECT run_id, max(number) FROM log_records WHERE run_id IN {INTEGERS} "
        "GROUP BY run_id ORDER BY run_id",
        [run_ids],
    ).fetchall():
        found[run_id].next_number = top_number + 1


def write_lines(
    cursor: DuckDBPyConnection,
    lines: Mapping[tuple[int, int], str],
    positions: Mapping[int, LogPosition],
) -> None:
    """Store lines by run number and step; moves the positions."""
    if not lines:
        return
    replaced = [(run_id, step) for run_id, step in lines if step <= positions[run_id].top_step]
    if replaced:
        relation, text = json_rows({"run_id": "INTEGER", "step": "BIGINT"}, replaced)
        cursor.execute(
            f"DELETE FROM log_lines USING {relation} u "
            "WHERE log_lines.run_id = u.run_id AND log_lines.step = u.step",
            [text],
        )
    insert_rows(cursor, "log_lines", _LINES, [(*key, line) for key, line in lines.items()])
    for run_id, step in lines:
        position = positions[run_id]
        position.top_step = max(position.top_step, step)


def write_records(
    cursor: DuckDBPyConnection,
    records: Sequence[tuple[int, NewRecord]],
    positions: Mapping[int, LogPosition],
) -> None:
    """Store records by run number; moves the positions."""
    rows: list[Row] = []
    for run_id, record in records:
        position = positions[run_id]
        key = (record.time, record.level, record.message)
        if key in position.recent:
            continue
        position.recent[key] = None
        rows.append(
            (
                run_id,
                position.next_number,
                record.message,
                record.level,
                record.time,
                None if record.args is None else json.dumps(dict(record.args), default=str),
                None if record.logger_info is None else json.dumps(record.logger_info),
            )
        )
        position.next_number += 1
    insert_rows(cursor, "log_records", _RECORDS, rows)


def _record(row: Row) -> LogRecord:
    number, message, level, time, args, logger_info = row
    return LogRecord(
        number=number,
        message=message,
        level=level,
        time=time,
        args=None if args is None else json.loads(args),
        logger_info=None if logger_info is None else json.loads(logger_info),
    )
