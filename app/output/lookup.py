"""Finding the run that a person means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.errors import InvalidDataError, NotFoundError

if TYPE_CHECKING:
    from app.sources import Source


def find_run_hash(source: Source, wanted: str) -> str:
    """The run with this hash, the only one whose hash begins so, or the newest of this name.

    Raises:
        NotFoundError: If there is no such run.
        InvalidDataError: If several hashes begin so.
    """
    # Archived runs are hidden from lists, not from somebody who names them.
    hashes = source.find_runs("run.archived == True or run.archived == False").hashes
    beginning = [run_hash for run_hash in hashes if run_hash.startswith(wanted.lower())]
    if wanted in beginning:
        return wanted
    if len(beginning) == 1:
        return beginning[0]
    named = source.find_runs(f"run.name == {json.dumps(wanted)}", limit=1).hashes
    if named:
        return named[0]
    if beginning:
        raise InvalidDataError(
            "run", f"{len(beginning)} hashes begin with {wanted!r}; say more"
        )
    raise NotFoundError("run", wanted)


def find_run_hashes(source: Source, wanted: Sequence[str]) -> list[str]:
    """`find_run_hash` for each, without repetition."""
    return list(dict.fromkeys(find_run_hash(source, each) for each in wanted))
