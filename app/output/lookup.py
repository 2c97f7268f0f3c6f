"""Finding the run that a person means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.errors import InvalidDataError, NotFoundError

if TYPE_CHECKING:
    from app.sources import Source

ANY_RUN = "(run.archived == True or run.archived == False)"
"""Archived runs are hidden from lists, not from somebody who names them."""


def find_run_hash(source: Source, wanted: str) -> str:
    """The run with this hash or the only one whose hash begins so; else by its name.

    That is the newest run of exactly this name, or the only one whose name begins so.

    Raises:
        NotFoundError: If there is no such run.
        InvalidDataError: If several are meant.
    """
    hashes = source.find_runs(ANY_RUN).hashes
    beginning = [run_hash for run_hash in hashes if run_hash.startswith(wanted.lower())]
    if wanted in beginning:
        return wanted
    if len(beginning) == 1:
        return beginning[0]
    text = json.dumps(wanted)
    named = source.find_runs(f"{ANY_RUN} and run.name == {text}", limit=1).hashes
    if named:
        return named[0]
    by_name = f"{ANY_RUN} and run.name.startswith({text})"
    candidates = beginning or source.find_runs(by_name).hashes
    if len(candidates) > 1:
        raise InvalidDataError("run", f"{wanted!r} could be {len(candidates)} runs; say more")
    if not candidates:
        raise NotFoundError("run", wanted)
    return candidates[0]


def find_run_hashes(source: Source, wanted: Sequence[str]) -> list[str]:
    """`find_run_hash` for each, without repetition."""
    return list(dict.fromkeys(find_run_hash(source, each) for each in wanted))
