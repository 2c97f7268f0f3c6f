"""What queries can speak about: every name with its values, counted.

A few scans over the tables of params and sequences, some milliseconds for ten thousand
runs; meant to be read once when somebody begins to type a query.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.models.context import Context
from store.models.sequence import SequenceKind
from store.models.vocabulary import MetricWords, ParamWords, ValueCount, Vocabulary
from store.queries.params import leaf_value, path_keys

if TYPE_CHECKING:
    from store.core import StoreCore

MAX_VALUES = 100
"""Values that are listed of a param, and names of runs."""

_TYPES = """
SELECT key, type, count(*), min(num) FILTER (isfinite(num)), max(num) FILTER (isfinite(num))
FROM params WHERE {scope} GROUP BY key, type ORDER BY key, count(*) DESC, type
"""
_VALUES = """
SELECT key, num, txt, type, run_count, count(*) OVER (PARTITION BY key) FROM (
    SELECT key, num, txt, type, count(*) AS run_count FROM params
    WHERE type <> 'dict' AND {scope} GROUP BY key, num, txt, type
)
QUALIFY row_number() OVER (PARTITION BY key ORDER BY run_count DESC, num, txt) <= ?
ORDER BY key, run_count DESC, num, txt
"""
_METRICS = """
SELECT name, list(DISTINCT context), count(DISTINCT run_id),
    min(last) FILTER (isfinite(last)), max(last) FILTER (isfinite(last))
FROM sequences WHERE kind = 'metric' AND {scope} GROUP BY name ORDER BY name
"""
_EXPERIMENTS = """
SELECT e.name, count(r.id) AS run_count
FROM experiments e LEFT JOIN runs r ON r.experiment_id = e.id AND r.tenant = e.tenant
WHERE e.tenant = ? GROUP BY e.name ORDER BY run_count DESC, e.name
"""
_TAGS = """
SELECT t.name, count(r.id) AS run_count
FROM tags t LEFT JOIN run_tags l ON l.tag_id = t.id
LEFT JOIN runs r ON r.id = l.run_id AND r.tenant = t.tenant
WHERE t.tenant = ? GROUP BY t.name ORDER BY run_count DESC, t.name
"""
_STATUSES = """
SELECT status, count(*) AS run_count FROM runs
WHERE tenant = ? GROUP BY status ORDER BY run_count DESC, status
"""
_NAMES = """
SELECT name, count(*) FROM runs
WHERE tenant = ? GROUP BY name ORDER BY max(id) DESC LIMIT ?
"""
_OF_TENANT = "run_id IN (SELECT id FROM runs WHERE tenant = ?)"


def read_vocabulary(core: StoreCore, tenant: str) -> Vocabulary:
    """Everything that a query of a tenant can name; grows with the number of params."""
    scope, of_tenant = "true", []
    if core.registry.tenants() != [tenant]:
        scope, of_tenant = _OF_TENANT, [tenant]
    rows = core.database.rows
    statuses = _counted(rows(_STATUSES, [tenant]))
    return Vocabulary(
        run_count=sum(each.run_count for each in statuses),
        params=_params(
            rows(_TYPES.format(scope=scope), of_tenant),
            rows(_VALUES.format(scope=scope), [*of_tenant, MAX_VALUES]),
        ),
        metrics=_metrics(core, tenant, rows(_METRICS.format(scope=scope), of_tenant)),
        experiments=_counted(rows(_EXPERIMENTS, [tenant])),
        tags=_counted(rows(_TAGS, [tenant])),
        statuses=statuses,
        names=_counted(rows(_NAMES, [tenant, MAX_VALUES])),
    )


def _counted(rows: Iterable[tuple[str, int]]) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(value, run_count) for value, run_count in rows)


def _params(
    types: Iterable[tuple[str, str, int, float | None, float | None]],
    values: Iterable[tuple[str, float | None, str | None, str, int, int]],
) -> tuple[ParamWords, ...]:
    listed: defaultdict[str, list[ValueCount]] = defaultdict(list)
    value_counts: dict[str, int] = {}
    for key, number, text, kind, run_count, value_count in values:
        listed[key].append(ValueCount(leaf_value(number, text, kind), run_count))
        value_counts[key] = value_count
    by_key: defaultdict[str, list[tuple[str, int, float | None, float | None]]]
    by_key = defaultdict(list)
    for key, kind, run_count, low, high in types:
        by_key[key].append((kind, run_count, low, high))
    return tuple(
        ParamWords(
            keys=tuple(path_keys(key)),
            types=tuple(kind for kind, *_ in known),
            run_count=sum(run_count for _, run_count, *_ in known),
            values=tuple(listed[key]),
            value_count=value_counts.get(key, 0),
            low=min((each[2] for each in known if each[2] is not None), default=None),
            high=max((each[3] for each in known if each[3] is not None), default=None),
        )
        for key, known in by_key.items()
    )


def _metrics(
    core: StoreCore,
    tenant: str,
    rows: Iterable[tuple[str, list[str], int, float | None, float | None]],
) -> tuple[MetricWords, ...]:
    contexts: defaultdict[str, set[str]] = defaultdict(set)
    known: dict[str, tuple[int, float | None, float | None]] = {}
    for name, texts, run_count, low, high in rows:
        contexts[name].update(texts)
        known[name] = (run_count, low, high)
    hot = _hot_metrics(core, tenant, contexts)
    return tuple(
        MetricWords(
            name,
            tuple(Context(text) for text in sorted(contexts[name])),
            *known.get(name, (hot[name], None, None)),
        )
        for name in sorted(contexts)
    )


def _hot_metrics(
    core: StoreCore, tenant: str, contexts: defaultdict[str, set[str]]
) -> Counter[str]:
    """Runs with points in memory by name of metric; adds their contexts."""
    run_counts: Counter[str] = Counter()
    for run_id in core.points.hot_run_ids():
        key = core.registry.key_of(run_id)
        if key is None or key[0] != tenant:
            continue
        names = set()
        for ref in core.points.registry.find(run_id):
            if ref.kind is SequenceKind.METRIC:
                contexts[ref.name].add(ref.context.text)
                names.add(ref.name)
        run_counts.update(names)
    return run_counts
