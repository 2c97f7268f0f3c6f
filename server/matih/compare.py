"""Runs side by side."""

from server.deps import PartsDep, WorkspaceDep
from server.matih.routes import finite, new_router
from server.matih.schemas import (
    ComparedRunOut,
    CompareIn,
    CompareOut,
    ComparisonOut,
    MetricComparisonOut,
)
from server.matih.views import metrics_out, params_out
from server.schemas.common import error_responses
from store.errors import InvalidDataError
from store.queries.compare import Aggregate, CompareOptions, MetricComparison
from store.queries.directions import Direction

router = new_router()

MIN_RUNS = 2
MAX_RUNS = 10


@router.post("/runs/compare", responses=error_responses(400, 404))
def matih_compare(body: CompareIn, workspace: WorkspaceDep, parts: PartsDep) -> CompareOut:
    """Compare two to ten runs metric by metric."""
    run_ids = list(dict.fromkeys(body.run_ids))
    if not MIN_RUNS <= len(run_ids) <= MAX_RUNS:
        why = f"must name {MIN_RUNS} to {MAX_RUNS} different runs"
        raise InvalidDataError("run_ids", why)
    records = [workspace.runs.record(run_id) for run_id in run_ids]
    options = CompareOptions(body.metrics, _directions(body), Aggregate(body.aggregate))
    comparison = workspace.compare.compare(records, options)
    return CompareOut(
        runs=[
            ComparedRunOut(
                run_id=record.run.hash,
                name=record.run.name,
                status=record.run.status,
                params=params_out(record.params),
                metrics={
                    name: value
                    for name, value in metrics_out(record).items()
                    if body.metrics is None or name in body.metrics
                },
            )
            for record in records
        ],
        comparison=ComparisonOut(
            # As in the original, which never says.
            best_run=None if parts.settings.is_strict else comparison.best_run,
            metric_comparison={entry.metric: _out(entry) for entry in comparison.metrics},
        ),
    )


def _directions(body: CompareIn) -> dict[str, Direction]:
    directions = dict.fromkeys(body.minimize, Direction.MIN)
    directions |= dict.fromkeys(body.maximize, Direction.MAX)
    return directions | {name: Direction(word) for name, word in body.directions.items()}


def _out(entry: MetricComparison) -> MetricComparisonOut:
    return MetricComparisonOut(
        best_run_id=entry.best_run,
        best_value=finite(entry.best_value),
        all_values={run: finite(value) for run, value in entry.values.items()},
        direction=entry.direction.value,
        direction_source=entry.source.value,
        delta=entry.delta,
        tied_run_ids=list(entry.tied_runs),
    )
