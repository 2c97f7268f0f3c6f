"""Figures over all runs, and the trash, over the wire. Part of `RemoteSource`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.sources import decoding
from store.models import Figures, GroupedRuns, TrashedRun

if TYPE_CHECKING:
    from app.sources.http import HttpDoor
    from app.sources.protocol import SortKey


def sort_items(sort: Sequence[SortKey]) -> list[dict[str, Any]]:
    """Sort keys as the wire wants them."""
    items = []
    for key in sort:
        context = {} if key.context is None else {"context": key.context.as_dict()}
        items.append({"field": key.field, "order": ("asc", "desc")[key.descending], **context})
    return items


def sort_text(sort: Sequence[SortKey]) -> str:
    """Sort keys as one parameter."""
    return json.dumps(sort_items(sort)) if sort else ""


class RemoteRunTables:
    """All runs of a server."""

    _door: HttpDoor
    _offset_min: int

    def best_values(self, query: str, columns: Sequence[SortKey]) -> list[float | None]:
        """The best of each column."""
        answer = self._door.json("POST", "/tables/best", body=self._table(query, columns))
        return [None if each is None else float(each) for each in answer["values"]]

    def group_runs(
        self,
        query: str,
        sort: Sequence[SortKey],
        fields: Sequence[str],
        columns: Sequence[SortKey],
    ) -> list[GroupedRuns]:
        """Runs in groups."""
        body = {
            **self._table(query, columns),
            "sort": sort_items(sort),
            "fields": list(fields),
        }
        answer = self._door.json("POST", "/tables/groups", body=body)
        return [
            GroupedRuns(
                tuple(group["key"]),
                group["hashes"],
                tuple(None if f is None else _figures(f) for f in group["figures"]),
            )
            for group in answer["groups"]
        ]

    def _table(self, query: str, columns: Sequence[SortKey]) -> dict[str, Any]:
        return {
            "q": query,
            "columns": sort_items(columns),
            "timezone_offset": self._offset_min,
        }

    def trash_runs(self, run_hashes: Sequence[str]) -> None:
        """Move runs into the trash."""
        self._door.json("POST", "/trash/put", body=list(run_hashes))

    def find_trash(self) -> list[TrashedRun]:
        """Everything in the trash."""
        return [
            TrashedRun(
                decoding.record_of(str(key), tree), decoding.number(tree.get("deleted_at"))
            )
            for key, tree in self._door.records("GET", "/trash")
        ]

    def restore_runs(self, run_hashes: Sequence[str]) -> None:
        """Bring runs back."""
        self._door.json("POST", "/trash/restore", body=list(run_hashes))

    def delete_trash(self, run_hashes: Sequence[str]) -> None:
        """Delete runs for good."""
        self._door.json("POST", "/trash/delete", body=list(run_hashes))


def _figures(tree: dict[str, Any]) -> Figures:
    numbers = (float(tree[name]) for name in ("mean", "deviation", "min", "max"))
    return Figures(int(tree["count"]), *numbers)
