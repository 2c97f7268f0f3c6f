"""Which run ids and artifact paths are acceptable from outside, as words for a reply.

The rules are the store's; see `check_run_hash` and `check_artifact_path`.
"""

from __future__ import annotations

from store.errors import InvalidDataError
from store.queries.artifacts import check_artifact_path
from store.registry import check_run_hash


def run_id_problem(run_id: str) -> str | None:
    """What is wrong with a run id, or None."""
    try:
        check_run_hash(run_id)
    except InvalidDataError as error:
        return str(error)
    return None


def artifact_path_problem(path: str) -> str | None:
    """What is wrong with an artifact's path, or None; it must stay inside the run."""
    try:
        check_artifact_path(path)
    except InvalidDataError as error:
        return str(error)
    return None
