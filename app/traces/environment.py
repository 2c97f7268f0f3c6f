"""What a run was started with: git, packages, variables, arguments, as a tree. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.formatting import timestamp
from store.models import RunRecord

SYSTEM_PARAMS = "__system_params"
_TITLES = {"git_info": "git", "packages": "packages", "env_variables": "variables"}


def environment_of(record: RunRecord) -> dict[str, Any]:
    """Facts of a run by topic; empty topics are left out.

    Names of packages and variables may hold dots; they stay whole.
    """
    run, system = record.run, record.params.get(SYSTEM_PARAMS)
    known = dict(system) if isinstance(system, Mapping) else {}
    tree: dict[str, Any] = {
        "run": {
            "experiment": run.experiment,
            "tags": ", ".join(sorted(tag.name for tag in run.tags)) or None,
            "status": str(run.status),
            "started": timestamp(run.created_at, with_seconds=True),
            "description": run.description or None,
        }
    }
    for key, value in known.items():
        title = _TITLES.get(key, key)
        if isinstance(value, Mapping):
            tree[title] = _plain(value)
        elif key == "arguments" and isinstance(value, list):
            tree.setdefault("process", {})["arguments"] = " ".join(str(each) for each in value)
        else:
            tree.setdefault("process", {})[title] = value
    return {title: each for title, each in tree.items() if each}


def _plain(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {
        # A leading pair of underscores would mark it as internal.
        str(key): _plain(value) if isinstance(value, Mapping) else value
        for key, value in tree.items()
    }
