"""One run: what it is, changing it; many runs: archive, finish, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from server.deps import WorkspaceDep
from server.responses import JsonAnswer
from server.schemas.common import IdStatusOut, StatusOut, error_responses
from server.schemas.runs import RunHashes, RunInfoOut, RunUpdateIn
from server.wire import run_params, run_props
from store.models import MetricSummary, RunStatus, SequenceKind, SequenceRef
from store.workspace import Workspace

router = APIRouter(prefix="/runs", tags=["runs"])

_BUCKETS = (
    SequenceKind.METRIC,
    SequenceKind.IMAGES,
    SequenceKind.TEXTS,
    SequenceKind.DISTRIBUTIONS,
    SequenceKind.AUDIOS,
    SequenceKind.FIGURES,
)
_NO_LAST_VALUE = 0.1
"""What stands for the last value of sequences that are no metrics."""


@router.get("/{run_id}/info", response_model=RunInfoOut, responses=error_responses(404))
def run_info(
    run_id: str,
    workspace: WorkspaceDep,
    skip_system: bool = False,
    sequence: Annotated[list[str] | None, Query(description="Kinds of sequences")] = None,
) -> JsonAnswer:
    """Params, sequences, properties and artifacts of a run."""
    record = workspace.runs.record(run_id)
    kinds = [kind for kind in _BUCKETS if sequence is None or kind.value in sequence]
    params = run_params(record.params, skip_system=skip_system)
    return JsonAnswer(
        {
            "params": _sorted(params),
            "traces": _traces(workspace, run_id, kinds, record.metrics),
            "props": run_props(record.run),
            "artifacts": [
                {
                    "name": artifact.name,
                    "path": artifact.path,
                    "uri": f"runfolio://{run_id}/{artifact.path}",
                }
                for artifact in workspace.artifacts.find(run_id)
            ],
        }
    )


@router.put("/{run_id}", responses=error_responses(404))
def run_update(run_id: str, changed: RunUpdateIn, workspace: WorkspaceDep) -> IdStatusOut:
    """Change properties of a run."""
    status = None
    if changed.active is not None:
        status = RunStatus.RUNNING if changed.active else RunStatus.FINISHED
    workspace.runs.update(
        run_id,
        name=changed.name,
        description=changed.description,
        is_archived=changed.archived,
        experiment=changed.experiment,
        status=status,
    )
    return IdStatusOut(id=run_id)


@router.delete("/{run_id}", responses=error_responses(404))
def run_delete(run_id: str, workspace: WorkspaceDep) -> IdStatusOut:
    """Delete a run with everything that belongs to it."""
    workspace.runs.get(run_id)
    workspace.runs.delete([run_id])
    return IdStatusOut(id=run_id)


@router.post("/delete-batch")
def runs_delete(run_ids: RunHashes, workspace: WorkspaceDep) -> StatusOut:
    """Delete runs; unknown ones are left out."""
    workspace.runs.delete(run_ids)
    return StatusOut()


@router.post("/archive-batch")
def runs_archive(
    run_ids: RunHashes, workspace: WorkspaceDep, archive: bool = True
) -> StatusOut:
    """Hide runs or bring them back; unknown ones are left out."""
    workspace.runs.archive(run_ids, archive)
    return StatusOut()


@router.post("/finish-batch")
def runs_finish(run_ids: RunHashes, workspace: WorkspaceDep) -> StatusOut:
    """End runs; unknown ones are left out."""
    workspace.runs.finish(run_ids)
    return StatusOut()


@router.post("/{run_id}/clear-tombstone", status_code=204, response_class=Response)
def run_clear_tombstone(run_id: str, workspace: WorkspaceDep) -> None:
    """Allow a deleted run to be created again."""
    workspace.runs.clear_tombstone(run_id)


def _traces(
    workspace: Workspace,
    run_id: str,
    kinds: list[SequenceKind],
    metrics: tuple[MetricSummary, ...],
) -> dict[str, list[dict[str, Any]]]:
    """Sequences by kind, in the order of the contract."""
    traces: dict[str, list[dict[str, Any]]] = {kind.value: [] for kind in kinds}
    if SequenceKind.METRIC in kinds:
        traces[SequenceKind.METRIC] = [_trace(metric, metric.last) for metric in metrics]
    others = [kind for kind in kinds if kind is not SequenceKind.METRIC]
    if others:
        for sequence in workspace.sequences.find(run_id, kinds=others):
            traces[sequence.kind].append(_trace(sequence, _NO_LAST_VALUE))
    return traces


def _trace(sequence: MetricSummary | SequenceRef, last_value: float) -> dict[str, Any]:
    return {
        "context": sequence.context.as_dict(),
        "name": sequence.name,
        "last_value": last_value,
    }


def _sorted(tree: Any) -> Any:
    """The tree with the keys of all its objects in order."""
    if isinstance(tree, dict):
        return {key: _sorted(tree[key]) for key in sorted(tree)}
    if isinstance(tree, list):
        return [_sorted(item) for item in tree]
    return tree
