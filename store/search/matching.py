"""Which runs match a conjunction, in order: SQL as far as it goes, then Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from store.aimql import tree
from store.aimql.evaluate import Evaluator
from store.aimql.mentions import METHOD
from store.aimql.plan import Plan, make_plan
from store.aimql.resolve import Scope
from store.aimql.sql import TRUE, Sql, all_of, any_of
from store.aimql.views import RUN_ATTRIBUTES, Clock, RunView
from store.database import INTEGERS, json_list
from store.queries.run_rows import records_by_id
from store.search.ordering import Ordering

if TYPE_CHECKING:
    from store.core import StoreCore

_CHUNK_RUNS = 1_000
_PROPERTIES = RUN_ATTRIBUTES.keys() - {"metrics", "get", METHOD}

_EXPERIMENTS = "LEFT JOIN experiments e ON e.id = r.experiment_id"


def find_run_ids(
    core: StoreCore,
    tenant: str,
    parts: Iterable[tree.Node],
    clock: Clock,
    ordering: Ordering,
    *,
    endpoint: str = "",
) -> list[int]:
    """Numbers of the runs for which all parts hold, in order.

    Grows with the runs of the tenant, by far less where SQL answers all parts.

    Raises:
        QueryError: If the query needs more work than a query may.
        QueryStoppedError: If it takes too long.
    """
    plan = make_plan(parts, Scope(clock.now))
    if endpoint:
        core.searches.planned(endpoint, plan)
    # Before the statement: what is sealed in between is then asked for twice, not never.
    hot = core.points.hot_run_ids() if plan.sealed != TRUE else set()
    ids = ordered_ids(core, tenant, _where(plan, hot), ordering)
    if plan.remainder:
        asked = tree.conjunction((*plan.remainder, *plan.unsealed))
        return list(_checked(core, ids, asked, clock))
    if hot and plan.unsealed:
        doubtful = [run_id for run_id in ids if run_id in hot]
        kept = set(_checked(core, doubtful, tree.conjunction(plan.unsealed), clock))
        return [run_id for run_id in ids if run_id not in hot or run_id in kept]
    return ids


def _where(plan: Plan, hot: set[int]) -> Sql:
    if plan.sealed == TRUE:
        return plan.everywhere
    in_memory = Sql(f"r.id IN {INTEGERS}", (json_list(sorted(hot)),))
    sealed = any_of([plan.sealed, in_memory]) if hot else plan.sealed
    return all_of([plan.everywhere, sealed])


def ordered_ids(core: StoreCore, tenant: str, where: Sql, ordering: Ordering) -> list[int]:
    """Numbers of a tenant's runs for which a condition of SQL holds, in order."""
    joins, terms = ordering.joins, ordering.terms
    rest = f"{joins.text} WHERE r.tenant = ? AND ({where.text}) ORDER BY {terms.text}"
    # A join that nothing looks at is not free.
    experiments = _EXPERIMENTS if "e." in rest else ""
    sql = f"SELECT r.id FROM runs r {experiments} {rest}"
    params = (*joins.params, tenant, *where.params, *terms.params)
    ids: list[int] = core.database.columns(sql, params)["id"].tolist()
    return ids


def _checked(
    core: StoreCore, ids: list[int], condition: tree.Node, clock: Clock
) -> Iterator[int]:
    """Those of the runs for which the condition holds when asked in Python."""
    evaluator = Evaluator(condition, clock)
    needs_params, needs_metrics = needs_of(condition)
    for start in range(0, len(ids), _CHUNK_RUNS):
        chunk = ids[start : start + _CHUNK_RUNS]
        core.searches.scan("run", len(chunk))
        for record in records_by_id(core, chunk, params=needs_params, metrics=needs_metrics):
            if evaluator.matches(RunView(record, clock)):
                yield record.run.id


def needs_of(node: tree.Node) -> tuple[bool, bool]:
    """Whether evaluating needs the params, and the metrics, of a run."""
    asked = {"properties": 0, "metrics": 0, "all": 0}
    for each in tree.walk(node):
        if each == tree.Name("run"):
            asked["all"] += 1
        elif isinstance(each, tree.Attribute):
            if each.name == "run":
                # The run of a sequence, reached by a way that was not simplified.
                return True, True
            if each.value == tree.Name("run") and each.name in _PROPERTIES:
                asked["properties"] += 1
            elif each.value == tree.Name("run") and each.name == "metrics":
                asked["metrics"] += 1
    needs_params = asked["all"] > asked["properties"] + asked["metrics"]
    return needs_params, asked["metrics"] > 0
