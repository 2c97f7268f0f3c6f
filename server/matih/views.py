"""Objects of the store as this API shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from server.matih.routes import finite
from server.matih.schemas import ExperimentOut, RunOut
from server.matih.times import iso_of
from store.models import Experiment, Run, RunRecord
from store.queries.compare import metric_of

ARTIFACT_ROOT = "s3://matih-artifacts/experiments"
TENANT_TAG = "matih.tenant_id"
"""Shown on every run and experiment; clients cannot change it."""
HPARAMS = "hparams"
TAGS = "tags"


def experiment_out(experiment: Experiment, tenant: str) -> ExperimentOut:
    """An experiment."""
    return ExperimentOut(
        id=experiment.id,
        name=experiment.name,
        description=experiment.description,
        artifact_location=experiment.artifact_location or f"{ARTIFACT_ROOT}/{experiment.id}",
        lifecycle_stage=_stage(experiment.is_archived),
        created_at=iso_of(experiment.created_at) or "",
        last_updated=iso_of(experiment.updated_at) or "",
        tags={**experiment.tags, TENANT_TAG: tenant},
        run_count=experiment.run_count,
    )


def run_out(record: RunRecord, tenant: str) -> RunOut:
    """A run with its params, last values and tags."""
    run = record.run
    root = f"{ARTIFACT_ROOT}/{run.experiment_id or 'none'}"
    started = iso_of(run.created_at) or ""
    return RunOut(
        id=run.hash,
        run_id=run.hash,
        experiment_id=run.experiment_id,
        name=run.name,
        description=run.description,
        status=run.status,
        start_time=started,
        end_time=iso_of(run.finished_at),
        duration_ms=_duration_ms(run),
        artifact_uri=f"{root}/runs/{run.hash}/artifacts/",
        params=params_out(record.params),
        metrics=metrics_out(record),
        tags=_tags_out(record, tenant),
        lifecycle_stage=_stage(run.is_archived),
        created_at=started,
        last_updated=iso_of(run.updated_at) or started,
    )


def params_out(params: Mapping[str, Any]) -> dict[str, str]:
    """The run's hparams, flat, as texts."""
    hparams = params.get(HPARAMS)
    if not isinstance(hparams, Mapping):
        return {} if hparams is None else {HPARAMS: param_text(hparams)}
    return dict(_flat(hparams, ""))


def metrics_out(record: RunRecord) -> dict[str, float | None]:
    """The last value of each metric; measurements of the machine are left out."""
    names = sorted({metric.name for metric in record.metrics if not metric.is_system})
    found = ((name, metric_of(record, name)) for name in names)
    return {name: finite(metric.last) for name, metric in found if metric is not None}


def _tags_out(record: RunRecord, tenant: str) -> dict[str, str]:
    tags = {tag.name: "true" for tag in record.run.tags}
    tree = record.params.get(TAGS)
    if isinstance(tree, Mapping):
        tags |= dict(_flat(tree, ""))
    tags[TENANT_TAG] = tenant
    return tags


def _flat(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            flat += _flat(value, f"{prefix}{key}.")
        else:
            flat.append((f"{prefix}{key}", param_text(value)))
    return flat


def param_text(value: Any) -> str:
    """A param as this API answers it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _duration_ms(run: Run) -> int | None:
    if run.finished_at is None:
        return None
    return round((run.finished_at - run.created_at) * 1000)


def _stage(is_archived: bool) -> Literal["active", "deleted"]:
    return "deleted" if is_archived else "active"
