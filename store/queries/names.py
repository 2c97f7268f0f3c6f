"""Small tables that every page of runs needs, kept in memory: experiments, tags, notes.

There are few of them and they change rarely; reading them with every page would cost more
than the page itself. Whoever changes one calls `forget` once the change is durable.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from msgspec import Struct

from store.database import Database
from store.models import TagRef


class ExperimentName(NamedTuple):
    """What a run shows of its experiment."""

    name: str
    description: str


class Names(Struct, frozen=True):
    """The small tables at one moment."""

    experiments: dict[str, ExperimentName]
    tags: dict[str, TagRef]
    note_counts: dict[int, int]
    """Notes of runs by run number; runs without notes are left out."""


class NameCache:
    """Reads the small tables when they are wanted and have changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._version = 0
        self._read: tuple[int, Names] | None = None

    def forget(self) -> None:
        """One of the tables has changed."""
        with self._lock:
            self._version += 1

    def get(self) -> Names:
        """The tables as they are now."""
        version, read = self._version, self._read
        if read is None or read[0] != version:
            # Stored under the version of before reading: a change meanwhile makes it old.
            read = self._read = (version, self._names())
        return read[1]

    def _names(self) -> Names:
        rows = self._database.rows
        return Names(
            experiments={
                experiment_id: ExperimentName(name, description)
                for experiment_id, name, description in rows(
                    "SELECT id, name, description FROM experiments ORDER BY id"
                )
            },
            tags={
                tag_id: TagRef(tag_id, *shown)
                for tag_id, *shown in rows(
                    "SELECT id, name, color, description FROM tags ORDER BY id"
                )
            },
            note_counts=dict(
                rows(
                    "SELECT run_id, count(*) FROM notes WHERE run_id IS NOT NULL "
                    "GROUP BY run_id ORDER BY run_id"
                )
            ),
        )
