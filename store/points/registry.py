"""Which sequences exist: ids of all kinds of them, found or allocated in memory.

Sequences of a run are loaded from the metadata when somebody writes to the run, and are
dropped from memory again some time after everything about them is stored. Ids are never
used twice while anything on disk mentions them. Any thread may call anything.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from contextlib import suppress

from msgspec import Struct, field

from store.database import INTEGERS, Database, Row, json_list
from store.models import Context, SequenceKind, SequenceRef
from store.points.frames import Definition

_Key = tuple[str, str, str]

_METRIC = SequenceKind.METRIC.value
_REF_COLUMNS = "s.id, s.run_id, s.kind, s.name, s.context, s.dtype"


class _RunSequences(Struct):
    """The sequences of one run that are in memory: all of them."""

    run_hash: str
    by_key: dict[_Key, SequenceRef] = field(default_factory=dict)
    unstored: set[int] = field(default_factory=set)
    """Ids that the metadata does not know yet."""


class SequenceRegistry:
    """Finds and allocates sequence ids."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._runs: dict[int, _RunSequences] = {}
        self._refs: dict[int, SequenceRef] = {}
        self._forgotten: set[int] = set()
        self._unlogged: dict[int, Definition] = {}
        row = database.row("SELECT max(id), max(run_id) FROM sequences")
        self._next_id = 1 + (row[0] or 0) if row else 1
        self._highest_stored_run = (row[1] or 0) if row else 0

    def sequence_id(  # noqa: PLR0917 - the key of a sequence, always in this order
        self,
        run_id: int,
        run_hash: str,
        kind: SequenceKind,
        name: str,
        context: Context,
        dtype: str,
    ) -> int:
        """The id of a sequence of a run; a new one if the run has no such sequence."""
        key = (kind.value, name, context.text)
        # Without the lock: entries are only ever added to a run that is in memory.
        run = self._runs.get(run_id)
        if run is not None:
            ref = run.by_key.get(key)
            if ref is not None:
                return ref.id
        with self._lock:
            run = self._loaded(run_id, run_hash)
            ref = run.by_key.get(key)
            if ref is None:
                ref = SequenceRef(self._next_id, run_id, kind, name, context, dtype)
                self._next_id += 1
                self._add(run, ref)
                run.unstored.add(ref.id)
                if kind is SequenceKind.METRIC:
                    self._unlogged[ref.id] = Definition(ref, run_hash)
            return ref.id

    def metric_ids(
        self, run_id: int, run_hash: str, metrics: Collection[tuple[str, Context, str]]
    ) -> list[int]:
        """The ids of metrics of a run, given by name, context and dtype; new ones if need be."""
        run = self._runs.get(run_id)
        if run is not None:
            by_key = run.by_key
            with suppress(KeyError):
                return [by_key[_METRIC, name, context.text].id for name, context, _ in metrics]
        return [
            self.sequence_id(run_id, run_hash, SequenceKind.METRIC, name, context, dtype)
            for name, context, dtype in metrics
        ]

    def find(
        self, run_id: int, kinds: Collection[SequenceKind] | None = None
    ) -> list[SequenceRef]:
        """The sequences of a run by kind, name and context; empty if it has none."""
        with self._lock:
            run = self._runs.get(run_id)
            refs = None if run is None else list(run.by_key.values())
            is_forgotten = run_id in self._forgotten
        if is_forgotten:
            return []
        if refs is None:
            refs = [_ref(row) for row in self._rows_of_run(run_id)]
        if kinds is not None:
            refs = [ref for ref in refs if ref.kind in kinds]
        return sorted(refs, key=lambda ref: (ref.kind, ref.name, ref.context))

    def refs(self, sequence_ids: Iterable[int]) -> dict[int, SequenceRef]:
        """What is known about these ids; unknown ones are left out."""
        found: dict[int, SequenceRef] = {}
        missing: list[int] = []
        for sequence_id in sequence_ids:
            ref = self._refs.get(sequence_id)
            if ref is None:
                missing.append(sequence_id)
            else:
                found[sequence_id] = ref
        if missing:
            sql = (
                f"SELECT {_REF_COLUMNS} FROM sequences s WHERE s.id IN {INTEGERS} ORDER BY s.id"
            )
            for row in self._database.rows(sql, [json_list(missing)]):
                found[row[0]] = _ref(row)
        return found

    def run_hashes(self, run_ids: Collection[int]) -> dict[int, str]:
        """Hashes of these runs; those that exist no more are left out."""
        sql = f"SELECT id, hash FROM runs WHERE id IN {INTEGERS} ORDER BY id"
        return dict(self._database.rows(sql, [json_list(sorted(run_ids))]))

    def unlogged(self, sequence_ids: Iterable[int]) -> list[Definition]:
        """Definitions that must go into the log before points of these sequences."""
        waiting = self._unlogged
        if not waiting:
            return []
        return [waiting[item] for item in sequence_ids if item in waiting]

    def mark_logged(self, definitions: Iterable[Definition]) -> None:
        """Say that definitions are in a log."""
        for definition in definitions:
            self._unlogged.pop(definition.ref.id, None)

    def unstored(self, sequence_ids: Iterable[int]) -> set[int]:
        """Those of these sequences that the metadata does not know."""
        with self._lock:
            found = set()
            for sequence_id in sequence_ids:
                ref = self._refs.get(sequence_id)
                if ref is not None and sequence_id in self._runs[ref.run_id].unstored:
                    found.add(sequence_id)
            return found

    def mark_stored(self, sequence_ids: Iterable[int]) -> None:
        """Say that the metadata has rows of these sequences now."""
        with self._lock:
            for sequence_id in sequence_ids:
                ref = self._refs.get(sequence_id)
                if ref is not None:
                    self._runs[ref.run_id].unstored.discard(sequence_id)

    def restore(self, definitions: Iterable[Definition]) -> None:
        """Take in definitions that were found in logs and that the metadata lacks."""
        with self._lock:
            for definition in definitions:
                ref = definition.ref
                run = self._loaded(ref.run_id, definition.run_hash)
                if (ref.kind.value, ref.name, ref.context.text) not in run.by_key:
                    self._add(run, ref)
                    run.unstored.add(ref.id)
                self._next_id = max(self._next_id, ref.id + 1)

    def reserve(self, highest_id: int) -> None:
        """Never allocate an id up to this one."""
        with self._lock:
            self._next_id = max(self._next_id, highest_id + 1)

    def forget_run(self, run_id: int) -> None:
        """Drop a deleted run."""
        with self._lock:
            self._forgotten.add(run_id)
            self._drop(run_id)

    @property
    def deletion_count(self) -> int:
        """How many runs were deleted since the store was opened."""
        return len(self._forgotten)

    def is_forgotten(self, run_id: int) -> bool:
        """Whether the run was deleted since the store was opened."""
        return run_id in self._forgotten

    def drop_quiet(self, run_ids: Iterable[int]) -> None:
        """Free the memory of runs about which everything is stored."""
        with self._lock:
            for run_id in run_ids:
                run = self._runs.get(run_id)
                if run is not None and not run.unstored:
                    self._highest_stored_run = max(self._highest_stored_run, run_id)
                    self._drop(run_id)

    def _drop(self, run_id: int) -> None:
        run = self._runs.pop(run_id, None)
        for ref in run.by_key.values() if run is not None else ():
            self._refs.pop(ref.id, None)
            self._unlogged.pop(ref.id, None)

    def _loaded(self, run_id: int, run_hash: str) -> _RunSequences:
        run = self._runs.get(run_id)
        if run is None:
            run = _RunSequences(run_hash)
            # Ids of runs ascend, so a run beyond all stored ones has no rows to look for.
            if run_id <= self._highest_stored_run:
                for row in self._rows_of_run(run_id):
                    self._add(run, _ref(row))
            self._runs[run_id] = run
        return run

    def _add(self, run: _RunSequences, ref: SequenceRef) -> None:
        self._refs[ref.id] = ref
        run.by_key[(ref.kind.value, ref.name, ref.context.text)] = ref

    def _rows_of_run(self, run_id: int) -> list[Row]:
        sql = f"SELECT {_REF_COLUMNS} FROM sequences s WHERE s.run_id = ? ORDER BY s.id"
        return self._database.rows(sql, [run_id])


def _ref(row: Row) -> SequenceRef:
    sequence_id, run_id, kind, name, context, dtype = row
    return SequenceRef(sequence_id, run_id, SequenceKind(kind), name, Context(context), dtype)
