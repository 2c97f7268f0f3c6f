"""In which order runs come: sort keys as SQL."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from store.aimql.fields import representative
from store.aimql.sql import Sql
from store.database import json_rows
from store.errors import InvalidDataError
from store.models import MetricSummary
from store.search.models import METRIC_NUMBERS, RUN_FIELDS, SortKey

if TYPE_CHECKING:
    from store.core import StoreCore

_COLUMNS = {
    "run": "r.name",
    "experiment": "coalesce(e.name, '')",
    "hash": "r.hash",
    "date": "r.created_at",
    "description": "r.description",
    "status": "r.status",
}


class Ordering(Struct, frozen=True):
    """What a statement needs to bring runs `r` with their experiments `e` in order."""

    joins: Sql
    terms: Sql


def make_ordering(core: StoreCore, keys: Iterable[SortKey], now: float) -> Ordering:
    """The order of these keys; newest first, then the hash, where they leave it open.

    Raises:
        InvalidDataError: If there is no such field.
    """
    joins: list[Sql] = []
    terms: list[Sql] = []
    for number, key in enumerate(keys):
        direction = "DESC" if key.descending else "ASC"
        join, term = _key(core, key, f"k{number}", direction, now)
        joins += [join] if join else []
        terms += [term] if term else []
    terms.append(Sql("r.created_at DESC, r.hash"))
    return Ordering(_chained(joins, " "), _chained(terms, ", "))


def _chained(parts: Sequence[Sql], glue: str) -> Sql:
    return Sql(
        glue.join(part.text for part in parts),
        tuple(param for part in parts for param in part.params),
    )


def _key(
    core: StoreCore, key: SortKey, alias: str, direction: str, now: float
) -> tuple[Sql | None, Sql | None]:
    field = key.field
    if field == "creator":
        return None, None
    if field == "duration":
        text = f"greatest(0.0, coalesce(r.finished_at, ?) - r.created_at) {direction}"
        return None, Sql(text, (now,))
    if field in RUN_FIELDS:
        return None, Sql(f"{_COLUMNS[field]} {direction}")
    kind, _, name = field.partition(".")
    if kind == "params" and name:
        return _joined(param_values(name), alias), Sql(
            f"{alias}.value IS NULL AND {alias}.txt IS NULL, {alias}.value IS NULL, "
            f"{alias}.value {direction}, {alias}.txt {direction}"
        )
    if kind == "metrics" and name:
        terms = Sql(f"{alias}.value IS NULL, {alias}.value {direction}")
        return _joined(metric_values(core, name, key), alias), terms
    raise InvalidDataError("sort", f"Unknown sort field: '{field}'")


def _joined(values: Sql, alias: str) -> Sql:
    return Sql(f"LEFT JOIN ({values.text}) {alias} ON {alias}.run_id = r.id", values.params)


def param_values(path: str) -> Sql:
    """SQL for what runs have under a param: `run_id`, the number `value`, the text `txt`."""
    text = (
        "SELECT run_id, any_value(CASE WHEN isnan(num) THEN NULL ELSE num END) AS value, "
        "any_value(txt) FILTER (num IS NULL) AS txt FROM params WHERE key = ? GROUP BY run_id"
    )
    return Sql(text, (path,))


def metric_values(core: StoreCore, name: str, key: SortKey) -> Sql:
    """SQL for a number of a metric: `run_id` and `value`, NULL for what is no number."""
    base, dot, number = name.rpartition(".")
    if not dot or number not in METRIC_NUMBERS:
        base, number = name, "last"
    condition, params = "kind = 'metric' AND count > 0 AND name = ?", [base]
    if key.context is not None:
        condition, params = f"{condition} AND context = ?", [*params, key.context.text]
    relation, text = json_rows(
        {"run_id": "INTEGER", "value": "DOUBLE"}, _unsealed_values(core, base, number, key)
    )
    # Values of runs with points that are not sealed are known in memory only.
    sql = (
        f"WITH hot AS (SELECT run_id, value FROM {relation}), "
        f"cold AS (SELECT run_id, {representative(number)} AS value FROM sequences "
        f"WHERE {condition} AND run_id NOT IN (SELECT run_id FROM hot) GROUP BY run_id) "
        "SELECT run_id, CASE WHEN isnan(value) THEN NULL ELSE value END AS value "
        "FROM (FROM hot UNION ALL FROM cold)"
    )
    return Sql(sql, (text, *params))


def _unsealed_values(
    core: StoreCore, name: str, number: str, key: SortKey
) -> list[tuple[int, float | None]]:
    hot = core.points.hot_run_ids()
    summaries = core.points.summaries(sorted(hot)) if hot else {}
    values: list[tuple[int, float | None]] = []
    for run_id in hot:
        found = [
            each
            for each in summaries.get(run_id, ())
            if each.name == name and key.context in (None, each.context)
        ]
        value = getattr(min(found, key=_by_context), number) if found else float("nan")
        # JSON, in which the values travel, has no NaN; both mean "last in the order".
        values.append((run_id, None if math.isnan(value) else value))
    return values


def _by_context(summary: MetricSummary) -> tuple[bool, str]:
    return bool(summary.context), summary.context.text
