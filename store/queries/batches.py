"""Many messages of many runs, written as one set of bulk statements.

The metadata writer's thread folds all waiting frames in memory, in their order, and then
touches each table once. Nothing outside the database changes here, so it may run again
when its transaction failed; what happens in memory afterwards is in `BatchOutcome`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection
from msgspec import Struct, field

from store.errors import StoreError
from store.models.operations import (
    AddTag,
    AttachArtifact,
    CreateRun,
    FinishRun,
    LogLines,
    LogRecords,
    NewRecord,
    Operation,
    RegisterBlob,
    RemoveTag,
    RunCheck,
    SetParams,
    SetProperty,
)
from store.objects.steps import PreparedObjects, write_objects
from store.queries.artifacts import write_artifacts
from store.queries.experiments import resolve_experiments
from store.queries.logs import LogPosition, LogPositions, write_lines, write_records
from store.queries.params import merge_params, write_params
from store.queries.run_states import RunState, load_states, new_state, write_states
from store.queries.tags import attach_tags, detach_tags, resolve_tags

if TYPE_CHECKING:
    from store.core import StoreCore


class Frame(Struct):
    """Operations of one run that arrived together."""

    run_id: int
    tenant: str
    run_hash: str
    operations: Sequence[Operation | PreparedObjects]
    received_at: float
    check: RunCheck | None = None
    """What has to hold for the frame to be applied; may be asked twice."""


class BatchOutcome(Struct):
    """What a batch means for memory once it is durable."""

    run_ids: list[int] = field(default_factory=list)
    positions: dict[int, LogPosition] = field(default_factory=dict)
    has_new_params: bool = False
    has_new_names: bool = False
    """Whether an experiment or a tag may have been created."""
    stored_sequences: list[int] = field(default_factory=list)
    loose_blobs: set[str] = field(default_factory=set)
    """Blobs that may have lost their last name."""
    refused: list[tuple[Frame, StoreError]] = field(default_factory=list)
    """Frames that were not applied, because of their checks."""


def write_batch(
    core: StoreCore,
    cursor: DuckDBPyConnection,
    positions: LogPositions,
    frames: Sequence[Frame],
) -> BatchOutcome:
    """Apply frames in order; those of runs that were deleted meanwhile are dropped."""
    living = [frame for frame in frames if core.registry.key_of(frame.run_id) is not None]
    batch = _Batch(core, cursor, living)
    batch.fold()
    return batch.write(positions)


class _Batch:
    """The frames of one transaction while they are folded."""

    def __init__(
        self, core: StoreCore, cursor: DuckDBPyConnection, frames: Sequence[Frame]
    ) -> None:
        self._core = core
        self._cursor = cursor
        self._frames = frames
        self._now = core.clock.now()
        self._states = self._load()
        self._experiments: dict[tuple[int, str], None] = {}
        self._tags: dict[tuple[int, str], bool] = {}
        self._lines: dict[tuple[int, int], str] = {}
        self._records: list[tuple[int, NewRecord]] = []
        self._objects: list[PreparedObjects] = []
        self._artifacts: list[tuple[int, AttachArtifact | RegisterBlob]] = []
        self._refused: list[tuple[Frame, StoreError]] = []

    def _load(self) -> dict[int, RunState]:
        needed = {
            frame.run_id
            for frame in self._frames
            if frame.check is not None
            or any(
                isinstance(operation, CreateRun | SetParams | SetProperty | FinishRun)
                for operation in frame.operations
            )
        }
        new = self._core.registry.not_durable(frame.run_id for frame in self._frames)
        needed.update(new)
        # An earlier job of this very transaction may have made a new one.
        states = load_states(self._cursor, sorted(needed)) if needed else {}
        for frame in self._frames:
            if frame.run_id in new and frame.run_id not in states:
                states[frame.run_id] = new_state(
                    frame.run_id, frame.tenant, frame.run_hash, frame.received_at
                )
        return states

    def fold(self) -> None:
        """Take in every operation, in order, but for frames whose check refuses them."""
        for frame in self._frames:
            if frame.check is not None:
                # Frames before this one are part of the state, other transactions cannot be.
                state = self._states[frame.run_id]
                try:
                    frame.check(state.status, state.params)
                except StoreError as error:
                    self._refused.append((frame, error))
                    continue
            for operation in frame.operations:
                self._fold_one(frame, operation)

    def _fold_one(self, frame: Frame, operation: Operation | PreparedObjects) -> None:
        run_id = frame.run_id
        match operation:
            case CreateRun():
                self._states[run_id].create(operation, frame.received_at)
            case FinishRun():
                self._states[run_id].finish(operation, frame.received_at)
            case SetProperty():
                self._states[run_id].set_property(operation)
                if operation.experiment is not None:
                    self._set_experiment(frame, operation.experiment)
            case SetParams():
                state = self._states[run_id]
                state.params = merge_params(state.params, operation.value)
            case AddTag() | RemoveTag():
                # The last word on a tag counts, at the place where it was said.
                self._tags.pop((run_id, operation.name), None)
                self._tags[run_id, operation.name] = isinstance(operation, AddTag)
            case LogLines():
                for step, line in operation.lines:
                    self._lines[run_id, step] = line
            case LogRecords():
                self._records += [(run_id, record) for record in operation.records]
            case PreparedObjects():
                self._objects.append(operation)
            case AttachArtifact() | RegisterBlob():
                self._artifacts.append((run_id, operation))

    def _set_experiment(self, frame: Frame, name: str) -> None:
        self._states[frame.run_id].is_changed = True
        for key in [key for key in self._experiments if key[0] == frame.run_id]:
            del self._experiments[key]
        self._experiments[frame.run_id, name] = None

    def write(self, positions: LogPositions) -> BatchOutcome:
        """Write every table that is concerned, once."""
        outcome = BatchOutcome(
            run_ids=list(dict.fromkeys(frame.run_id for frame in self._frames)),
            has_new_names=bool(self._experiments or self._tags),
            stored_sequences=[item.sequence.id for item in self._objects],
            refused=self._refused,
        )
        self._write_experiments()
        write_states(self._cursor, self._states.values(), self._now)
        changed = {
            state.id: (state.params_before, state.params)
            for state in self._states.values()
            if state.params is not state.params_before
        }
        write_params(self._cursor, changed)
        outcome.has_new_params = bool(changed)
        self._write_tags()
        logging = [run_id for run_id, _ in self._lines] + [
            run_id for run_id, _ in self._records
        ]
        if logging:
            outcome.positions = positions.of(self._cursor, logging)
            write_lines(self._cursor, self._lines, outcome.positions)
            write_records(self._cursor, self._records, outcome.positions)
        outcome.loose_blobs = write_objects(self._cursor, self._objects)
        write_artifacts(self._cursor, self._artifacts, self._now)
        return outcome

    def _write_experiments(self) -> None:
        for tenant in {self._states[run_id].tenant for run_id, _ in self._experiments}:
            wanted = {
                run_id: name
                for run_id, name in self._experiments
                if self._states[run_id].tenant == tenant
            }
            named = [name for name in wanted.values() if name]
            ids = resolve_experiments(self._core, self._cursor, tenant, named)
            for run_id, name in wanted.items():
                self._states[run_id].experiment_id = ids.get(name)

    def _write_tags(self) -> None:
        if not self._tags:
            return
        tenants = {frame.run_id: frame.tenant for frame in self._frames}
        for tenant in set(tenants.values()):
            added = [k for k, on in self._tags.items() if on and tenants[k[0]] == tenant]
            gone = [k for k, on in self._tags.items() if not on and tenants[k[0]] == tenant]
            for links, is_added in ((added, True), (gone, False)):
                ids = resolve_tags(
                    self._core,
                    self._cursor,
                    tenant,
                    [name for _, name in links],
                    create=is_added,
                )
                pairs = [(run_id, ids[name]) for run_id, name in links if name in ids]
                if is_added:
                    attach_tags(self._cursor, pairs, self._now)
                else:
                    detach_tags(self._cursor, pairs)
