"""Which run ids and artifact paths are acceptable from outside."""

from __future__ import annotations

import re

MAX_RUN_ID_LENGTH = 200
MAX_ARTIFACT_PATH_LENGTH = 1024
_UNSAFE_IN_RUN_ID = re.compile(r"[\x00-\x1f\x7f/\\%?#]")
_RESERVED_RUN_IDS = frozenset({"runs", "compare", ".", ".."})


def run_id_problem(run_id: str) -> str | None:
    """What is wrong with a run id, or None.

    Ids that begin with "progress" would be taken for progress frames in the streams;
    "runs" and "compare" are words of the experiments API's paths.
    """
    if not run_id:
        return "run id: must not be empty"
    if len(run_id) > MAX_RUN_ID_LENGTH:
        return f"run id: longer than {MAX_RUN_ID_LENGTH} characters"
    if run_id.startswith("progress"):
        return "run id: must not begin with 'progress'"
    if run_id in _RESERVED_RUN_IDS:
        return f"run id: '{run_id}' is reserved"
    if _UNSAFE_IN_RUN_ID.search(run_id):
        return "run id: must not contain / \\ % ? # or control characters"
    return None


def artifact_path_problem(path: str) -> str | None:
    """What is wrong with an artifact's path, or None; it must stay inside the run."""
    if not path or path.endswith("/"):
        return "artifact_path: must name a file"
    if len(path) > MAX_ARTIFACT_PATH_LENGTH:
        return f"artifact_path: longer than {MAX_ARTIFACT_PATH_LENGTH} characters"
    if "\x00" in path or "\\" in path:
        return "artifact_path: must not contain NUL or backslashes"
    if path.startswith("/") or any(part in ("", ".", "..") for part in path.split("/")):
        return "artifact_path: must be relative, without '..' or empty parts"
    return None
