"""Figures over all runs that match: the best of a column, and groups."""

from collections.abc import Iterable

from fastapi import APIRouter
from msgspec import to_builtins

from server.deps import WorkspaceDep
from server.responses import JsonAnswer
from server.schemas.common import error_responses
from server.schemas.extras import BestIn, BestOut, ColumnIn, GroupsIn, GroupsOut
from server.sorting import sort_key
from store.search import RunSearch, SortKey

router = APIRouter(prefix="/tables", tags=["extras"])


@router.post("/best", response_model=BestOut, responses=error_responses(400))
def tables_best(wanted: BestIn, workspace: WorkspaceDep) -> JsonAnswer:
    """The finite value of each column that is best."""
    search = RunSearch(wanted.q, timezone_offset_min=wanted.timezone_offset)
    return JsonAnswer({"values": workspace.search.best(search, _keys(wanted.columns))})


@router.post("/groups", response_model=GroupsOut, responses=error_responses(400))
def tables_groups(wanted: GroupsIn, workspace: WorkspaceDep) -> JsonAnswer:
    """Runs grouped by fields, with figures of columns."""
    search = RunSearch(wanted.q, _keys(wanted.sort), timezone_offset_min=wanted.timezone_offset)
    groups = workspace.search.groups(search, wanted.fields, _keys(wanted.columns))
    return JsonAnswer({"groups": to_builtins(groups)})


def _keys(columns: Iterable[ColumnIn]) -> tuple[SortKey, ...]:
    return tuple(sort_key(column.model_dump()) for column in columns)
