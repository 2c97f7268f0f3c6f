"""What queries can speak about, for completion while somebody types one."""

from fastapi import APIRouter
from msgspec import to_builtins
from msgspec.structs import asdict

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
    known = {
        name: to_builtins(value) for name, value in asdict(found).items() if name != "metrics"
    }
    return JsonAnswer({**known, "metrics": metrics})
