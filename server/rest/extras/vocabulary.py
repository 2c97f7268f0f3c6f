"""What queries can speak about, for completion while somebody types one."""

from dataclasses import asdict

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.responses import JsonAnswer
from server.schemas.extras import VocabularyOut

router = APIRouter(prefix="/projects", tags=["extras"])


@router.get("/vocabulary", response_model=VocabularyOut)
def vocabulary_get(workspace: WorkspaceDep) -> JsonAnswer:
    """Every param, metric, experiment, tag and status, with values and counts of runs."""
    found = workspace.projects.vocabulary()
    metrics = [
        {**asdict(each), "contexts": [context.as_dict() for context in each.contexts]}
        for each in found.metrics
    ]
    return JsonAnswer({**asdict(found), "metrics": metrics})
